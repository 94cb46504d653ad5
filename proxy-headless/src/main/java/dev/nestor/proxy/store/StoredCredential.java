package dev.nestor.proxy.store;

import java.time.Instant;
import java.util.Optional;

/// A credential as the store keeps it.
///
/// @param digest SHA-256 of the token, 64 hex digits; the token itself is never kept
/// @param parent digest of the credential that it was issued from; empty for one that an identity
///   provider issued
/// @param depth 0 for one of an identity provider
/// @param document who it is for and what it allows, as JSON
/// @param end how it ended; empty while it is good
public record StoredCredential(
    String digest,
    Optional<String> parent,
    int depth,
    Instant expiresAt,
    String document,
    Optional<StoredEnd> end) {

  /// How a credential was ended before its time.
  ///
  /// @param by who did it, as `issuer subject`; empty for a rule
  /// @param withDescendants whether what was issued from it ended too
  public record StoredEnd(Instant at, String by, String reason, boolean withDescendants) {}
}
