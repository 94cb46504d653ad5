package dev.nestor.evidence.archive;

/// The statements of a Query that has several.
final class QueryParts {
  private QueryParts() {}

  /// One of them.
  ///
  /// @param part from 0
  static String part(String sql, int part) {
    return sql;
  }
}
