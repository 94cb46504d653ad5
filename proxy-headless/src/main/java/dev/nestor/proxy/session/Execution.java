package dev.nestor.proxy.session;

import dev.nestor.proxy.budget.BudgetMeter;
import dev.nestor.proxy.decision.Ruling;
import dev.nestor.proxy.masking.MaskPlan;
import dev.nestor.proxy.masking.RowRule;
import org.jspecify.annotations.Nullable;

/// One row of the record in the making: one execution that got a decision.
public final class Execution {
  private final Ruling ruling;
  private final int part;
  private final long anchor;
  private final int messageIndex;
  private final long number;
  private long rows;
  private long bytes;
  private int masks;
  private boolean cut;
  private @Nullable BudgetMeter meter;
  private @Nullable PortalRows portal;

  /// A new execution.
  ///
  /// @param part index in a Query of several statements
  /// @param anchor the session's frame in which its message stands
  /// @param messageIndex index of that message in the frame
  /// @param number its number in the session, from 1
  public Execution(Ruling ruling, int part, long anchor, int messageIndex, long number) {
    this.ruling = ruling;
    this.part = part;
    this.anchor = anchor;
    this.messageIndex = messageIndex;
    this.number = number;
  }

  /// What was decided.
  public Ruling ruling() {
    return ruling;
  }

  /// Index in a Query of several statements.
  public int part() {
    return part;
  }

  /// The session's frame in which its message stands.
  public long anchor() {
    return anchor;
  }

  /// Index of its message in that frame.
  public int messageIndex() {
    return messageIndex;
  }

  /// Its number in the session, from 1.
  public long number() {
    return number;
  }

  /// DataRow and CopyData sent to the client so far.
  public long rows() {
    return rows;
  }

  /// Bytes of the messages that answered it, as the client got them, so far.
  public long bytes() {
    return bytes;
  }

  /// Counts a row that the client gets.
  ///
  /// @param length of the whole message, as the client gets it
  public void countRow(int length) {
    rows++;
    bytes += length;
  }

  void countBytes(int length) {
    bytes += length;
  }

  /// Whether it was stopped after it had begun, by a budget.
  public boolean isCut() {
    return cut;
  }

  void cut() {
    cut = true;
  }

  void countBy(@Nullable BudgetMeter counting) {
    meter = counting;
  }

  @Nullable BudgetMeter meter() {
    return meter;
  }

  /// How its rows may reach the client.
  RowRule rule() {
    return ruling.parts().get(part).rows();
  }

  /// Number of the MASK object that tells what was masked in its rows; 0 for nothing.
  public int masks() {
    return masks;
  }

  void masked(MaskPlan plan) {
    masks = plan.record();
  }

  /// The rows of the portal that it runs, where they need a plan.
  @Nullable PortalRows portal() {
    return portal;
  }

  void runs(PortalRows rows) {
    portal = rows;
  }
}
