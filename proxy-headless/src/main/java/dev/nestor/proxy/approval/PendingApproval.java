package dev.nestor.proxy.approval;

import dev.nestor.proxy.credential.HeldCredential;
import dev.nestor.proxy.decision.Hold;
import dev.nestor.recorder.event.RecordedEvent.ApprovalOutcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// One request and the votes on it. Thread-safe.
public final class PendingApproval {
  private final ApprovalRequest request;
  private final Consumer<PendingApproval> over;
  private final List<Voter> approvals = new ArrayList<>();
  private Optional<ApprovalOutcome> outcome = Optional.empty();

  private record Voter(String issuer, String subject) {}

  /// @param over is told once, when it is over
  PendingApproval(ApprovalRequest request, Consumer<PendingApproval> over) {
    this.request = request;
    this.over = over;
  }

  /// What was asked.
  public ApprovalRequest request() {
    return request;
  }

  /// How many have agreed.
  public synchronized int approvals() {
    return approvals.size();
  }

  /// What became of it; empty while it waits.
  public synchronized Optional<ApprovalOutcome> outcome() {
    return outcome;
  }

  /// What that means for the statement; empty while it waits.
  public Optional<Hold.Outcome> held() {
    return outcome()
        .map(ended ->
            switch (ended) {
              case GRANTED -> Hold.Outcome.GRANTED;
              case REFUSED -> Hold.Outcome.REFUSED;
              case TIMED_OUT -> Hold.Outcome.TIMED_OUT;
              case UNSET, CANCELLED, DISCONNECTED, SHUTDOWN -> Hold.Outcome.CANCELLED;
            });
  }

  void vote(HeldCredential credential, boolean approve, Consumer<ApprovalRequest> counted)
      throws VoteRefusedException {
    synchronized (this) {
      if (outcome.isPresent()) {
        throw over();
      }
      Voter voter = new Voter(credential.token().issuer(), credential.token().subject());
      if (approvals.contains(voter)) {
        throw new VoteRefusedException(
            VoteRefusedException.Why.TWICE, "you have approved it already; another person must");
      }
      counted.accept(request);
      if (approve) {
        approvals.add(voter);
        if (approvals.size() < request.approval().count()) {
          return;
        }
      }
      outcome = Optional.of(approve ? ApprovalOutcome.GRANTED : ApprovalOutcome.REFUSED);
    }
    over.accept(this);
  }

  static VoteRefusedException over() {
    return new VoteRefusedException(
        VoteRefusedException.Why.OVER, "no such request waits; it may be over already");
  }

  /// Ends it without the people, if it still waits.
  void end(ApprovalOutcome how) {
    synchronized (this) {
      if (outcome.isPresent()) {
        return;
      }
      outcome = Optional.of(how);
    }
    over.accept(this);
  }
}
