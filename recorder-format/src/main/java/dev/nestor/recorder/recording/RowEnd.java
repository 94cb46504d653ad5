package dev.nestor.recorder.recording;

import dev.nestor.recorder.event.DecisionCode;
import dev.nestor.recorder.event.Outcome;
import dev.nestor.recorder.event.TransactionStatus;

/// How a statement ended.
///
/// @param endFrame sequence in the session of the frame in which its last answer ends; 0 for
///   outcomes without an answer
/// @param message index of that answer in the frame
/// @param rows the tag's last number; without one, DataRow and CopyData sent
/// @param tagId the tag without its last number as a [dev.nestor.recorder.event.ArchiveObject.Text]
///   in the [ObjectTable], its blank kept; 0 for none
/// @param sqlState five characters, empty for none
/// @param transaction as the next ReadyForQuery would say
/// @param bytes length of its answers, with a ReadyForQuery directly behind
/// @param decision what became of it, [DecisionCode#AS_PLANNED] if as its plan says
/// @param maskId what was masked in its rows, a [dev.nestor.recorder.event.ArchiveObject.Mask] in
///   the [ObjectTable], if it is not what its plan says; else 0
public record RowEnd(
    long endFrame,
    int message,
    long rows,
    Outcome outcome,
    int tagId,
    String sqlState,
    TransactionStatus transaction,
    long bytes,
    DecisionCode decision,
    int maskId) {
  /// The end of a statement of whose masks its plan tells, or that has none.
  public RowEnd(
      long endFrame,
      int message,
      long rows,
      Outcome outcome,
      int tagId,
      String sqlState,
      TransactionStatus transaction,
      long bytes,
      DecisionCode decision) {
    this(endFrame, message, rows, outcome, tagId, sqlState, transaction, bytes, decision, 0);
  }
}
