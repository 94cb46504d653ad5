package dev.nestor.proxy.identity;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.factories.DefaultJWSVerifierFactory;
import com.nimbusds.jose.jwk.AsymmetricJWK;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.nestor.proxy.config.GatewayConfig.ClaimNames;
import dev.nestor.proxy.config.GatewayConfig.TrustedIssuer;
import dev.nestor.proxy.identity.VerifiedToken.DeclaredActor;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Date;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Verifies access tokens of several issuers. One defect alone is enough for a refusal, and each
/// has its own [RefusalReason]. Thread-safe; may block while keys are fetched.
public final class TokenVerifier {
  private static final int TOKEN_LENGTH_MAX = 16 * 1024;
  private static final Duration CLOCK_SKEW = Duration.ofSeconds(5);
  private static final int ED25519_POINT_BYTES = 32;

  /// SubjectPublicKeyInfo of an Ed25519 key, up to the point ([RFC
  /// 8410](https://www.rfc-editor.org/rfc/rfc8410)).
  private static final byte[] ED25519_PREFIX = HexFormat.of().parseHex("302a300506032b6570032100");

  private static final int ACTORS_MAX = 8;
  private static final int ACTOR_LENGTH_MAX = 255;
  private static final Set<String> KINDS = Set.of("human", "service", "agent");

  /// Claims that the archive may keep beside the ones with a field of their own.
  private static final List<String> KEPT_CLAIMS =
      List.of("client_id", "azp", "jti", "scope", "preferred_username", "acr", "txn");

  private final Map<String, Trust> trust;
  private final Clock clock;

  private record Trust(TrustedIssuer issuer, SigningKeys keys) {}

  /// @param clock says what "expired" means
  public TokenVerifier(List<TrustedIssuer> issuers, Clock clock) {
    this.trust =
        issuers.stream()
            .collect(
                Collectors.toMap(
                    TrustedIssuer::issuer,
                    issuer -> new Trust(issuer, SigningKeys.of(issuer, clock)),
                    (first, second) -> first,
                    LinkedHashMap::new));
    this.clock = clock;
  }

  /// Verifies everything that can be said of a token by itself.
  ///
  /// @throws RefusedException with the first defect found
  public VerifiedToken verify(String text) throws RefusedException {
    if (text.length() > TOKEN_LENGTH_MAX) {
      throw new RefusedException(
          RefusalReason.TOO_LONG, "token of " + text.length() + " characters");
    }
    SignedJWT token;
    JWTClaimsSet claims;
    try {
      token = SignedJWT.parse(text);
      claims = Objects.requireNonNull(token.getJWTClaimsSet());
    } catch (ParseException | NullPointerException e) {
      throw new RefusedException(RefusalReason.MALFORMED, "not a signed JWT");
    }
    @Nullable Trust trusted = trust.get(Objects.requireNonNullElse(claims.getIssuer(), ""));
    if (trusted == null) {
      throw new RefusedException(RefusalReason.ISSUER, "iss " + quoted(claims.getIssuer()));
    }
    checkHeader(token.getHeader(), trusted.issuer());
    checkSignature(token, trusted);
    return checkClaims(text, token.getHeader(), claims, trusted.issuer());
  }

  private static void checkHeader(JWSHeader header, TrustedIssuer issuer) throws RefusedException {
    if (!issuer.algorithms().contains(header.getAlgorithm().getName())) {
      throw new RefusedException(
          RefusalReason.ALGORITHM, "alg " + quoted(header.getAlgorithm().getName()));
    }
    JOSEObjectType type = header.getType();
    String typeName = type == null ? "jwt" : type.getType().toLowerCase(Locale.ROOT);
    if (typeName.startsWith("application/")) {
      typeName = typeName.substring("application/".length());
    }
    if (!issuer.types().contains(typeName)) {
      throw new RefusedException(RefusalReason.TYPE, "typ " + quoted(typeName));
    }
    if (header.getCriticalParams() != null && !header.getCriticalParams().isEmpty()) {
      throw new RefusedException(
          RefusalReason.CRITICAL_HEADER, "crit " + header.getCriticalParams());
    }
  }

