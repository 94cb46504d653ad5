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
/// @param work a folder for configurations and keys, removed by whoever made it
record DemoServers(
    PostgresServer postgres,
    DemoIssuer issuer,
    TestCertificates gatewayCertificates,
    ServerLog log,
    Path work)
    implements AutoCloseable {

  static DemoServers start(Path work) throws IOException {
    Path logs = Files.createDirectories(work.resolve("server-log"));
    makeWritableForServer(logs);
    PostgresServer postgres =
        EmbeddedServer.start(
            PostgresServer.Access.SCRAM_OVER_TLS,
            Map.of(
                "logging_collector", "on",
                "log_destination", "jsonlog",
                "log_directory", logs.toString(),
                "log_filename", "server.log",
                "log_file_mode", "0644",
                "log_statement", "all",
                "log_rotation_age", "0",
                "log_rotation_size", "0"));
    try {
      OrdersDatabase.create(postgres);
      return new DemoServers(
          postgres,
          DemoIssuer.start(),
          TestCertificates.write(work.resolve("tls")),
          new ServerLog(logs.resolve("server.json")),
          work);
    } catch (SQLException e) {
      postgres.close();
      throw new IOException("the demo's database could not be filled: " + e.getMessage(), e);
    } catch (IOException e) {
      postgres.close();
      throw e;
    }
  }

  /// As root, the embedded server runs under another user.
  private static void makeWritableForServer(Path folder) {
    boolean _ = folder.toFile().setWritable(true, false);
    for (Path at = folder; at != null && at.getNameCount() > 1; at = at.getParent()) {
      if (!at.toFile().setExecutable(true, false)) {
        return; // a folder above that is not ours is readable as it is
      }
    }
  }

  @Override
  public void close() {
    issuer.close();
    postgres.close();
  }
}
