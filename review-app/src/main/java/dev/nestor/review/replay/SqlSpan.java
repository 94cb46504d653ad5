package dev.nestor.review.replay;

/// A piece of SQL in one colour.
public record SqlSpan(String text, Style style) {
  /// Which colour.
  public enum Style {
    PLAIN,
    KEYWORD,
    STRING,
    NUMBER,
    COMMENT,
    /// A column that was masked in the result.
    MASKED
  }
}
