package dev.nestor.proxy.control;

import dev.nestor.proxy.capture.CredentialEvents;
import dev.nestor.proxy.credential.HeldCredential;
import dev.nestor.proxy.net.GatewayServer;
import dev.nestor.recorder.event.RecordedEvent;
import java.util.ArrayList;
import java.util.List;

/// Who may operate the gateway: members of one group, with a token of an identity provider. What
/// they do is recorded under their names.
final class Operators {
  private final GatewayServer gateway;
  private final String group;

  Operators(GatewayServer gateway, String group) {
    this.gateway = gateway;
    this.group = group;
  }

  boolean contains(HeldCredential caller) {
    return caller.token().groups().contains(group);
  }

  Answer refusal() {
    return Answer.error(403, "this needs membership of the group " + group);
  }

  /// Records that somebody did something.
  ///
  /// @param session number of the session that it concerns, 0 for none
  /// @param credential number of the credential that it concerns, 0 for none
  void record(
      HeldCredential caller,
      RecordedEvent.ControlVerb verb,
      long session,
      long credential,
      String result) {
    List<RecordedEvent> events =
        new ArrayList<>(CredentialEvents.chain(caller, gateway.principals()));
    events.add(
        new RecordedEvent.Control(
            verb, gateway.principals().holder(caller), session, credential, result, "https", 0));
    gateway.record(events);
  }
}
