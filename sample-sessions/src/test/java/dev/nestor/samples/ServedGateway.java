package dev.nestor.samples;

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
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A gateway in a process of its own, as `nestor serve` starts it, so that it can be ended as no
/// thread can.
final class ServedGateway {
  /// A statement with a number that the archive is searched for.
  static final Pattern NUMBERED = Pattern.compile("select (\\d+) as acknowledged");

  private static final Pattern LISTENING = Pattern.compile("clients on 127\\.0\\.0\\.1:(\\d+)");

  private ServedGateway() {}

  static Path configuration(
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

  /// Starts it.
  ///
  /// @param wrapper words in front of the command
  static Process serve(Path config, String... wrapper) throws IOException {
    List<String> command = new ArrayList<>(List.of(wrapper));
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
  static int port(Process gateway) throws IOException {
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

  /// The numbers of a pattern's first group in the recorded statements.
  static Set<Integer> recorded(Path directory, Pattern number) throws IOException {
    Set<Integer> numbers = new TreeSet<>();
    try (EvidenceArchive archive = EvidenceArchives.open(directory)) {
      for (SessionCard session : archive.sessions()) {
        SessionReplay replay = archive.replay(session.number());
        for (long position = 0; position < replay.size(); position++) {
          if (replay.row(position) instanceof ReplayRow.Statement) {
            Matcher sql = number.matcher(replay.detail(position).orElseThrow().sql());
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
