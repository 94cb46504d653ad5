package dev.nestor.evidence.archive;

import dev.nestor.postgres.sql.SqlLexer;
import dev.nestor.postgres.sql.SqlToken;
import dev.nestor.postgres.sql.SqlTokenKind;
import java.util.ArrayList;
import java.util.List;

/// The statements of a Query that has several.
final class QueryParts {
  private static final int CHARACTERS_MAX = 1 << 20;

  private QueryParts() {}

  /// One of them; the whole text where it cannot be told apart.
  ///
  /// @param part from 0
  static String part(String sql, int part) {
    if (sql.indexOf(';') < 0 || sql.length() > CHARACTERS_MAX) {
      return sql;
    }
    List<String> parts = parts(sql);
    return part < parts.size() ? parts.get(part) : sql;
  }

  private static List<String> parts(String sql) {
    List<String> parts = new ArrayList<>();
    int depth = 0;
    int from = -1;
    int to = 0;
    for (SqlToken token : SqlLexer.lex(sql).tokens()) {
      String word = token.kind() == SqlTokenKind.PUNCTUATION ? token.text(sql) : "";
      if (word.equals(";") && depth == 0) {
        if (from >= 0) {
          parts.add(sql.substring(from, to));
        }
        from = -1;
        continue;
      }
      depth += word.equals("(") ? 1 : word.equals(")") ? -1 : 0;
      from = from < 0 ? token.start() : from;
      to = token.end();
    }
    if (from >= 0) {
      parts.add(sql.substring(from, to));
    }
    return parts;
  }
}
