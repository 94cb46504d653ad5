package dev.nestor.proxy.masking;

import java.nio.ByteBuffer;

/// How the rows of a statement may reach the client.
public sealed interface RowRule {
  /// As they are: nothing labelled can be in them, or the caller sees all of it.
  record Clear() implements RowRule {}

  /// By a plan that is made from the server's description of the portal, asked for directly before
  /// the Execute that starts it.
  ///
  /// @param masks whether columns of it were decided to be masked, rather than its rows being
  ///   checked only
  record Described(Planner planner, boolean masks) implements RowRule {}

  /// The one instance of [Clear].
  Clear CLEAR = new Clear();

  /// Makes plans for the rows of one statement.
  interface Planner {
    /// The plan for rows of this description.
    ///
    /// @param rowDescription a whole message between position and limit; not moved, not kept
    Planned plan(ByteBuffer rowDescription);
  }

  /// What came of a description.
  sealed interface Planned permits MaskPlan, Refused {}

  /// The rows must not be shown, and the session ends.
  ///
  /// @param reason one clause, without data
  record Refused(String reason) implements Planned {}
}
