package dev.nestor.proxy.net;

import dev.nestor.proxy.capture.Fingerprint;
import dev.nestor.proxy.credential.HeldCredential;
import dev.nestor.recorder.event.RecordedEvent;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongPredicate;

/// Notices that a second client uses a credential: another host at any time; another application,
/// driver or set of start-up parameters while the first one lives. It may be a child that nobody
/// issued anything to. That is *inferred*: a finding and nothing else.
///
/// A client is told of once for each credential. Thread-safe; nothing here blocks.
final class InferredChildren {
  /// Name of the finding.
  static final String RULE = "inferred-child";

  /// Clients of one credential that are told apart.
  private static final int CLIENTS_MAX = 64;

  private final ConcurrentHashMap<HeldCredential, Clients> byCredential = new ConcurrentHashMap<>();

  /// Clients of a credential, each with a session, one that lives if there is any, in the order in
  /// which they came.
  private static final class Clients {
    private final Map<Fingerprint, Long> sessions = new LinkedHashMap<>();

    synchronized Optional<Beside> enter(Fingerprint client, long session, LongPredicate isLive) {
      Long before = sessions.get(client);
      if (before != null && !isLive.test(before)) {
        sessions.put(client, session);
      }
      if (before != null || sessions.size() >= CLIENTS_MAX) {
        return Optional.empty();
      }
      Optional<Beside> beside =
          sessions.entrySet().stream()
              .filter(each ->
                  !each.getKey().address().equals(client.address()) || isLive.test(each.getValue()))
              .findFirst()
              .map(each -> new Beside(each.getKey(), each.getValue()));
      sessions.put(client, session);
      return beside;
    }
  }

  private record Beside(Fingerprint client, long session) {}

  /// A session has begun.
  ///
  /// @param isLive whether a session of that number lives
  /// @return what is to be recorded in it, if it is another client's
  Optional<RecordedEvent.Finding> begun(
      HeldCredential credential,
      long credentialNumber,
      Fingerprint client,
      long session,
      LongPredicate isLive) {
    return byCredential
        .computeIfAbsent(credential, _ -> new Clients())
        .enter(client, session, isLive)
        .map(beside ->
            RecordedEvent.Finding.builder()
                .rule(RULE)
                .severity(beside.client().address().equals(client.address()) ? "low" : "medium")
                .applicationName(client.application())
                .credential(credentialNumber)
                .hits(1)
                .besideSession(beside.session())
                .build());
  }

  /// Forgets a credential that can never be used again.
  void forget(HeldCredential credential) {
    byCredential.remove(credential);
  }
}
