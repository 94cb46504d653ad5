package dev.nestor.samples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.nestor.recorder.archive.Archive;
import dev.nestor.recorder.note.HostKey;
import dev.nestor.recorder.verify.ArchiveState;
import dev.nestor.recorder.verify.TrustedKeys;
import dev.nestor.recorder.verify.Verifier;
import dev.nestor.testservers.DemoIssuer;
import dev.nestor.testservers.OrdersDatabase;
import dev.nestor.testservers.PostgresServer;
import dev.nestor.testservers.TestCertificates;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Properties;
import java.util.Random;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A recorder that cannot write any more: the archive's file may not grow over a limit of the
/// process, which fails as a full disk does.
class GatewayOnAFullDiskTest {
  /// In blocks of 512 bytes; the ring is a file of 16 MiB and must fit.
  private static final int FILE_BLOCKS_MAX = 40_960;

  private static final int STATEMENT_HEX_BYTES = 100_000;

  @Test
  @Timeout(value = 3, unit = TimeUnit.MINUTES)
  void statementsStopWithAClearErrorAndNothingAcknowledgedIsLost(@TempDir Path folder)
      throws Exception {
    assumeTrue(Files.isExecutable(Path.of("/bin/sh")), "file size limits need a POSIX shell");
    try (PostgresServer server = PostgresServer.start(PostgresServer.Access.SCRAM_OVER_TLS);
        DemoIssuer issuer = DemoIssuer.start()) {
      OrdersDatabase.create(server);
      TestCertificates certificates = TestCertificates.write(folder.resolve("tls"));
      Path config = ServedGateway.configuration(folder, server, issuer, certificates);
      Properties properties = new Properties();
      properties.setProperty("user", "administrator");
      properties.setProperty("password", issuer.token(Callers.ADMINISTRATOR, Duration.ofHours(1)));
      properties.setProperty("sslmode", "verify-full");
      properties.setProperty("sslrootcert", certificates.ca().toString());
      Process gateway =
          ServedGateway.serve(
              config, "/bin/sh", "-c", "ulimit -f " + FILE_BLOCKS_MAX + "; exec \"$@\"", "sh");
      TreeSet<Integer> acknowledged = new TreeSet<>();
      try {
        int port = ServedGateway.port(gateway);
        String url = "jdbc:postgresql://localhost:" + port + "/orders";

        assertThatThrownBy(() -> untilItStops(url, properties, acknowledged))
            .isInstanceOf(SQLException.class)
            .hasMessageContaining("the recorder of this gateway has failed");
        assertThatThrownBy(() -> DriverManager.getConnection(url, properties))
            .isInstanceOf(SQLException.class)
            .hasMessageContaining("the gateway takes no sessions now");
      } finally {
        gateway.destroyForcibly().waitFor();
      }
      Process next = ServedGateway.serve(config); // with room again: recovers what the ring held
      ServedGateway.port(next);
      next.destroy();
      next.waitFor();

      assertThat(acknowledged.size()).isGreaterThan(50);
      assertThat(ServedGateway.recorded(folder.resolve("archive"), ServedGateway.NUMBERED))
          .containsAll(acknowledged);
      assertThat(verified(folder)).isEqualTo(ArchiveState.VERIFIED);
    }
  }

  private static ArchiveState verified(Path folder) throws IOException {
    HostKey key =
        HostKey.parse(Files.readString(folder.resolve("recorder.key")).strip()).orElseThrow();
    try (Archive archive = Archive.open(folder.resolve("archive"))) {
      return Verifier.verify(archive, TrustedKeys.of(key.verifierKey())).state();
    }
  }

  private static void untilItStops(String url, Properties properties, TreeSet<Integer> acknowledged)
      throws SQLException {
    Random random = new Random(1); // nothing that compresses well
    byte[] noise = new byte[STATEMENT_HEX_BYTES / 2];
    try (Connection connection = DriverManager.getConnection(url, properties);
        Statement statement = connection.createStatement()) {
      for (int number = 1; ; number++) {
        random.nextBytes(noise);
        statement.execute(
            "select " + number + " as acknowledged, '" + HexFormat.of().formatHex(noise) + "'");
        acknowledged.add(number);
      }
    }
  }
}
