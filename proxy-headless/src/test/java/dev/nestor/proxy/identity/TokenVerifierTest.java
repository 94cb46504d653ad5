package dev.nestor.proxy.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import dev.nestor.proxy.config.GatewayConfig.ClaimNames;
import dev.nestor.proxy.config.GatewayConfig.TrustedIssuer;
import dev.nestor.testservers.DemoIssuer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// One defect alone is enough, and each has its own reason.
class TokenVerifierTest {
  private static final DemoIssuer.Identity AGENT =
      new DemoIssuer.Identity("agent", "agent", List.of("crew"), "orders.read carts.write");
  private static DemoIssuer issuer;
  private static DemoIssuer foreign;
  private static TokenVerifier verifier;

  @BeforeAll
  static void start() throws Exception {
    issuer = DemoIssuer.start();
    foreign = DemoIssuer.start();
    verifier =
        new TokenVerifier(List.of(trusted(issuer.url(), Optional.empty())), Clock.systemUTC());
  }

  @AfterAll
  static void stop() {
    issuer.close();
    foreign.close();
  }

  private static TrustedIssuer trusted(String url, Optional<Path> keys) {
    return new TrustedIssuer(
        url,
        "nestor",
        List.of("ES256", "EdDSA"),
        List.of("at+jwt", "jwt"),
        keys,
        false,
        new ClaimNames("preferred_username", "groups", "scope", "nestor_kind"));
  }

  private static String with(String claim, Object value) {
    Map<String, Object> more = new HashMap<>();
    more.put(claim, value);
    Instant now = Instant.now();
    return issuer.token(AGENT, now, now.plusSeconds(600), more);
  }

  @Test
  void aGoodTokenSaysWhoTheCallerIs() throws Exception {
    VerifiedToken token = verifier.verify(issuer.token(AGENT, Duration.ofMinutes(5)));

    assertThat(token.name()).isEqualTo("agent");
    assertThat(token.subject()).isEqualTo("user-agent");
    assertThat(token.kind()).isEqualTo("agent");
    assertThat(token.groups()).containsExactly("crew");
    assertThat(token.scopes()).containsExactlyInAnyOrder("orders.read", "carts.write");
  }

  @Test
  void everySingleDefectIsRefusedForItsOwnReason() throws Exception {
    Instant now = Instant.now();
    String good = issuer.token(AGENT, Duration.ofMinutes(5));
    JWTClaimsSet claims = SignedJWT.parse(good).getJWTClaimsSet();
    SignedJWT shared = new SignedJWT(new JWSHeader(JWSAlgorithm.HS256), claims);
    shared.sign(new MACSigner("a secret of thirty-two bytes and more"));
    Map<String, RefusalReason> defects = new LinkedHashMap<>();
    defects.put("", RefusalReason.MALFORMED);
    defects.put("no.token.at-all", RefusalReason.MALFORMED);
    defects.put("x".repeat(20_000), RefusalReason.TOO_LONG);
    defects.put(new PlainJWT(claims).serialize(), RefusalReason.MALFORMED); // alg none
    defects.put(shared.serialize(), RefusalReason.ALGORITHM);
    defects.put(issuer.sign(new JOSEObjectType("secevent+jwt"), claims), RefusalReason.TYPE);
    defects.put(foreign.token(AGENT, Duration.ofMinutes(5)), RefusalReason.ISSUER);
    defects.put(
        foreign.token(AGENT, now, now.plusSeconds(60), Map.of("iss", issuer.url())),
        RefusalReason.KEY);
    defects.put(tampered(good), RefusalReason.SIGNATURE);
    defects.put(with("aud", "somebody else"), RefusalReason.AUDIENCE);
    defects.put(with("aud", null), RefusalReason.AUDIENCE);
    defects.put(with("exp", null), RefusalReason.NO_EXPIRY);
    defects.put(
        issuer.token(AGENT, now.minusSeconds(600), now.minusSeconds(1), Map.of()),
        RefusalReason.EXPIRED);
    defects.put(
        issuer.token(AGENT, now.plusSeconds(60), now.plusSeconds(600), Map.of()),
        RefusalReason.NOT_YET);
    defects.put(with("sub", null), RefusalReason.NO_SUBJECT);
    defects.put(with("sub", " "), RefusalReason.NO_SUBJECT);
    defects.put(with("groups", 7), RefusalReason.CLAIM);
    defects.put(with("groups", List.of("a", 7)), RefusalReason.CLAIM);
    defects.put(with("nestor_kind", List.of("agent")), RefusalReason.CLAIM);
    defects.put(with("cnf", Map.of("jkt", "x")), RefusalReason.PROOF_OF_POSSESSION);

    defects.forEach((token, reason) ->
        assertThatThrownBy(() -> verifier.verify(token))
            .as(reason.code())
            .isInstanceOfSatisfying(
                RefusedException.class, e -> assertThat(e.reason()).isEqualTo(reason)));
  }

