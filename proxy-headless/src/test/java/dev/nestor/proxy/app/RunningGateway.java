package dev.nestor.proxy.app;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.nestor.proxy.config.GatewayConfigFile;
import dev.nestor.recorder.note.HostKey;
import dev.nestor.testservers.DemoIssuer;
import dev.nestor.testservers.PostgresServer;
import dev.nestor.testservers.TestCertificates;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.CertificateFactory;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/// A whole gateway as `nestor serve` runs it, with its configuration file, in front of a server
/// under test; and clients of both its ports.
final class RunningGateway implements AutoCloseable {
  static final DemoIssuer.Identity ADMINISTRATOR =
      new DemoIssuer.Identity("administrator", "human", List.of("dba"), "");
  static final DemoIssuer.Identity APPROVER =
      new DemoIssuer.Identity("approver", "human", List.of("dba"), "");
  static final DemoIssuer.Identity AGENT =
      new DemoIssuer.Identity("agent", "agent", List.of(), "orders.read carts.write");

  private static final ObjectMapper JSON = new ObjectMapper();

  final DemoIssuer issuer;
  final Path archive;
  private final Path config;
  private final TestCertificates certificates;
  private final HttpClient http;
  Gateway gateway;
  private @Nullable GatewayProcess process;

  RunningGateway(PostgresServer server, Path folder, String policy, String more) throws Exception {
    this(server, folder, policy, more, "");
  }

  /// @param more sections of the configuration
  /// @param databases beside `"*"`, indented
  RunningGateway(PostgresServer server, Path folder, String policy, String more, String databases)
      throws Exception {
    issuer = DemoIssuer.start();
    certificates = TestCertificates.write(folder.resolve("tls"));
    archive = folder.resolve("archive");
    Files.createDirectories(folder.resolve("ring"));
    Files.writeString(folder.resolve("policy.yaml"), policy);
    Files.writeString(folder.resolve("recorder.key"), HostKey.test(1).toPrivateText());
    config =
        Files.writeString(
            folder.resolve("nestor.yaml"),
            """
            listen: { host: 127.0.0.1, port: 0, tls: { certificate: "%s", key: "%s" } }
            control: { host: 127.0.0.1, port: 0 }
            issuers:
              - { issuer: "%s", audience: nestor, algorithms: [ES256], keys: discovery }
            databases:
              "*":
                server: { hosts: ["%s:%d"], tls: off }
                role: postgres
                policy: policy.yaml
            %s
            recording: { directory: archive, key: { file: recorder.key }, ring: 16MiB, ring-directory: ring }
            %s
            """
                .formatted(
                    certificates.certificate(),
                    certificates.key(),
                    issuer.url(),
                    server.host(),
                    server.port(),
                    databases,
                    more));
    gateway = Gateway.start(GatewayConfigFile.read(config), true);
    http = HttpClient.newBuilder().sslContext(trusting(certificates.ca())).build();
  }

  private static SSLContext trusting(Path ca) throws Exception {
    try (InputStream in = Files.newInputStream(ca)) {
      KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(null, null);
      store.setCertificateEntry(
          "ca", CertificateFactory.getInstance("X.509").generateCertificate(in));
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(store);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, trust.getTrustManagers(), new SecureRandom());
      return context;
    }
  }

  /// Starts it again in a process of its own.
  void inProcessOfItsOwn() throws Exception {
    gateway.close();
    process = GatewayProcess.start(config);
  }

  /// Ends the process by SIGKILL, and starts another one.
  void killAndStartAgain() throws Exception {
    Objects.requireNonNull(process).kill();
    process = GatewayProcess.start(config);
  }

  private int port() {
    GatewayProcess running = process;
    return running == null ? gateway.port() : running.port;
  }

  private int controlPort() {
    GatewayProcess running = process;
    return running == null ? gateway.controlPort().orElseThrow() : running.controlPort;
  }

  void restart() throws Exception {
    gateway.close();
    gateway = Gateway.start(GatewayConfigFile.read(config), true);
  }

  String token(DemoIssuer.Identity caller) {
    return issuer.token(caller, Duration.ofHours(1));
  }

  Connection connect(String user, String token) throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("user", user);
    properties.setProperty("password", token);
    properties.setProperty("sslmode", "verify-full");
    properties.setProperty("sslrootcert", certificates.ca().toString());
    properties.setProperty("socketTimeout", "60");
    return DriverManager.getConnection(
        "jdbc:postgresql://localhost:" + port() + "/postgres", properties);
  }

  URI control(String path) {
    return URI.create("https://localhost:" + controlPort() + path);
  }

  HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  /// The lines of an answer as they come.
  java.util.stream.Stream<String> lines(HttpRequest.Builder request) throws Exception {
    return http.send(request.build(), HttpResponse.BodyHandlers.ofLines()).body();
  }

  HttpResponse<String> form(String path, String body) throws Exception {
    return send(
        HttpRequest.newBuilder(control(path))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(HttpRequest.BodyPublishers.ofString(body)));
  }

  static String exchange(String subjectToken, String more) {
    return "grant_type=urn:ietf:params:oauth:grant-type:token-exchange"
        + "&subject_token_type=urn:ietf:params:oauth:token-type:access_token&subject_token="
        + subjectToken
        + more;
  }

  HttpResponse<String> post(String path, String token, String json) throws Exception {
    return send(
        HttpRequest.newBuilder(control(path))
            .header("Authorization", "Bearer " + token)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(json)));
  }

  JsonNode get(String path, String token) throws Exception {
    HttpResponse<String> answer =
        send(HttpRequest.newBuilder(control(path)).header("Authorization", "Bearer " + token));
    return JSON.readTree(answer.body());
  }

  static JsonNode json(HttpResponse<String> answer) throws Exception {
    return JSON.readTree(answer.body());
  }

  /// The archive's raw events, after the gateway has sealed it.
  List<dev.nestor.recorder.event.RecordedEvent> events() throws Exception {
    try (var opened = dev.nestor.recorder.archive.Archive.open(archive);
        var frames = opened.events(1)) {
      return frames.map(frame -> frame.event().orElseThrow()).toList();
    }
  }

  static Map<String, String> headers(HttpResponse<String> answer) {
    java.util.HashMap<String, String> headers = new java.util.HashMap<>();
    answer.headers().map().forEach((name, values) -> headers.put(name, values.getFirst()));
    return headers;
  }

  static void eventually(java.util.concurrent.Callable<Boolean> holds) throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (!holds.call()) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("it did not come true in 20 seconds");
      }
      Thread.sleep(10);
    }
  }

  @Override
  public void close() throws Exception {
    http.shutdownNow(); // a stream of events ends with its reader
    if (process != null) {
      process.close();
    } else {
      gateway.close();
    }
    issuer.close();
  }
}
