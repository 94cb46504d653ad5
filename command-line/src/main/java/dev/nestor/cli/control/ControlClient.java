package dev.nestor.cli.control;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
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
  /// @param lock `none`, `credential` or `credential-and-descendants`: what is revoked besides
  /// @throws IOException if there is no such session, or as for [#sessions]
  public JsonNode kill(long session, String lock) throws IOException {
    return call(
        HttpRequest.newBuilder(base.resolve("/v1/sessions/" + session + "/kill"))
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(JSON.createObjectNode().put("lock", lock).toString())));
  }

  /// What was presented or issued, parents first.
  ///
  /// @throws IOException as for [#sessions]
  public JsonNode credentials() throws IOException {
    return call(HttpRequest.newBuilder(base.resolve("/v1/credentials")).GET());
  }

  /// Ends a credential and what was issued from it; returns when the end is durable.
  ///
  /// @param id its name or the beginning of it
  /// @param reason for the record; may be empty
  /// @throws IOException as for [#sessions]
  public JsonNode revoke(String id, String reason) throws IOException {
    return call(
        HttpRequest.newBuilder(base.resolve("/v1/credentials/" + encoded(id) + "/revoke"))
            .header("Content-Type", "application/json")
            .POST(
                BodyPublishers.ofString(JSON.createObjectNode().put("reason", reason).toString())));
  }

  /// Statements that wait for people, the oldest first.
  ///
  /// @throws IOException as for [#sessions]
  public JsonNode approvals() throws IOException {
    return call(HttpRequest.newBuilder(base.resolve("/v1/approvals")).GET());
  }

  /// Approves or refuses one.
  ///
  /// @param digest what was seen; empty if it does not matter
  /// @param comment why, in one line of at most 500 characters; may be empty
  /// @return the request as it stands now
  /// @throws IOException if the vote does not count, or as for [#sessions]
  public JsonNode vote(String id, boolean approve, String digest, String comment)
      throws IOException {
    String verb = approve ? "approve" : "refuse";
    return call(
        HttpRequest.newBuilder(base.resolve("/v1/approvals/" + encoded(id) + "/" + verb))
            .header("Content-Type", "application/json")
            .POST(
                BodyPublishers.ofString(
                    JSON.createObjectNode()
                        .put("digest", digest)
                        .put("comment", comment)
                        .toString())));
  }

  /// Asks people for one more scope.
  ///
  /// @param request with `database`, `scope`, `reason` and perhaps `seconds`
  /// @return the request
  /// @throws IOException if it cannot be asked for, or as for [#sessions]
  public JsonNode requestAccess(JsonNode request) throws IOException {
    return call(
        HttpRequest.newBuilder(base.resolve("/v1/access"))
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(request.toString())));
  }

  /// Requests for more scope, the oldest first.
  ///
  /// @throws IOException as for [#sessions]
  public JsonNode accessRequests() throws IOException {
    return call(HttpRequest.newBuilder(base.resolve("/v1/access")).GET());
  }

  /// Approves or refuses a request for more scope, or takes what it was granted.
  ///
  /// @param verb `approve`, `refuse` or `take`
  /// @return the request, or for `take` the answer of RFC 8693
  /// @throws IOException if the gateway refuses, or as for [#sessions]
  public JsonNode decideAccess(String id, String verb) throws IOException {
    return call(
        HttpRequest.newBuilder(base.resolve("/v1/access/" + encoded(id) + "/" + verb))
            .POST(BodyPublishers.noBody()));
  }

  /// Exchanges this client's own token for a child's.
  ///
  /// @param parameters of the request beside grant and subject token
  /// @return the answer of RFC 8693
  /// @throws RefusedException if the gateway issues none
  /// @throws IOException if it does not answer
  public JsonNode exchange(Map<String, String> parameters) throws IOException {
    Map<String, String> form = new LinkedHashMap<>();
    form.put("grant_type", "urn:ietf:params:oauth:grant-type:token-exchange");
    form.put("subject_token", token);
    form.put("subject_token_type", "urn:ietf:params:oauth:token-type:access_token");
    form.putAll(parameters);
    String body =
        form.entrySet().stream()
            .map(each -> encoded(each.getKey()) + "=" + encoded(each.getValue()))
            .collect(Collectors.joining("&"));
    return send(
        HttpRequest.newBuilder(base.resolve("/token"))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(BodyPublishers.ofString(body)));
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  /// The gateway answered, and the answer is no.
  public static final class RefusedException extends IOException {
    private final transient JsonNode answer;

    private RefusedException(int status, JsonNode answer) {
      super(
          "the gateway says "
              + status
              + ": "
              + answer.path("error").asText()
              + (answer.has("error_description")
                  ? ", " + answer.path("error_description").asText()
                  : ""));
      this.answer = answer;
    }

    /// What it said.
    public JsonNode answer() {
      return answer;
    }
  }

  private JsonNode call(HttpRequest.Builder request) throws IOException {
    return send(request.header("Authorization", "Bearer " + token));
  }

  private JsonNode send(HttpRequest.Builder request) throws IOException {
    try {
      HttpResponse<String> answer =
          http.send(request.timeout(TIMEOUT).build(), HttpResponse.BodyHandlers.ofString());
      JsonNode body = JSON.readTree(answer.body());
      if (answer.statusCode() != 200) {
        throw new RefusedException(answer.statusCode(), body);
      }
      return body;
    } catch (JsonProcessingException e) {
      throw new IOException(base + " is not a gateway's control API", e);
    } catch (ConnectException e) {
      throw new IOException(
          base + " cannot be reached; does the gateway run, and is this its control port?", e);
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
