package dev.nestor.policy;

import java.util.Locale;
import java.util.Optional;

/// Whether a person or a script acts.
public enum CallerKind {
  /// A person at a client.
  HUMAN,
  /// A program with a fixed task.
  SERVICE,
  /// A program that decides itself what it does.
  AGENT,
  /// Nobody said.
  UNKNOWN;

  /// As policies and tokens write it.
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /// The kind that a policy or token means.
  public static Optional<CallerKind> ofWord(String word) {
    for (CallerKind kind : values()) {
      if (kind.word().equals(word)) {
        return Optional.of(kind);
      }
    }
    return Optional.empty();
  }

  @Override
  public String toString() {
    return word();
  }
}
