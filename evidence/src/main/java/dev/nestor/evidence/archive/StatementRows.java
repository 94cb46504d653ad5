package dev.nestor.evidence.archive;

import dev.nestor.recorder.archive.Statement;
import dev.nestor.recorder.event.Outcome;
import java.util.OptionalLong;

/// A recorded statement as a row.
final class StatementRows {
  private StatementRows() {}

  static ReplayRow.Statement row(Statement statement, String sql, long heldMicros) {
    boolean ran =
        statement.outcome() == Outcome.COMPLETE || statement.outcome() == Outcome.SUSPENDED;
    return new ReplayRow.Statement(
        statement.session(),
        statement.number(),
        statement.anchorFrame(),
        statement.message(),
        statement.endFrame(),
        Instants.of(statement.startedAt()),
        Decisions.kind(statement.counted()),
        sql,
        statement.ended() && ran ? OptionalLong.of(statement.rows()) : OptionalLong.empty(),
        statement.commandTag(),
        statement.sqlState(),
        statement.ended() ? outcome(statement.outcome()) : ReplayRow.Outcome.RUNNING,
        switch (statement.transaction()) {
          case IDLE -> ReplayRow.TransactionStatus.IDLE;
          case IN_TRANSACTION -> ReplayRow.TransactionStatus.OPEN;
          case FAILED -> ReplayRow.TransactionStatus.FAILED;
        },
        heldMicros,
        statement
            .durationMicros()
            .map(micros -> OptionalLong.of(Math.max(0, micros - heldMicros)))
            .orElse(OptionalLong.empty()));
  }

  private static ReplayRow.Outcome outcome(Outcome outcome) {
    return switch (outcome) {
      case COMPLETE -> ReplayRow.Outcome.COMPLETE;
      case ERROR -> ReplayRow.Outcome.ERROR;
      case EMPTY -> ReplayRow.Outcome.EMPTY;
      case SUSPENDED -> ReplayRow.Outcome.SUSPENDED;
      case SKIPPED_TO_SYNC -> ReplayRow.Outcome.SKIPPED;
      case NO_ANSWER -> ReplayRow.Outcome.NO_ANSWER;
      case NEITHER_FORWARDED_NOR_ANSWERED -> ReplayRow.Outcome.NOT_FORWARDED;
    };
  }
}