  /// Another payload under the old signature.
  private static String tampered(String token) {
    String[] parts = token.split("\\.", -1);
    String payload =
        new String(Base64.getUrlDecoder().decode(parts[1]), java.nio.charset.StandardCharsets.UTF_8)
            .replace("orders.read", "orders.root");
    return parts[0]
        + "."
        + Base64.getUrlEncoder()
            .withoutPadding()
            .encodeToString(payload.getBytes(java.nio.charset.StandardCharsets.UTF_8))
        + "."
        + parts[2];
  }

  @Test
  void anUnknownKindIsUnknownAndNoError() throws Exception {
    assertThat(verifier.verify(with("nestor_kind", "robot")).kind()).isEqualTo("unknown");
  }

  @Test
  void keysComeFromAFileToo(@TempDir Path folder) throws Exception {
    Path file = Files.writeString(folder.resolve("keys.jwks"), issuer.jwks());
    TokenVerifier offline =
        new TokenVerifier(List.of(trusted(issuer.url(), Optional.of(file))), Clock.systemUTC());

    assertThat(offline.verify(issuer.token(AGENT, Duration.ofMinutes(1))).name())
        .isEqualTo("agent");
  }

  @Test
  void ed25519Verifies(@TempDir Path folder) throws Exception {
    KeyPair keys = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    byte[] encoded = keys.getPublic().getEncoded();
    Base64.Encoder base64 = Base64.getUrlEncoder().withoutPadding();
    String x =
        base64.encodeToString(Arrays.copyOfRange(encoded, encoded.length - 32, encoded.length));
    Path file =
        Files.writeString(
            folder.resolve("keys.jwks"),
            "{\"keys\":[{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"kid\":\"e\",\"x\":\"" + x + "\"}]}");
    TokenVerifier offline =
        new TokenVerifier(
            List.of(trusted("https://ed.example", Optional.of(file))), Clock.systemUTC());
    String header = "{\"alg\":\"EdDSA\",\"typ\":\"at+jwt\",\"kid\":\"e\"}";
    String payload =
        "{\"iss\":\"https://ed.example\",\"aud\":\"nestor\",\"sub\":\"s\",\"exp\":"
            + Instant.now().plusSeconds(60).getEpochSecond()
            + "}";
    String input =
        base64.encodeToString(header.getBytes()) + "." + base64.encodeToString(payload.getBytes());
    Signature signature = Signature.getInstance("Ed25519");
    signature.initSign(keys.getPrivate());
    signature.update(input.getBytes());

    assertThat(offline.verify(input + "." + base64.encodeToString(signature.sign())).name())
        .isEqualTo("s");
  }

  @Test
  void anIssuerThatNeverAnsweredIsRefusedAsUnavailable() throws Exception {
    String gone = "http://127.0.0.1:1";
    TokenVerifier unreachable =
        new TokenVerifier(List.of(trusted(gone, Optional.empty())), Clock.systemUTC());
    Instant now = Instant.now();
    String token = issuer.token(AGENT, now, now.plusSeconds(60), Map.of("iss", gone));

    assertThatThrownBy(() -> unreachable.verify(token))
        .isInstanceOfSatisfying(
            RefusedException.class, e -> assertThat(e.reason()).isEqualTo(RefusalReason.PROVIDER));
  }

  @Test
  void expiryIsByTheClockThatWasGiven() throws Exception {
    Instant later = Instant.now().plus(Duration.ofHours(2));
    TokenVerifier tomorrow =
        new TokenVerifier(
            List.of(trusted(issuer.url(), Optional.empty())), Clock.fixed(later, ZoneOffset.UTC));

    assertThatThrownBy(() -> tomorrow.verify(issuer.token(AGENT, Duration.ofHours(1))))
        .isInstanceOf(RefusedException.class);
  }
}
