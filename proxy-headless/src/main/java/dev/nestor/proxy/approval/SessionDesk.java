package dev.nestor.proxy.approval;

import dev.nestor.postgres.sql.SecretLiterals.Span;
import dev.nestor.proxy.credential.HeldCredential;
import dev.nestor.proxy.decision.Hold;
import dev.nestor.proxy.decision.Ruling;
import dev.nestor.proxy.session.HoldDesk;
import dev.nestor.recorder.bytes.Bytes;
import dev.nestor.recorder.event.RecordedEvent;
import dev.nestor.recorder.event.RecordedEvent.ApprovalOutcome;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;

/// Where one session's held statements wait: asks in the name of its caller, records, and wakes it.
public final class SessionDesk implements HoldDesk {
  private static final int SQL_MAX = 16 * 1024;

  private final Approvals approvals;
  private final Caller caller;
  private final Consumer<RecordedEvent> record;
  private final Runnable wake;

  /// Whose statements these are.
  ///
  /// @param archive of the recording
  /// @param session number in it
  public record Caller(
      HeldCredential credential, UUID archive, long session, String database, String application) {}

  /// The desk of one session.
  ///
  /// @param record writes an event of the session; any thread
  /// @param wake runs the session on; any thread
  public SessionDesk(
      Approvals approvals, Caller caller, Consumer<RecordedEvent> record, Runnable wake) {
    this.approvals = approvals;
    this.caller = caller;
    this.record = record;
    this.wake = wake;
  }

  @Override
  public Waiting ask(Question question) {
    Hold hold = question.ruling().hold().orElseThrow();
    Instant now = approvals.clock().instant();
    ApprovalRequest request =
        new ApprovalRequest(
            approvals.newId(),
            digest(question),
            caller.credential(),
            caller.session(),
            question.statement(),
            caller.database(),
            caller.application(),
            shown(question.ruling()),
            question.parameters(),
            hold.rule(),
            hold.reason(),
            hold.approval(),
            question.inTransaction(),
            now,
            now.plus(hold.approval().within()));
    record.accept(
        new RecordedEvent.ApprovalAsk(
            request.statement(),
            request.digest(),
            request.rule(),
            request.approval().approvers(),
            request.approval().count(),
            micros(request.until()),
            request.id(),
            request.inTransaction()));
    return new Asked(approvals.ask(request, this::over));
  }

  private void over(PendingApproval pending) {
    ApprovalRequest request = pending.request();
    record.accept(
        new RecordedEvent.ApprovalEnd(
            request.statement(),
            pending.outcome().orElse(ApprovalOutcome.UNSET),
            Math.max(
                0,
                Duration.between(request.askedAt(), approvals.clock().instant()).toNanos()
                    / 1000)));
    wake.run();
  }

  private record Asked(PendingApproval pending) implements Waiting {
    @Override
    public String id() {
      return pending.request().id();
    }

    @Override
    public String notice() {
      ApprovalRequest request = pending.request();
      int count = request.approval().count();
      return "held by policy rule %s: approval request %s waits for %s of group %s, for at most %s"
          .formatted(
              request.rule(),
              request.id(),
              count == 1 ? "a member" : count + " members",
              request.approval().approvers(),
              words(request.approval().within()));
    }

    private static String words(Duration within) {
      long seconds = within.toSeconds();
      return seconds % 3600 == 0
          ? seconds / 3600 + " h"
          : seconds % 60 == 0 ? seconds / 60 + " min" : seconds + " s";
    }

    @Override
    public Optional<Hold.Outcome> outcome() {
      return pending.held();
    }

    @Override
    public void withdraw(Withdrawal why) {
      pending.end(
          switch (why) {
            case CANCELLED -> ApprovalOutcome.CANCELLED;
            case DISCONNECTED -> ApprovalOutcome.DISCONNECTED;
            case SHUTDOWN -> ApprovalOutcome.SHUTDOWN;
          });
    }
  }

  /// Over everything that is approved; each part with its length before it.
  private Bytes digest(Question question) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      ByteBuffer session =
          ByteBuffer.allocate(32)
              .putLong(caller.archive().getMostSignificantBits())
              .putLong(caller.archive().getLeastSignificantBits())
              .putLong(caller.session())
              .putLong(question.statement());
      for (byte[] part :
          List.of(
              question.ruling().text(),
              question.values(),
              session.array(),
              caller.credential().token().issuer().getBytes(StandardCharsets.UTF_8),
              caller.credential().token().subject().getBytes(StandardCharsets.UTF_8),
              caller.database().getBytes(StandardCharsets.UTF_8))) {
        digest.update(ByteBuffer.allocate(4).putInt(part.length).array());
        digest.update(part);
      }
      return Bytes.of(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /// The text, without what nobody may write down.
  private static String shown(Ruling ruling) {
    byte[] text = ruling.text();
    StringBuilder shown = new StringBuilder();
    int at = 0;
    for (Span secret :
        ruling.secrets().stream().sorted(Comparator.comparingInt(Span::start)).toList()) {
      if (secret.start() >= at) {
        shown
            .append(new String(text, at, secret.start() - at, StandardCharsets.UTF_8))
            .append("'***'");
        at = secret.end();
      }
    }
    shown.append(new String(text, at, text.length - at, StandardCharsets.UTF_8));
    return shown.length() <= SQL_MAX
        ? shown.toString()
        : shown.substring(0, SQL_MAX) + "… (" + text.length + " bytes)";
  }

  private static long micros(Instant instant) {
    return Math.max(0, instant.getEpochSecond() * 1_000_000 + instant.getNano() / 1000);
  }
}
