package dev.nestor.samples;

import dev.nestor.proxy.app.Gateway;
import dev.nestor.proxy.config.ConfigException;
import dev.nestor.proxy.config.GatewayConfigFile;
import dev.nestor.testservers.DemoIssuer;
import dev.nestor.testservers.OrdersDatabase;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/// One start of the gateway, in front of the demo's server: what a story is played on.
final class Stage implements AutoCloseable {
  private static final Duration DRAIN = Duration.ofSeconds(3);

  private final DemoServers servers;
  private final Gateway gateway;
  private final Path archive;
  private boolean closed;

  private Stage(DemoServers servers, Gateway gateway, Path archive) {
    this.servers = servers;
    this.gateway = gateway;
    this.archive = archive;
  }

  /// Writes a configuration file and starts a gateway from it.
  ///
  /// @param name of the story; its files lie in a folder of that name
  /// @param recorderKey as `nestor init` writes it
  static Stage open(DemoServers servers, String name, String recorderKey, int port)
      throws IOException {
    Path folder = Files.createDirectories(servers.work().resolve(name));
    Path archive = folder.resolve("archive");
    Files.createDirectories(folder.resolve("ring")); // vanishes with the rest if the demo is killed
    String policy = resource("orders-production.yaml");
    Files.writeString(folder.resolve("policy.yaml"), policy);
    Files.writeString(
        folder.resolve("rehearsal.yaml"),
        policy
            .replace("policy: orders-production", "policy: orders-rehearsal")
            .replace("state: active", "state: dry-run"));
    secret(folder.resolve("recorder.key"), recorderKey);
    secret(folder.resolve("database"), OrdersDatabase.PASSWORD);
    Path config = folder.resolve("nestor.yaml");
    Files.writeString(
        config,
        """
        listen: { host: 127.0.0.1, port: %d, tls: { certificate: "%s", key: "%s" } }
        control: { host: 127.0.0.1, port: 0 }
        issuers:
          - { issuer: "%s", audience: nestor, algorithms: [ES256], keys: discovery }
        databases:
          orders:
            server: { hosts: ["%s:%d"], database: orders, tls: verify-full, ca: "%s" }
            role: app_rw
            password: { file: database }
            policy: policy.yaml
            bypass: { scan: 1s, except-roles: [postgres] }   # the demo looks at its server as postgres
          orders-rehearsal:         # the same database, where the policy only says what it would do
            server: { hosts: ["%s:%d"], database: orders, tls: verify-full, ca: "%s" }
            role: app_rw
            password: { file: database }
            policy: rehearsal.yaml
            bypass: { scan: 1s, except-roles: [postgres] }
        recording: { directory: archive, key: { file: recorder.key }, results: masked, ring: 16MiB, ring-directory: ring }
        limits: { statement: 4MiB }
        """
            .formatted(
                port,
                servers.gatewayCertificates().certificate(),
                servers.gatewayCertificates().key(),
                servers.issuer().url(),
                servers.postgres().host(),
                servers.postgres().port(),
                servers.postgres().certificates().ca(),
                servers.postgres().host(),
                servers.postgres().port(),
                servers.postgres().certificates().ca()));
    try {
      return new Stage(servers, Gateway.start(GatewayConfigFile.read(config), true), archive);
    } catch (ConfigException e) {
      throw new IOException("the demo's own configuration is wrong: " + e.getMessage(), e);
    }
  }

  static String resource(String name) throws IOException {
    try (InputStream in = Stage.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException(name + " is missing from the class path");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static void secret(Path file, String content) throws IOException {
    Files.deleteIfExists(file);
    if (file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      Files.createFile(
          file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    }
    Files.writeString(file, content);
  }

  DemoServers servers() {
    return servers;
  }

  Gateway gateway() {
    return gateway;
  }

  Path archive() {
    return archive;
  }

  /// A token that is good for an hour.
  String token(DemoIssuer.Identity caller) {
    return servers.issuer().token(caller, Duration.ofHours(1));
  }

  /// A token that has expired already.
  String expiredToken(DemoIssuer.Identity caller) {
    Instant now = Instant.now();
    return servers
        .issuer()
        .token(caller, now.minus(Duration.ofHours(2)), now.minus(Duration.ofHours(1)), Map.of());
  }

  /// Connects by pgJDBC with TLS, the gateway's name verified.
  ///
  /// @throws SQLException as the gateway or the server says
  Connection connect(DemoIssuer.Identity caller, String token, String application)
      throws SQLException {
    return connect(caller, token, application, "orders");
  }

  /// The same where the policy is in dry-run.
  Connection connectRehearsal(String name, String token, String application) throws SQLException {
    return connect(child(name), token, application, "orders-rehearsal");
  }

  private Connection connect(
      DemoIssuer.Identity caller, String token, String application, String database)
      throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("user", caller.name());
    properties.setProperty("password", token);
    properties.setProperty("sslmode", "verify-full");
    properties.setProperty("sslrootcert", servers.gatewayCertificates().ca().toString());
    properties.setProperty("ApplicationName", application);
    properties.setProperty("assumeMinServerVersion", "14"); // the name goes with the start-up
    return DriverManager.getConnection(
        "jdbc:postgresql://localhost:" + gateway.port() + "/" + database, properties);
  }

  /// The same for a name that is not of the callers: a child's.
  Connection connectAs(String name, String token, String application) throws SQLException {
    return connect(child(name), token, application);
  }

  private static DemoIssuer.Identity child(String name) {
    return new DemoIssuer.Identity(name, "agent", List.of(), "");
  }

  /// Connects past the gateway with the role's own password, as whoever has got hold of it would.
  Connection pastTheGateway(String application) throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("user", OrdersDatabase.ROLE);
    properties.setProperty("password", OrdersDatabase.PASSWORD);
    properties.setProperty("sslmode", "verify-full");
    properties.setProperty("sslrootcert", servers.postgres().certificates().ca().toString());
    properties.setProperty("ApplicationName", application);
    properties.setProperty("assumeMinServerVersion", "14");
    return DriverManager.getConnection(servers.postgres().jdbcUrl(OrdersDatabase.NAME), properties);
  }

  /// The same with a fresh token.
  Connection connect(DemoIssuer.Identity caller, String application) throws SQLException {
    return connect(caller, token(caller), application);
  }

  /// For libpq's clients; the token goes by PGPASSWORD.
  String libpq(DemoIssuer.Identity caller, String application) {
    return "host=localhost port=%d dbname=orders user=%s sslmode=verify-full sslrootcert=%s application_name=%s"
        .formatted(gateway.port(), caller.name(), servers.gatewayCertificates().ca(), application);
  }

  @Override
  public void close() throws IOException {
    seal();
  }

  /// Ends the gateway and seals its archive; the servers stay.
  void seal() throws IOException {
    if (!closed) {
      closed = true;
      gateway.close(DRAIN);
    }
  }
}
