package dev.nestor.testservers;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/// A small OpenID provider on loopback: discovery document, JWKS, signed access tokens (RFC 9068).
/// It has no log-in: whoever holds the object mints what it wants. For tests and the demo.
///
/// The discovery document follows [OpenID Connect
/// Discovery](https://openid.net/specs/openid-connect-discovery-1_0.html).
public final class DemoIssuer implements AutoCloseable {
  private final HttpServer http;
  private final ECKey key;

  private DemoIssuer(HttpServer http, ECKey key) {
    this.http = http;
    this.key = key;
  }

  /// Starts on a free port of loopback with a new ES256 key.
  ///
  /// @throws IOException if no port can be opened
  public static DemoIssuer start() throws IOException {
    HttpServer http =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    try {
      ECKey key =
          new ECKeyGenerator(Curve.P_256)
              .keyID(UUID.randomUUID().toString())
              .algorithm(JWSAlgorithm.ES256)
              .generate();
      DemoIssuer issuer = new DemoIssuer(http, key);
      issuer.serve("/.well-known/openid-configuration", issuer.discovery());
      issuer.serve("/jwks", new JWKSet(key).toString(true));
      http.start();
      return issuer;
    } catch (JOSEException e) {
      throw new IllegalStateException("cannot make a key", e);
    }
  }

  private void serve(String path, String json) {
    byte[] body = json.getBytes(StandardCharsets.UTF_8);
    http.createContext(
        path,
        exchange -> {
          exchange.getResponseHeaders().set("Content-Type", "application/json");
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
  }

  private String discovery() {
    return """
    {"issuer":"%s","jwks_uri":"%s/jwks","token_endpoint":"%s/token",\
    "authorization_endpoint":"%s/authorize","response_types_supported":["code"],\
    "subject_types_supported":["public"],\
    "id_token_signing_alg_values_supported":["ES256"]}\
    """
        .formatted(url(), url(), url(), url());
  }

  /// The issuer identifier, which is also the base address.
  public String url() {
    return "http://127.0.0.1:" + http.getAddress().getPort();
  }

  /// A caller as the demo's gateway configuration maps claims.
  ///
  /// @param name `preferred_username`, and what the client gives as user
  /// @param kind `nestor_kind`: human, service or agent
  /// @param groups `groups`
  /// @param scope `scope`, names with blanks between
  public record Identity(String name, String kind, List<String> groups, String scope) {
    /// Copies the list.
    public Identity {
      groups = List.copyOf(groups);
    }
  }

  /// Signs an access token for the audience `nestor`, valid from now for `life`.
  public String token(Identity identity, Duration life) {
    Instant now = Instant.now();
    return token(identity, now, now.plus(life), Map.of());
  }

  /// Signs an access token with times of its own and further claims; for tokens with one defect.
  ///
  /// @param more added last, so that they replace what is named alike; a null value removes a claim
  public String token(
      Identity identity, Instant issuedAt, Instant expiresAt, Map<String, Object> more) {
    JWTClaimsSet.Builder claims =
        new JWTClaimsSet.Builder()
            .issuer(url())
            .subject("user-" + identity.name())
            .audience("nestor")
            .issueTime(Date.from(issuedAt))
            .notBeforeTime(Date.from(issuedAt))
            .expirationTime(Date.from(expiresAt))
            .jwtID(UUID.randomUUID().toString())
            .claim("client_id", "demo")
            .claim("preferred_username", identity.name())
            .claim("nestor_kind", identity.kind())
            .claim("groups", identity.groups())
            .claim("scope", identity.scope());
    more.forEach(claims::claim);
    return sign(new JOSEObjectType("at+jwt"), claims.build());
  }

  /// Signs any claims with this issuer's key.
  ///
  /// @param type the header's `typ`
  public String sign(JOSEObjectType type, JWTClaimsSet claims) {
    try {
      SignedJWT token =
          new SignedJWT(
              new JWSHeader.Builder(JWSAlgorithm.ES256).type(type).keyID(key.getKeyID()).build(),
              claims);
      token.sign(new ECDSASigner(key));
      return token.serialize();
    } catch (JOSEException e) {
      throw new IllegalStateException("cannot sign a token", e);
    }
  }

  /// The public keys, as the gateway's `keys:` file would hold them.
  public String jwks() {
    return new JWKSet(key).toString(true);
  }

  @Override
  public void close() {
    http.stop(0);
  }
}
