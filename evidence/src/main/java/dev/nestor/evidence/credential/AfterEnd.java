package dev.nestor.evidence.credential;

import dev.nestor.evidence.finding.StatementRef;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Statements with a credential after it was no longer good, of one kind.
///
/// @param statements the first of them, at most 100
/// @param count all of them
/// @param ran how many ran
/// @param last when the last one began; absent for none
public record AfterEnd(
    List<StatementRef> statements, long count, long ran, Optional<Instant> last) {
  /// Nothing.
  static final AfterEnd NONE = new AfterEnd(List.of(), 0, 0, Optional.empty());

  public AfterEnd {
    statements = List.copyOf(statements);
  }
}
