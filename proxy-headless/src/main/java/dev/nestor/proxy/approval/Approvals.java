package dev.nestor.proxy.approval;

import dev.nestor.proxy.approval.VoteRefusedException.Why;
import dev.nestor.proxy.credential.HeldCredential;
import dev.nestor.recorder.event.RecordedEvent.ApprovalOutcome;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The requests of one gateway that wait for people.
public final class Approvals implements AutoCloseable {
  private static final int ID_BYTES = 8;

  private final Clock clock;
  private final SecureRandom random = new SecureRandom();
  private final ConcurrentHashMap<String, PendingApproval> waiting = new ConcurrentHashMap<>();
  private final List<Consumer<PendingApproval>> listeners = new CopyOnWriteArrayList<>();
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("approval deadlines").factory());

  /// @param clock says until when people may think
  public Approvals(Clock clock) {
    this.clock = clock;
  }

  /// Says what time it is.
  Clock clock() {
    return clock;
  }

  String newId() {
    byte[] bytes = new byte[ID_BYTES];
    random.nextBytes(bytes);
    return "a-" + HexFormat.of().formatHex(bytes);
  }

  /// Adds somebody who hears of each request when it is asked, voted on and over. Must not block.
  public void listen(Consumer<PendingApproval> listener) {
    listeners.add(listener);
  }

  /// Removes a listener.
  public void ignore(Consumer<PendingApproval> listener) {
    listeners.remove(listener);
  }

  private void tell(PendingApproval approval) {
    listeners.forEach(listener -> listener.accept(approval));
  }

  PendingApproval ask(ApprovalRequest request, Consumer<PendingApproval> over) {
    PendingApproval pending =
        new PendingApproval(
            request,
            ended -> {
              waiting.remove(request.id());
              over.accept(ended);
              tell(ended);
            });
    waiting.put(request.id(), pending);
    Duration within = request.approval().within();
    var ignored =
        timer.schedule(
            () -> pending.end(ApprovalOutcome.TIMED_OUT), within.toMillis(), TimeUnit.MILLISECONDS);
    tell(pending);
    return pending;
  }

  /// What waits, the oldest first.
  public List<PendingApproval> waiting() {
    return waiting.values().stream()
        .sorted(
            Comparator.comparing((PendingApproval each) -> each.request().askedAt())
                .thenComparing(each -> each.request().id()))
        .toList();
  }

  /// A request that waits.
  public Optional<PendingApproval> find(String id) {
    return Optional.ofNullable(waiting.get(id));
  }

  /// Votes. One refusal is enough; approvals are needed from as many people as the rule says.
  ///
  /// @param digest what the voter saw, 64 hex digits; empty if it does not say
  /// @param counted is run when the vote counts, before anything follows from it
  /// @return the request
  /// @throws VoteRefusedException if the vote does not count; nothing has changed
  public PendingApproval vote(
      String id,
      HeldCredential voter,
      boolean approve,
      String digest,
      Consumer<ApprovalRequest> counted)
      throws VoteRefusedException {
    @Nullable PendingApproval pending = waiting.get(id);
    if (pending == null) {
      throw PendingApproval.over();
    }
    ApprovalRequest request = pending.request();
    Voters.admit(voter, request.requester(), request.approval().approvers());
    if (!digest.isEmpty() && !digest.equals(request.digest().toHex())) {
      throw new VoteRefusedException(Why.CHANGED, "what waits is not what you saw");
    }
    pending.vote(voter, approve, counted);
    if (pending.outcome().isEmpty()) {
      tell(pending);
    }
    return pending;
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}
