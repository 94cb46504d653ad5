package dev.nestor.evidence.archive;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// The credential that a session was opened with.
///
/// @param number in the archive, from 1
/// @param kind as recorded (`jwt`, `child`, …)
/// @param tokenSha256 first 16 hex digits; the token itself is never recorded
/// @param parent number of the credential it was issued from, 0 if none
/// @param lineage `verified`, `declared`, `inferred` or empty
/// @param issued absent if not recorded
/// @param expires absent if not recorded
/// @param scopes as granted
public record CredentialCard(
    long number,
    String kind,
    String tokenSha256,
    long parent,
    String lineage,
    Optional<Instant> issued,
    Optional<Instant> expires,
    List<String> scopes) {
  public CredentialCard {
    scopes = List.copyOf(scopes);
  }

  /// The name on screen: `c-` and the first four digits of the token's digest, else the number.
  public String label() {
    return "c-" + (tokenSha256.length() >= 4 ? tokenSha256.substring(0, 4) : number);
  }
}