  private static void checkSignature(SignedJWT token, Trust trusted) throws RefusedException {
    JWSHeader header = token.getHeader();
    List<JWK> candidates = trusted.keys().matching(header.getKeyID());
    if (candidates.isEmpty()) {
      throw new RefusedException(RefusalReason.KEY, "kid " + quoted(header.getKeyID()));
    }
    for (JWK key : candidates) {
      boolean forSigning = key.getKeyUse() == null || KeyUse.SIGNATURE.equals(key.getKeyUse());
      boolean forAlgorithm =
          key.getAlgorithm() == null
              || key.getAlgorithm().getName().equals(header.getAlgorithm().getName());
      if (forSigning && forAlgorithm && verifies(token, key)) {
        return;
      }
    }
    throw new RefusedException(RefusalReason.SIGNATURE, "the signature does not verify");
  }

  private static boolean verifies(SignedJWT token, JWK key) {
    try {
      return switch (key) {
        case OctetKeyPair pair -> verifiesEd25519(token, pair);
        case AsymmetricJWK asymmetric ->
            token.verify(
                new DefaultJWSVerifierFactory()
                    .createJWSVerifier(token.getHeader(), asymmetric.toPublicKey()));
        default -> false; // a shared secret among published keys proves nothing
      };
    } catch (JOSEException | GeneralSecurityException e) {
      return false; // a key of another type
    }
  }

