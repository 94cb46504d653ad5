package dev.nestor.policy;

import java.util.Locale;
import java.util.Optional;

/// How much a policy means.
public enum PolicyState {
  /// Is only read and checked; everything runs.
  DRAFT,
  /// Decides, and its decisions are recorded but not carried out.
  DRY_RUN,
  /// Decides.
  ACTIVE;

  /// As policies write it.
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /// The state that a policy means.
  public static Optional<PolicyState> ofWord(String word) {
    for (PolicyState state : values()) {
      if (state.word().equals(word)) {
        return Optional.of(state);
      }
    }
    return Optional.empty();
  }

  @Override
  public String toString() {
    return word();
  }
}
