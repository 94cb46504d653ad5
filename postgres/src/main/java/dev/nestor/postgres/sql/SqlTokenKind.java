package dev.nestor.postgres.sql;

/// What a token is, for whoever paints it.
public enum SqlTokenKind {
  /// A word of the grammar, where the grammar takes it as one.
  KEYWORD,
  /// A name without quotes.
  IDENTIFIER,
  /// A name in double quotes.
  QUOTED_IDENTIFIER,
  /// A string in any form: '…', E'…', U&'…', $tag$…$tag$.
  STRING,
  /// B'…', X'…'.
  BIT_STRING,
  /// A number in any base.
  NUMBER,
  /// `$1`.
  PARAMETER,
  /// An operator, also `::` and `:=`.
  OPERATOR,
  /// Parentheses, brackets, comma, semicolon, dot.
  PUNCTUATION,
  /// A comment in either form.
  COMMENT,
  /// Where the lexer gave up, to the end of the text.
  UNREADABLE;

  /// Whether it is a constant.
  public boolean isConstant() {
    return this == STRING || this == BIT_STRING || this == NUMBER;
  }
}
