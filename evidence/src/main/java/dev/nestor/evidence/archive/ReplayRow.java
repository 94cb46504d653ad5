package dev.nestor.evidence.archive;

import java.time.Instant;
import java.util.OptionalLong;

/// A row of a session's replay: a statement, or an event between statements.
public sealed interface ReplayRow {
  /// Frame with which it begins.
  long frame();

  /// Archive clock of that frame.
  Instant at();

  /// One execution that got a decision.
  ///
  /// @param session number of its session
  /// @param statement number in the session, from 1
  /// @param messageIndex index in its frame of the message that runs it, from 0
  /// @param endFrame frame in which its last answer ends, 0 if it was never answered
  /// @param sql one line of it: the template or the text, at most 400 characters
  /// @param rows affected or returned; absent where nothing ran to an end
  /// @param tag of CommandComplete; empty without one
  /// @param sqlState of the error; empty without one
  /// @param heldMicros how long it waited for approval
  /// @param durationMicros from its message to its last answer, without the wait
  record Statement(
      long session,
      long statement,
      long frame,
      int messageIndex,
      long endFrame,
      Instant at,
      DecisionKind decision,
      String sql,
      OptionalLong rows,
      String tag,
      String sqlState,
      Outcome outcome,
      TransactionStatus transaction,
      long heldMicros,
      OptionalLong durationMicros)
      implements ReplayRow {}

  /// Something that happened between statements.
  record Event(long frame, Instant at, EventKind kind, String text) implements ReplayRow {}

  /// Which icon an event has.
  enum EventKind {
    SESSION,
    CREDENTIAL,
    APPROVAL,
    KILL,
    CANCEL,
    GAP,
    FINDING,
    BUDGET,
    OTHER
  }

  /// How an execution ended.
  enum Outcome {
    COMPLETE("completed"),
    ERROR("ended with an error"),
    EMPTY("empty query"),
    SUSPENDED("suspended after its row limit"),
    SKIPPED("skipped up to Sync after an error"),
    NO_ANSWER("no answer was recorded"),
    NOT_FORWARDED("neither forwarded nor answered"),
    RUNNING("has no end in this recording");

    private final String words;

    Outcome(String words) {
      this.words = words;
    }

    /// In words that follow "the statement".
    public String words() {
      return words;
    }
  }

  /// What ReadyForQuery said, or would have.
  enum TransactionStatus {
    IDLE("no transaction"),
    OPEN("in a transaction"),
    FAILED("in a failed transaction");

    private final String words;

    TransactionStatus(String words) {
      this.words = words;
    }

    /// In words.
    public String words() {
      return words;
    }
  }
}
