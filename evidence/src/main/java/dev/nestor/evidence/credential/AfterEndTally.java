package dev.nestor.evidence.credential;

import dev.nestor.evidence.finding.StatementRef;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Counts statements that came too late. Belongs to one thread.
final class AfterEndTally {
  private static final int STATEMENTS_MAX = 100;

  private final List<StatementRef> statements = new ArrayList<>();
  private long count;
  private long ran;
  private Optional<Instant> last = Optional.empty();

  void add(StatementRef statement, boolean succeeded) {
    count++;
    ran += succeeded ? 1 : 0;
    last = last.filter(each -> each.isAfter(statement.at())).or(() -> Optional.of(statement.at()));
    if (statements.size() < STATEMENTS_MAX) {
      statements.add(statement);
    }
  }

  AfterEnd total() {
    return count == 0 ? AfterEnd.NONE : new AfterEnd(statements, count, ran, last);
  }
}
