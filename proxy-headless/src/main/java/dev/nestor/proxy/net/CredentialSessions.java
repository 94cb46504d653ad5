package dev.nestor.proxy.net;

import dev.nestor.proxy.capture.CredentialEvents;
import dev.nestor.proxy.credential.CredentialListener;
import dev.nestor.proxy.credential.HeldCredential;
import dev.nestor.proxy.session.SessionEnd;
import dev.nestor.recorder.event.RecordedEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Lets the sessions and the record follow what becomes of credentials.
///
/// What is named itself is always cut. That those issued from it fall with it is part of what a
/// policy in dry-run rehearses: there such a session goes on, and the record has what it does after
/// the end of its credential. No log-in is let in by that.
final class CredentialSessions implements CredentialListener {
  /// For a session that became ready when its credential was over already.
  static final SessionEnd OVER =
      new SessionEnd(
          SessionEnd.Trigger.REVOKED,
          SessionEnd.ADMIN_SHUTDOWN,
          "terminating connection: its credential has ended");

  private static final int AT_ONCE = 16;
  private static final Duration CLIENTS_FIRST = Duration.ofMillis(200);
  private static final Duration BETWEEN_SERVERS = Duration.ofMillis(1);

  private final GatewayServer gateway;

  CredentialSessions(GatewayServer gateway) {
    this.gateway = gateway;
  }

  @Override
  public void issued(HeldCredential child) {
    gateway.record(CredentialEvents.issued(child, gateway.principals()));
  }

  @Override
  public void refused(Optional<HeldCredential> parent, String code) {
    parent.ifPresent(known ->
        gateway.record(
            CredentialEvents.refused(
                known,
                RecordedEvent.CredentialStep.REFUSED,
                code,
                gateway.clock().instant(),
                gateway.principals())));
  }

  @Override
  public void usedAfterEnd(HeldCredential credential, HeldCredential.State state) {
    gateway.record(
        CredentialEvents.refused(
            credential,
            RecordedEvent.CredentialStep.USED_AFTER_END,
            state.word(),
            gateway.clock().instant(),
            gateway.principals()));
  }

  @Override
  public Sessions ended(End end) {
    Map<HeldCredential, Integer> places = new HashMap<>();
    for (HeldCredential credential : end.credentials()) {
      places.put(credential, places.size());
    }
    long by = end.by().map(gateway.principals()::holder).orElse(0L);
    SessionEnd why = why(end.cause());
    Integer[] sessions = new Integer[places.size()];
    Arrays.fill(sessions, 0);
    int cut = 0;
    int rehearsed = 0;
    for (GatewaySession session : gateway.registry().all()) {
      @Nullable HeldCredential credential = session.facts().credential;
      @Nullable Integer place = credential == null ? null : places.get(credential);
      if (place != null && place > 0 && session.observesOnly()) {
        rehearsed++;
      } else if (place != null) {
        session.end(why, by, serverLater(cut));
        sessions[place]++;
        cut++;
      }
    }
    record(end, List.of(sessions), cut);
    return new Sessions(cut, rehearsed);
  }

  /// Few sessions end on both sides at once. Of many, all clients are cut before the servers are
  /// asked one after the other: a thousand of PostgreSQL's processes that end at once would take
  /// the processor from those that cut.
  private static Duration serverLater(int before) {
    return before < AT_ONCE
        ? Duration.ZERO
        : CLIENTS_FIRST.plus(BETWEEN_SERVERS.multipliedBy(before));
  }

  private static SessionEnd why(Cause cause) {
    return switch (cause) {
      case REVOKED ->
          new SessionEnd(
              SessionEnd.Trigger.REVOKED,
              SessionEnd.ADMIN_SHUTDOWN,
              "terminating connection: its credential was revoked");
      case LOCKED ->
          new SessionEnd(
              SessionEnd.Trigger.POLICY,
              SessionEnd.ADMIN_SHUTDOWN,
              "terminating connection: its credential was locked by the policy");
      case EXPIRED ->
          new SessionEnd(
              SessionEnd.Trigger.EXPIRED,
              SessionEnd.ADMIN_SHUTDOWN,
              "terminating connection: its credential has expired");
    };
  }

  private void record(End end, List<Integer> sessions, int cut) {
    HeldCredential first = end.credentials().getFirst();
    // what nobody ever used here, and nothing was issued from, expires without a word
    boolean silent =
        end.cause() == Cause.EXPIRED
            && cut == 0
            && first.parent().isEmpty()
            && !gateway.principals().knows(first);
    if (!silent) {
      gateway.record(
          new ArrayList<>(
              CredentialEvents.ended(
                  end, gateway.clock().instant(), sessions, gateway.principals())));
    }
    if (end.cause() == Cause.EXPIRED) {
      end.credentials().forEach(gateway.principals()::forget);
      end.credentials().forEach(gateway.inferredChildren()::forget);
    }
  }
}
