package dev.nestor.proxy.identity;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What a verified access token says.
///
/// @param digest SHA-256 of the token's text, 32 bytes
/// @param issuer `iss`
/// @param subject `sub`, stable at the issuer
/// @param name what people call the subject; [#subject] where the issuer gives no name
/// @param kind human, service, agent or unknown
/// @param kindBasis who says so, in words; for an unknown kind, that nobody does
/// @param expiresAt `exp`
/// @param claims what the archive may keep, by an allow-list of names
/// @param declaredActors who acts for the subject, as the issuer's `act` claim says: the outermost,
///   which acts now, first. Declared history; only the outermost may ever decide anything
public record VerifiedToken(
    byte[] digest,
    String issuer,
    String subject,
    String name,
    String kind,
    String kindBasis,
    Set<String> groups,
    Set<String> scopes,
    List<String> audience,
    Optional<String> clientId,
    Optional<Instant> issuedAt,
    Optional<Instant> notBefore,
    Instant expiresAt,
    String keyId,
    Map<String, String> claims,
    List<DeclaredActor> declaredActors) {
  /// Copies the collections; the digest stays shared and must not be changed.
  public VerifiedToken {
    groups = Set.copyOf(groups);
    scopes = Set.copyOf(scopes);
    audience = List.copyOf(audience);
    claims = Map.copyOf(claims);
    declaredActors = List.copyOf(declaredActors);
  }

  /// One party of an `act` claim ([RFC 8693](https://www.rfc-editor.org/rfc/rfc8693)).
  ///
  /// @param issuer its `iss`; that of the token where it has none
  public record DeclaredActor(String issuer, String subject) {}
}
