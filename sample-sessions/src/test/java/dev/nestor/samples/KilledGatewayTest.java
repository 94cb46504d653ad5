package dev.nestor.samples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nestor.testservers.DemoIssuer;
import dev.nestor.testservers.OrdersDatabase;
import dev.nestor.testservers.PostgresServer;
import dev.nestor.testservers.TestCertificates;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `kill -9` of a gateway that records under load: what a client was answered is in the archive.
class KilledGatewayTest {
  private static final int KILLS = 20;
  private static final int LOAD_MILLIS = 300;

  @Test
  void twentyKillsLoseNothingThatWasAcknowledged(@TempDir Path folder) throws Exception {
    try (PostgresServer server = PostgresServer.start(PostgresServer.Access.SCRAM_OVER_TLS);
        DemoIssuer issuer = DemoIssuer.start()) {
      OrdersDatabase.create(server);
      TestCertificates certificates = TestCertificates.write(folder.resolve("tls"));
      Path config = ServedGateway.configuration(folder, server, issuer, certificates);
      String token = issuer.token(Callers.ADMINISTRATOR, Duration.ofHours(1));
      Set<Integer> acknowledged = new TreeSet<>();
      AtomicInteger next = new AtomicInteger();
      for (int kill = 0; kill < KILLS; kill++) {
        Process gateway = ServedGateway.serve(config);
        try {
          int port = ServedGateway.port(gateway);
          load(port, certificates, token, gateway, next, acknowledged);
        } finally {
          gateway.destroyForcibly().waitFor();
        }
      }
      Process last = ServedGateway.serve(config); // recovers the twentieth
      ServedGateway.port(last);
      last.destroy();
      last.waitFor();

      assertThat(acknowledged.size()).isGreaterThan(KILLS);
      assertThat(ServedGateway.recorded(folder.resolve("archive"), ServedGateway.NUMBERED))
          .containsAll(acknowledged);
    }
  }

  /// Runs numbered statements until the gateway is killed in the middle of them.
  private static void load(
      int port,
      TestCertificates certificates,
      String token,
      Process gateway,
      AtomicInteger next,
      Set<Integer> acknowledged)
      throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("user", "administrator");
    properties.setProperty("password", token);
    properties.setProperty("sslmode", "verify-full");
    properties.setProperty("sslrootcert", certificates.ca().toString());
    try (Connection connection =
            DriverManager.getConnection(
                "jdbc:postgresql://localhost:" + port + "/orders", properties);
        Statement statement = connection.createStatement()) {
      long killAt = System.nanoTime() + Duration.ofMillis(LOAD_MILLIS).toNanos();
      Thread killer =
          Thread.ofVirtual()
              .start(() -> {
                while (System.nanoTime() < killAt) {
                  Thread.onSpinWait();
                  Thread.yield();
                }
                gateway.destroyForcibly();
              });
      while (killer.isAlive() || gateway.isAlive()) {
        int number = next.incrementAndGet();
        statement.execute("select " + number + " as acknowledged");
        acknowledged.add(number);
      }
    } catch (SQLException e) {
      if (acknowledged.isEmpty()) {
        throw e; // it was never let in
      }
    }
  }
}
