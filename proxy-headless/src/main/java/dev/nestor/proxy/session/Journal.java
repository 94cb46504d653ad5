package dev.nestor.proxy.session;

import dev.nestor.proxy.budget.BudgetMeter;
import dev.nestor.proxy.decision.Ruling;

/// Where a session's statements are written down; capture implements it. Calls come in the order of
/// the wire, on the session's event loop.
public interface Journal {
  /// How an execution ended.
  enum Outcome {
    /// CommandComplete.
    COMPLETE,
    /// ErrorResponse.
    ERROR,
    /// EmptyQueryResponse.
    EMPTY,
    /// PortalSuspended.
    SUSPENDED,
    /// Behind an error in its cycle.
    SKIPPED,
    /// The session ended first.
    NO_ANSWER,
    /// Neither forwarded nor answered.
    NOT_FORWARDED
  }

  /// Part of the message that is being read must not be written down.
  ///
  /// @param from its first byte, counted from the start of the message
  /// @param to behind its last byte
  void conceal(int from, int to);

  /// A decision was taken about the message that is being read; it goes into the record before the
  /// message is forwarded.
  ///
  /// @param part index in a Query of several statements
  Execution decided(Ruling ruling, int part);

  /// Where the message that is being read will stand.
  ///
  /// @param statement what a portal runs; empty for others
  StateNotes.Origin place(String statement);

  /// What is kept for the record of what the session has.
  StateNotes state();

  /// Number that the next statement will have.
  long nextStatement();

  /// The last answer to an execution is the message that is being written.
  ///
  /// @param tag command tag, empty without one
  /// @param sqlState of the error, empty without one
  /// @param transaction `I`, `T` or `E` as last reported
  void ended(Execution execution, Outcome outcome, String tag, String sqlState, byte transaction);

  /// A budget is used up; the execution is stopped, unless the policy is in dry-run.
  void cut(Execution execution, BudgetMeter.Spent spent);

  /// The gateway sent the server something of its own.
  void injected(String what, String text);
}
