package dev.nestor.proxy.decision;

import dev.nestor.policy.Decision.Approval;
import java.util.Optional;

/// That a statement may run only after other people agree, and what became of that.
///
/// @param approval who must agree
/// @param rule identifier of the rule
/// @param reason one sentence; never data
/// @param outcome empty while nobody has been asked, or while they think
public record Hold(Approval approval, String rule, String reason, Optional<Outcome> outcome) {
  /// What became of a hold.
  public enum Outcome {
    /// Enough people agreed.
    GRANTED,
    /// Somebody said no.
    REFUSED,
    /// Nobody said anything in time.
    TIMED_OUT,
    /// The client, or the end of its session, ended it.
    CANCELLED,
    /// It could not be held at all, and nobody was asked.
    IMPOSSIBLE
  }

  Hold with(Outcome settled) {
    return new Hold(approval, rule, reason, Optional.of(settled));
  }
}
