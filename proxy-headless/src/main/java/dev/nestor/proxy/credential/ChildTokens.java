package dev.nestor.proxy.credential;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.nestor.proxy.identity.RefusalReason;
import dev.nestor.proxy.identity.RefusedException;
import dev.nestor.proxy.identity.TokenVerifier;
import dev.nestor.proxy.identity.VerifiedToken;
import dev.nestor.proxy.store.StateStore;
import java.io.IOException;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Signs the tokens of children, and says whether a token is one of them. The issuer and its key
/// (ES256) are those of the store, made at its first use; the key never leaves the gateway.
final class ChildTokens {
  /// Who issues children, for those who read a token.
  static final String KIND_BASIS = "issued by this gateway";

  private static final JOSEObjectType TYPE = new JOSEObjectType("at+jwt"); // RFC 9068
  private static final int TOKEN_LENGTH_MAX = 16 * 1024;

  private final String issuer;
  private final ECKey key;

  private ChildTokens(String issuer, ECKey key) {
    this.issuer = issuer;
    this.key = key;
  }

  static ChildTokens of(StateStore store) throws IOException {
    StateStore.Identity identity =
        store.identity(() ->
            new StateStore.Identity(
                "urn:nestor:gateway:" + UUID.randomUUID(), newKey().toJSONString()));
    try {
      return new ChildTokens(identity.issuer(), ECKey.parse(identity.signingKey()));
    } catch (ParseException e) {
      throw new IOException("the signing key in the store is damaged");
    }
  }

  private static ECKey newKey() {
    try {
      return new ECKeyGenerator(Curve.P_256)
          .keyID(UUID.randomUUID().toString())
          .algorithm(JWSAlgorithm.ES256)
          .generate();
    } catch (JOSEException e) {
      throw new IllegalStateException("every JDK has P-256", e);
    }
  }

  /// `iss` of what it signs.
  String issuer() {
    return issuer;
  }

  /// A signed token and what it says.
  ///
  /// @param text for the child alone
  record Signed(String text, VerifiedToken token) {
    @Override
    public String toString() {
      return "token for " + token.name();
    }
  }

  /// Signs a token for a child. `sub` is the root's subject, on whose behalf it acts, `act` the
  /// child and behind it those that it came from.
  Signed sign(HeldCredential parent, String name, Set<String> scopes, Instant now, Duration life) {
    String subject = parent.token().subject() + "/" + name;
    Instant issued = Instant.ofEpochSecond(now.getEpochSecond()); // as JWT counts
    Instant expires = now.plus(life);
    String scope = String.join(" ", new TreeSet<>(scopes));
    String id = UUID.randomUUID().toString();
    JWTClaimsSet claims =
        new JWTClaimsSet.Builder()
            .issuer(issuer)
            .subject(parent.root().token().subject())
            .audience(parent.token().audience())
            .issueTime(Date.from(issued))
            .notBeforeTime(Date.from(issued))
            .expirationTime(Date.from(expires))
            .jwtID(id)
            .claim("client_id", parent.token().clientId().orElse(parent.token().subject()))
            .claim("preferred_username", name)
            .claim("nestor_kind", "agent")
            .claim("scope", scope)
            .claim("act", act(subject, parent))
            .build();
    String text = signed(claims);
    return new Signed(
        text,
        new VerifiedToken(
            TokenVerifier.sha256(text),
            issuer,
            subject,
            name,
            "agent",
            KIND_BASIS,
            Set.of(),
            scopes,
            parent.token().audience(),
            parent.token().clientId(),
            Optional.of(issued),
            Optional.of(issued),
            expires,
            key.getKeyID(),
            Map.of("jti", id, "preferred_username", name, "scope", scope),
            List.of()));
  }

