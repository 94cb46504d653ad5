package dev.nestor.samples;

import dev.nestor.testservers.DemoIssuer;
import dev.nestor.testservers.EmbeddedServer;
import dev.nestor.testservers.OrdersDatabase;
import dev.nestor.testservers.PostgresServer;
import dev.nestor.testservers.TestCertificates;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Map;

/// What stands around the gateway in the demo: PostgreSQL with the shop, an identity provider, and
/// certificates for the gateway.
///
/// @param work a folder for configurations and keys that vanishes with the servers
record DemoServers(
    PostgresServer postgres,
    DemoIssuer issuer,
    TestCertificates gatewayCertificates,
    ServerLog log,
    Path work)
    implements AutoCloseable {

  /// Starts them all. Their files lie in the server's own folder, so that nothing stays behind
  /// however the demo ends.
  static DemoServers start() throws IOException {
    EmbeddedServer postgres =
        EmbeddedServer.start(
            PostgresServer.Access.SCRAM_OVER_TLS,
            Map.of(
                "logging_collector", "on",
                "log_destination", "jsonlog",
                "log_directory", "log",
                "log_filename", "server.log",
                "log_statement", "all",
                "log_rotation_age", "0",
                "log_rotation_size", "0"));
    try {
      OrdersDatabase.create(postgres);
      Path work = Files.createDirectories(postgres.directory().resolve("demo"));
      return new DemoServers(
          postgres,
          DemoIssuer.start(),
          TestCertificates.write(work.resolve("tls")),
          new ServerLog(postgres.directory().resolve("data/log/server.json")),
          work);
    } catch (SQLException e) {
      postgres.close();
      throw new IOException("the demo's database could not be filled: " + e.getMessage(), e);
    } catch (IOException e) {
      postgres.close();
      throw e;
    }
  }

  @Override
  public void close() {
    issuer.close();
    postgres.close();
  }
}