  /// By the JDK: Nimbus would want one more library for it.
  private static boolean verifiesEd25519(SignedJWT token, OctetKeyPair pair)
      throws GeneralSecurityException {
    byte[] point = pair.getX().decode();
    if (!Curve.Ed25519.equals(pair.getCurve())
        || !JWSAlgorithm.EdDSA.equals(token.getHeader().getAlgorithm())
        || point.length != ED25519_POINT_BYTES) {
      return false;
    }
    byte[] encoded = Arrays.copyOf(ED25519_PREFIX, ED25519_PREFIX.length + point.length);
    System.arraycopy(point, 0, encoded, ED25519_PREFIX.length, point.length);
    Signature signature = Signature.getInstance("Ed25519");
    signature.initVerify(
        KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(encoded)));
    signature.update(token.getSigningInput());
    return signature.verify(token.getSignature().decode());
  }

  private VerifiedToken checkClaims(
      String text, JWSHeader header, JWTClaimsSet claims, TrustedIssuer issuer)
      throws RefusedException {
    if (!claims.getAudience().contains(issuer.audience())) {
      throw new RefusedException(RefusalReason.AUDIENCE, "aud " + claims.getAudience());
    }
    Instant now = clock.instant();
    @Nullable Date expiry = claims.getExpirationTime();
    if (expiry == null) {
      throw new RefusedException(RefusalReason.NO_EXPIRY, "exp is missing");
    }
    if (!now.isBefore(expiry.toInstant())) {
      throw new RefusedException(RefusalReason.EXPIRED, "exp " + expiry.toInstant());
    }
    @Nullable Date notBefore = claims.getNotBeforeTime();
    if (notBefore != null && now.plus(CLOCK_SKEW).isBefore(notBefore.toInstant())) {
      throw new RefusedException(RefusalReason.NOT_YET, "nbf " + notBefore.toInstant());
    }
    String subject = claims.getSubject();
    if (subject == null || subject.isBlank()) {
      throw new RefusedException(RefusalReason.NO_SUBJECT, "sub is missing");
    }
    if (claims.getClaim("cnf") != null) {
      throw new RefusedException(
          RefusalReason.PROOF_OF_POSSESSION,
          "cnf: proof of possession not expressible on this protocol");
    }
    ClaimNames names = issuer.claims();
    String name = text(claims, names.name()).orElse(subject);
    String said = text(claims, names.kind()).orElse("");
    boolean known = KINDS.contains(said);
    Map<String, String> kept = new LinkedHashMap<>();
    for (String claim : KEPT_CLAIMS) {
      text(claims, claim).ifPresent(value -> kept.put(claim, value));
    }
    return new VerifiedToken(
        sha256(text),
        issuer.issuer(),
        subject,
        name,
        known ? said : "unknown",
        known
            ? "claim " + names.kind() + " of the issuer"
            : "no claim " + names.kind() + " that says so",
        words(claims, names.groups(), value -> List.of(value)),
        words(claims, names.scope(), value -> List.of(value.trim().split("\\s+"))),
        claims.getAudience(),
        text(claims, "client_id").or(() -> optionalText(claims, "azp")),
        instant(claims.getIssueTime()),
        instant(notBefore),
        expiry.toInstant(),
        Objects.requireNonNullElse(header.getKeyID(), ""),
        kept,
        declaredActors(claims, issuer.issuer()));
  }

  /// The nested `act` claims, the outermost first.
  private static List<DeclaredActor> declaredActors(JWTClaimsSet claims, String issuer)
      throws RefusedException {
    List<DeclaredActor> actors = new ArrayList<>();
    @Nullable Object act = claims.getClaim("act");
    while (act != null) {
      if (!(act instanceof Map<?, ?> actor)
          || !(actor.get("sub") instanceof String subject)
          || subject.isBlank()
          || subject.length() > ACTOR_LENGTH_MAX) {
        throw new RefusedException(RefusalReason.CLAIM, "act without a sub of its own");
      }
      if (actors.size() == ACTORS_MAX) {
        throw new RefusedException(RefusalReason.CLAIM, "act is nested deeper than " + ACTORS_MAX);
      }
      actors.add(
          new DeclaredActor(
              actor.get("iss") instanceof String own && own.length() <= ACTOR_LENGTH_MAX
                  ? own
                  : issuer,
              subject));
      act = actor.get("act");
    }
    return actors;
  }

  private static Optional<Instant> instant(@Nullable Date date) {
    return Optional.ofNullable(date).map(Date::toInstant);
  }

  private static Optional<String> optionalText(JWTClaimsSet claims, String name) {
    return claims.getClaim(name) instanceof String value ? Optional.of(value) : Optional.empty();
  }

  private static Optional<String> text(JWTClaimsSet claims, String name) throws RefusedException {
    Object value = claims.getClaim(name);
    if (value == null) {
      return Optional.empty();
    }
    if (value instanceof String string) {
      return string.isBlank() ? Optional.empty() : Optional.of(string);
    }
    throw new RefusedException(RefusalReason.CLAIM, name + " is not a string");
  }

  private static Set<String> words(
      JWTClaimsSet claims, String name, Function<String, List<String>> split)
      throws RefusedException {
    Set<String> words = new HashSet<>();
    switch (claims.getClaim(name)) {
      case null -> {}
      case String value -> words.addAll(split.apply(value));
      case List<?> values -> {
        for (Object value : values) {
          if (!(value instanceof String string)) {
            throw new RefusedException(RefusalReason.CLAIM, name + " holds more than strings");
          }
          words.add(string);
        }
      }
      default ->
          throw new RefusedException(RefusalReason.CLAIM, name + " is neither string nor list");
    }
    words.remove("");
    return words;
  }

  private static String quoted(@Nullable String value) {
    if (value == null) {
      return "is missing";
    }
    // a header is the caller's own text: bounded and printable before it reaches a log
    String bounded = value.length() > 80 ? value.substring(0, 80) + "…" : value;
    return "'" + bounded.replaceAll("\\p{Cntrl}", "?") + "'";
  }

  /// SHA-256 of a token's text: how archives and logs name it.
  public static byte[] sha256(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
