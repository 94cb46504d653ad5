package dev.nestor.postgres.sql;

import java.util.List;
import java.util.Optional;

/// A text and its tokens: everything between two of them is blank.
///
/// @param text as it was given
/// @param tokens comments included, in their order
/// @param problem why the last token is unreadable, if it is
public record LexedSql(String text, List<SqlToken> tokens, Optional<SqlProblem> problem) {
  /// Copies the list.
  public LexedSql {
    tokens = List.copyOf(tokens);
  }
}
