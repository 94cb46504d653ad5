package dev.nestor.proxy.identity;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import dev.nestor.proxy.config.GatewayConfig.TrustedIssuer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The public keys of one issuer, from a JWKS file or by discovery. An unknown `kid` causes at most
/// one new fetch in [#REFETCH_INTERVAL]; an issuer that does not answer keeps its known keys for
/// [#KEEP_WITHOUT_ANSWER], then fails closed.
final class SigningKeys {
  private static final Duration REFETCH_INTERVAL = Duration.ofSeconds(10);
  private static final Duration REFRESH_INTERVAL = Duration.ofMinutes(10);
  private static final Duration KEEP_WITHOUT_ANSWER = Duration.ofHours(1);
  private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(5);
  private static final int DOCUMENT_BYTES_MAX = 1 << 20;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final TrustedIssuer issuer;
  private final Clock clock;
  private @Nullable JWKSet keys;
  private Instant fetchedAt = Instant.MIN;
  private Instant triedAt = Instant.MIN;

  private SigningKeys(TrustedIssuer issuer, Clock clock) {
    this.issuer = issuer;
    this.clock = clock;
  }

  static SigningKeys of(TrustedIssuer issuer, Clock clock) {
    return new SigningKeys(issuer, clock);
  }

  /// Keys with this `kid`; all keys where the token has none.
  synchronized List<JWK> matching(@Nullable String keyId) throws RefusedException {
    Instant now = clock.instant();
    if (keys == null || fetchedAt.plus(REFRESH_INTERVAL).isBefore(now)) {
      fetch(now);
    }
    List<JWK> found = select(keyId);
    if (found.isEmpty() && triedAt.plus(REFETCH_INTERVAL).isBefore(now)) {
      fetch(now);
      found = select(keyId);
    }
    if (keys == null || fetchedAt.plus(KEEP_WITHOUT_ANSWER).isBefore(now)) {
      throw new RefusedException(
          RefusalReason.PROVIDER, "no keys of " + issuer.issuer() + " can be had");
    }
    return found;
  }

  private List<JWK> select(@Nullable String keyId) {
    if (keys == null) {
      return List.of();
    }
    return keyId == null
        ? keys.getKeys()
        : keys.getKeys().stream().filter(key -> keyId.equals(key.getKeyID())).toList();
  }

  private void fetch(Instant now) {
    if (triedAt.plus(Duration.ofSeconds(1)).isAfter(now)) {
      return;
    }
    triedAt = now;
    try {
      Optional<Path> file = issuer.keys();
      keys = JWKSet.parse(file.isPresent() ? Files.readString(file.get()) : discover());
      fetchedAt = now;
    } catch (IOException | ParseException | IllegalArgumentException e) {
      System.getLogger(SigningKeys.class.getName())
          .log(
              System.Logger.Level.WARNING,
              "keys of {0} cannot be read: {1}",
              issuer.issuer(),
              e.getMessage());
    }
  }

  private String discover() throws IOException {
    String base = issuer.issuer();
    String url =
        base.endsWith("/")
            ? base + ".well-known/openid-configuration"
            : base + "/.well-known/openid-configuration";
    JsonNode document = JSON.readTree(get(URI.create(url)));
    if (!base.equals(document.path("issuer").asText())) {
      throw new IOException("discovery document names another issuer");
    }
    URI keysAt = URI.create(document.path("jwks_uri").asText());
    if (base.startsWith("https://") && !"https".equals(keysAt.getScheme())) {
      throw new IOException("jwks_uri is not https");
    }
    return get(keysAt);
  }

  private static String get(URI uri) throws IOException {
    try (HttpClient client = HttpClient.newBuilder().connectTimeout(ANSWER_TIMEOUT).build()) {
      HttpResponse<String> answer =
          client.send(
              HttpRequest.newBuilder(uri).timeout(ANSWER_TIMEOUT).build(),
              HttpResponse.BodyHandlers.ofString());
      if (answer.statusCode() != 200 || answer.body().length() > DOCUMENT_BYTES_MAX) {
        throw new IOException(uri + " answered " + answer.statusCode());
      }
      return answer.body();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }
}
