package dev.nestor.proxy.session;

import dev.nestor.proxy.masking.MaskPlan;

/// What happens to a row of the server, a DataRow or a CopyData.
public sealed interface RowVerdict {
  /// The client gets it as it is, in pieces if it is long.
  record Forward() implements RowVerdict {}

  /// It answers something of the gateway's own: [SessionMachine#backend] takes it.
  record Own() implements RowVerdict {}

  /// The client gets it as a plan leaves it; it is held whole.
  ///
  /// @param execution that it answers: whoever rewrites a row counts it
  record Mask(MaskPlan plan, Execution execution) implements RowVerdict {}

  /// The client does not get it, and the statement is to be stopped.
  ///
  /// @param first whether the server must be asked to cancel now
  record Withhold(boolean first) implements RowVerdict {}

  /// The client does not get it, and the session ends.
  record End(SessionEnd end) implements RowVerdict {}

  /// The one instance of [Forward].
  Forward FORWARD = new Forward();

  /// The one instance of [Own].
  Own OWN = new Own();
}
