package dev.nestor.samples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nestor.evidence.archive.EvidenceArchive;
import dev.nestor.evidence.archive.EvidenceArchives;
import dev.nestor.evidence.archive.ReplayRow;
import dev.nestor.evidence.archive.SessionCard;
import dev.nestor.evidence.archive.SessionReplay;
import dev.nestor.recorder.note.HostKey;
import dev.nestor.testservers.DemoIssuer;
import dev.nestor.testservers.OrdersDatabase;
import dev.nestor.testservers.PostgresServer;
import dev.nestor.testservers.TestCertificates;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `kill -9` of a gateway that records under load: what a client was answered is in the archive.
class KilledGatewayTest {
  private static final int KILLS = 20;
  private static final int LOAD_MILLIS = 300;
  private static final Pattern LISTENING = Pattern.compile("clients on 127\\.0\\.0\\.1:(\\d+)");
  private static final Pattern NUMBER = Pattern.compile("select (\\d+) as acknowledged");

  @Test
  void twentyKillsLoseNothingThatWasAcknowledged(@TempDir Path folder) throws Exception {
    try (PostgresServer server = PostgresServer.start(PostgresServer.Access.SCRAM_OVER_TLS);
        DemoIssuer issuer = DemoIssuer.start()) {
      OrdersDatabase.create(server);
      TestCertificates certificates = TestCertificates.write(folder.resolve("tls"));
      Path config = configuration(folder, server, issuer, certificates);
      String token = issuer.token(Callers.ADMINISTRATOR, Duration.ofHours(1));
      Set<Integer> acknowledged = new TreeSet<>();
      AtomicInteger next = new AtomicInteger();
      for (int kill = 0; kill < KILLS; kill++) {
        Process gateway = serve(config, folder.resolve("gateway.log"));
        try {
          int port = port(gateway);
          load(port, certificates, token, gateway, next, acknowledged);
        } finally {
          gateway.destroyForcibly().waitFor();
        }
      }
      Process last = serve(config, folder.resolve("gateway.log")); // recovers the twentieth
      port(last);
      last.destroy();
      last.waitFor();

      assertThat(acknowledged.size()).isGreaterThan(KILLS);
      assertThat(recorded(folder.resolve("archive"))).containsAll(acknowledged);
    }
  }

  private static Path configuration(
      Path folder, PostgresServer server, DemoIssuer issuer, TestCertificates certificates)
      throws IOException {
    Files.writeString(folder.resolve("policy.yaml"), Stage.resource("orders-production.yaml"));
    Files.writeString(folder.resolve("database"), OrdersDatabase.PASSWORD);
    Files.writeString(
        folder.resolve("recorder.key"),
        HostKey.generate("killed", new SecureRandom()).toPrivateText());
    return Files.writeString(
        folder.resolve("nestor.yaml"),
        """
        listen: { host: 127.0.0.1, port: 0, tls: { certificate: "%s", key: "%s" } }
        issuers:
          - { issuer: "%s", audience: nestor, algorithms: [ES256], keys: discovery }
        databases:
          orders:
            server: { hosts: ["127.0.0.1:%d"], tls: verify-full, ca: "%s" }
            role: app_rw
            password: { file: database }
            policy: policy.yaml
        recording: { directory: archive, key: { file: recorder.key }, ring: 16MiB }
        limits: { statement: 4MiB }
        """
            .formatted(
                certificates.certificate(),
                certificates.key(),
                issuer.url(),
                server.port(),
                server.certificates().ca()));
  }

  private static Process serve(Path config, Path log) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-XX:TieredStopAtLevel=1", // it lives for a second
            "-cp",
            System.getProperty("java.class.path"),
            "dev.nestor.proxy.app.Main",
            "serve",
            "--config",
            config.toString()));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    return process;
  }

  /// Waits for the line that says where clients connect.
  private static int port(Process gateway) throws IOException {
    StringBuilder said = new StringBuilder();
    var output = new InputStreamReader(gateway.getInputStream(), StandardCharsets.UTF_8);
    for (int c = output.read(); c >= 0; c = output.read()) {
      said.append((char) c);
      Matcher line = LISTENING.matcher(said);
      if (c == '\n' && line.find()) {
        return Integer.parseInt(line.group(1));
      }
    }
    throw new IOException("the gateway did not start: " + said);
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

  private static Set<Integer> recorded(Path directory) throws IOException {
    Set<Integer> numbers = new TreeSet<>();
    try (EvidenceArchive archive = EvidenceArchives.open(directory)) {
      for (SessionCard session : archive.sessions()) {
        SessionReplay replay = archive.replay(session.number());
        for (long position = 0; position < replay.size(); position++) {
          if (replay.row(position) instanceof ReplayRow.Statement) {
            Matcher sql = NUMBER.matcher(replay.detail(position).orElseThrow().sql());
            if (sql.find()) {
              numbers.add(Integer.parseInt(sql.group(1)));
            }
          }
        }
      }
    }
    return numbers;
  }
}