  /// Signs a token that gives a holder one more scope. It stays the holder: the same subject of the
  /// same issuer, kind and groups.
  ///
  /// @param ticket name of the request that people agreed to; also the token's name
  Signed signGrant(
      HeldCredential holder, String scope, String ticket, Instant now, Instant expires) {
    VerifiedToken before = holder.token();
    Set<String> scopes = new TreeSet<>(before.scopes());
    scopes.add(scope);
    Instant issued = Instant.ofEpochSecond(now.getEpochSecond());
    String id = UUID.randomUUID().toString();
    JWTClaimsSet.Builder claims =
        new JWTClaimsSet.Builder()
            .issuer(issuer)
            .subject(holder.root().token().subject())
            .audience(before.audience())
            .issueTime(Date.from(issued))
            .notBeforeTime(Date.from(issued))
            .expirationTime(Date.from(expires))
            .jwtID(id)
            .claim("client_id", before.clientId().orElse(before.subject()))
            .claim("preferred_username", before.name())
            .claim("nestor_kind", before.kind())
            .claim("scope", String.join(" ", scopes))
            .claim(HeldCredential.GRANTED, scope);
    if (holder.parent().isPresent()) {
      claims.claim("act", act(before.subject(), holder.parent().get()));
    }
    String text = signed(claims.build());
    return new Signed(
        text,
        new VerifiedToken(
            TokenVerifier.sha256(text),
            before.issuer(),
            before.subject(),
            before.name(),
            before.kind(),
            before.kindBasis(),
            before.groups(),
            scopes,
            before.audience(),
            before.clientId(),
            Optional.of(issued),
            Optional.of(issued),
            expires,
            key.getKeyID(),
            Map.of("jti", id, HeldCredential.GRANTED, scope, "nestor_access", ticket),
            List.of()));
  }

  private String signed(JWTClaimsSet claims) {
    SignedJWT token =
        new SignedJWT(
            new JWSHeader.Builder(JWSAlgorithm.ES256).type(TYPE).keyID(key.getKeyID()).build(),
            claims);
    try {
      token.sign(new ECDSASigner(key));
    } catch (JOSEException e) {
      throw new IllegalStateException("the gateway's own key does not sign", e);
    }
    return token.serialize();
  }

  private Map<String, Object> act(String subject, HeldCredential parent) {
    Map<String, Object> act = new HashMap<>();
    act.put("iss", issuer);
    act.put("sub", subject);
    Optional<HeldCredential> grandparent = parent.parent();
    if (grandparent.isPresent()) {
      act.put("act", act(parent.token().subject(), grandparent.get()));
    }
    return act;
  }

  /// Whether a token says that it is one of ours; proves nothing.
  boolean claimsToBeOurs(String text) {
    if (text.length() > TOKEN_LENGTH_MAX) {
      return false;
    }
    try {
      @Nullable JWTClaimsSet claims = SignedJWT.parse(text).getJWTClaimsSet();
      return claims != null && issuer.equals(claims.getIssuer());
    } catch (ParseException e) {
      return false;
    }
  }

  /// Checks header and signature. Everything else is a question for the record.
  ///
  /// @return SHA-256 of the token
  /// @throws RefusedException if it is not one of ours
  byte[] verify(String text) throws RefusedException {
    SignedJWT token;
    try {
      token = SignedJWT.parse(text);
    } catch (ParseException e) {
      throw new RefusedException(RefusalReason.MALFORMED, "not a signed JWT");
    }
    JWSHeader header = token.getHeader();
    if (!JWSAlgorithm.ES256.equals(header.getAlgorithm())) {
      throw new RefusedException(RefusalReason.ALGORITHM, "children's tokens are ES256");
    }
    if (!TYPE.equals(header.getType())) {
      throw new RefusedException(RefusalReason.TYPE, "children's tokens are at+jwt");
    }
    if (header.getCriticalParams() != null && !header.getCriticalParams().isEmpty()) {
      throw new RefusedException(RefusalReason.CRITICAL_HEADER, "crit");
    }
    if (!Objects.equals(key.getKeyID(), header.getKeyID())) {
      throw new RefusedException(RefusalReason.KEY, "another key than this gateway's");
    }
    try {
      if (!token.verify(new ECDSAVerifier(key.toECPublicKey()))) {
        throw new RefusedException(RefusalReason.SIGNATURE, "the signature does not verify");
      }
    } catch (JOSEException e) {
      throw new RefusedException(RefusalReason.SIGNATURE, "the signature cannot be verified");
    }
    return TokenVerifier.sha256(text);
  }
}
