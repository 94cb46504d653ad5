package dev.nestor.evidence.archive;

import java.util.List;
import java.util.Map;

/// What an archive says beside its statements: credentials with their changes, findings of the
/// gateway, addresses of clients, who might do what.
///
/// @param clients address of the client by session; absent where it was not recorded
/// @param entitlements who might do what, in the order in which the gateway read it
/// @param complete false if reading was stopped or parts could not be read
public record Trail(
    List<CredentialFact> credentials,
    List<RecordedFinding> findings,
    Map<Long, String> clients,
    List<Entitlements> entitlements,
    boolean complete) {
  /// Nothing.
  public static final Trail NONE = new Trail(List.of(), List.of(), Map.of(), List.of(), true);

  public Trail {
    credentials = List.copyOf(credentials);
    findings = List.copyOf(findings);
    clients = Map.copyOf(clients);
    entitlements = List.copyOf(entitlements);
  }
}
