package dev.nestor.policy;

import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/// How much a caller may be sent.
///
/// @param rows most rows, DataRow and CopyData
/// @param bytes most bytes of those messages
/// @param per what is counted together
public record Limit(OptionalLong rows, OptionalLong bytes, Per per) {
  /// What is counted together.
  public enum Per {
    /// One execution.
    STATEMENT("one execution"),
    /// One session.
    SESSION("one session"),
    /// Every session of one credential and of what was issued from it.
    CREDENTIAL("every session of one credential and of what was issued from it"),
    /// Every session of one subject and of what was issued to its children, on one day in UTC.
    DAY("every session of one subject and of its children, on one day in UTC");

    private final String meaning;

    Per(String meaning) {
      this.meaning = meaning;
    }

    String meaning() {
      return meaning;
    }

    /// As policies write it.
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }

    /// The span that a policy means.
    public static Optional<Per> ofWord(String word) {
      for (Per per : values()) {
        if (per.word().equals(word)) {
          return Optional.of(per);
        }
      }
      return Optional.empty();
    }
  }

  /// As part of an English sentence: `500 rows per session`.
  public String words() {
    StringBuilder text = new StringBuilder();
    rows.ifPresent(most -> text.append(most).append(" rows"));
    bytes.ifPresent(
        most -> text.append(text.isEmpty() ? "" : " or ").append(most).append(" bytes"));
    return text.append(" per ").append(per.word()).toString();
  }
}
