package dev.nestor.policy;

import java.util.Optional;

/// What a mask leaves of a value.
///
/// @param kind how it is changed
/// @param keep how many characters stay, for the kinds that keep some; else 0
public record MaskForm(Kind kind, int keep) {
  /// Largest number of characters that a mask may keep.
  public static final int KEEP_MAX = 64;

  /// How a value is changed.
  public enum Kind {
    /// NULL.
    NULL,
    /// A fixed value of the type.
    CONSTANT,
    /// An e-mail address keeps its domain, anything else its last two characters.
    PARTIAL,
    /// A keyed hash: equal values stay equal within the key's life.
    HASH,
    /// The last characters stay.
    KEEP_LAST,
    /// The first characters stay.
    KEEP_FIRST,
    /// Letters and digits become others of their kind.
    FORMAT,
    /// A day or moment is cut back to the start of its year.
    YEAR,
    /// To the start of its month.
    MONTH,
    /// To the start of its day.
    DAY,
    /// To the start of its hour.
    HOUR
  }

  /// The words of policies, for messages.
  public static final String WORDS =
      "null, constant, partial, hash, format, keep-last-N, keep-first-N, truncate-year,"
          + " truncate-month, truncate-day or truncate-hour";

  private static final String KEEP_LAST_WORD = "keep-last-";
  private static final String KEEP_FIRST_WORD = "keep-first-";

  /// The form that a policy means, one of [#WORDS] with N from 1 to [#KEEP_MAX].
  public static Optional<MaskForm> ofWord(String word) {
    return switch (word) {
      case "null" -> Optional.of(new MaskForm(Kind.NULL, 0));
      case "constant" -> Optional.of(new MaskForm(Kind.CONSTANT, 0));
      case "partial" -> Optional.of(new MaskForm(Kind.PARTIAL, 0));
      case "hash" -> Optional.of(new MaskForm(Kind.HASH, 0));
      case "format" -> Optional.of(new MaskForm(Kind.FORMAT, 0));
      case "truncate-year" -> Optional.of(new MaskForm(Kind.YEAR, 0));
      case "truncate-month" -> Optional.of(new MaskForm(Kind.MONTH, 0));
      case "truncate-day" -> Optional.of(new MaskForm(Kind.DAY, 0));
      case "truncate-hour" -> Optional.of(new MaskForm(Kind.HOUR, 0));
      default ->
          keeping(word, KEEP_LAST_WORD, Kind.KEEP_LAST)
              .or(() -> keeping(word, KEEP_FIRST_WORD, Kind.KEEP_FIRST));
    };
  }

  private static Optional<MaskForm> keeping(String word, String prefix, Kind kind) {
    if (!word.startsWith(prefix) || !word.substring(prefix.length()).matches("[1-9][0-9]?")) {
      return Optional.empty();
    }
    int keep = Integer.parseInt(word.substring(prefix.length()));
    return keep <= KEEP_MAX ? Optional.of(new MaskForm(kind, keep)) : Optional.empty();
  }

  /// As policies write it.
  public String word() {
    return switch (kind) {
      case NULL -> "null";
      case CONSTANT -> "constant";
      case PARTIAL -> "partial";
      case HASH -> "hash";
      case KEEP_LAST -> KEEP_LAST_WORD + keep;
      case KEEP_FIRST -> KEEP_FIRST_WORD + keep;
      case FORMAT -> "format";
      case YEAR -> "truncate-year";
      case MONTH -> "truncate-month";
      case DAY -> "truncate-day";
      case HOUR -> "truncate-hour";
    };
  }

  @Override
  public String toString() {
    return word();
  }
}
