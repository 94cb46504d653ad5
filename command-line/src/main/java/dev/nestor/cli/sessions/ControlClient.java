package dev.nestor.cli.sessions;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/// Calls a gateway's control API.
public final class ControlClient implements AutoCloseable {
  private static final Duration TIMEOUT = Duration.ofSeconds(20);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final URI base;
  private final String token;
  private final HttpClient http;

  private ControlClient(URI base, String token, HttpClient http) {
    this.base = base;
    this.token = token;
    this.http = http;
  }

  /// A client of one gateway.
  ///
  /// @param ca PEM file of the authority; empty means the JDK's trust store
  /// @throws IOException if the file cannot be used
  public static ControlClient of(URI base, Optional<Path> ca, String token) throws IOException {
    HttpClient.Builder http = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5));
    if (ca.isPresent()) {
      http.sslContext(trusting(ca.get()));
    }
    return new ControlClient(base, token, http.build());
  }

  private static SSLContext trusting(Path ca) throws IOException {
    try (InputStream in = Files.newInputStream(ca)) {
      KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(null, null);
      int number = 0;
      for (Certificate certificate :
          CertificateFactory.getInstance("X.509").generateCertificates(in)) {
        store.setCertificateEntry("ca-" + number++, certificate);
      }
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(store);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, trust.getTrustManagers(), new SecureRandom());
      return context;
    } catch (GeneralSecurityException e) {
      throw new IOException("certificate " + ca + " cannot be used: " + e.getMessage(), e);
    }
  }

  /// The live sessions.
  ///
  /// @throws IOException if the gateway does not answer or refuses; the message says which
  public JsonNode sessions() throws IOException {
    return call(HttpRequest.newBuilder(base.resolve("/v1/sessions")).GET());
  }

  /// Ends a session; returns when it has ended.
  ///
  /// @throws IOException if there is no such session, or as for [#sessions]
  public JsonNode kill(long session) throws IOException {
    return call(
        HttpRequest.newBuilder(base.resolve("/v1/sessions/" + session + "/kill"))
            .POST(BodyPublishers.noBody()));
  }

  private JsonNode call(HttpRequest.Builder request) throws IOException {
    try {
      HttpResponse<String> answer =
          http.send(
              request.header("Authorization", "Bearer " + token).timeout(TIMEOUT).build(),
              HttpResponse.BodyHandlers.ofString());
      JsonNode body = JSON.readTree(answer.body());
      if (answer.statusCode() != 200) {
        throw new IOException(
            "the gateway says " + answer.statusCode() + ": " + body.path("error").asText());
      }
      return body;
    } catch (JsonProcessingException e) {
      throw new IOException(base + " is not a gateway's control API", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  @Override
  public void close() {
    http.close();
  }
}
