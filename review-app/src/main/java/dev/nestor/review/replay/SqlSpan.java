package dev.nestor.review.replay;

/// A piece of SQL in one colour.
record SqlSpan(String text, Style style) {
  enum Style {
    PLAIN,
    KEYWORD,
    STRING,
    NUMBER,
    COMMENT,
    /// A column that was masked in the result.
    MASKED
  }
}
