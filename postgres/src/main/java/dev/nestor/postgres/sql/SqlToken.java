package dev.nestor.postgres.sql;

/// A piece of a text between blanks.
///
/// @param start index of its first character in the text
/// @param end index behind its last character
public record SqlToken(SqlTokenKind kind, int start, int end) {
  /// Its characters.
  ///
  /// @param sql the text that it was cut from
  public String text(String sql) {
    return sql.substring(start, end);
  }
}
