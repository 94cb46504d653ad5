package dev.nestor.benchmarks.archive;

import dev.nestor.proxy.app.Gateway;
import dev.nestor.proxy.config.ConfigException;
import dev.nestor.proxy.config.GatewayConfigFile;
import dev.nestor.recorder.note.HostKey;
import dev.nestor.testservers.DemoIssuer;
import dev.nestor.testservers.EmbeddedServer;
import dev.nestor.testservers.PostgresServer;
import dev.nestor.testservers.TestCertificates;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// Records real traffic: a PostgreSQL server, the gateway that decides and records, and the clients
/// pgbench and psql, which must be installed.
///
/// Two captures. *oltp* is pgbench's own transactions, simple, extended and prepared. *mixed* is
/// what an application and its people do: wide rows of an ORM, paging, reports, writes, COPY both
/// ways, the catalog queries of psql, statements that fail.
final class Capture {
  private static final DemoIssuer.Identity CALLER =
      new DemoIssuer.Identity("bench", "agent", List.of(), "all");
  private static final List<String> PROTOCOLS = List.of("simple", "extended", "prepared");

  private final Path work;
  private final String connection;
  private final String token;

  private Capture(Path work, String connection, String token) {
    this.work = work;
    this.connection = connection;
    this.token = token;
  }

  /// Arguments: the folder that the archives go into, how many seconds, and which: `oltp` or
  /// `mixed`.
  public static void main(String[] arguments) throws Exception {
    Path folder = Path.of(arguments[0]);
    int seconds = Integer.parseInt(arguments[1]);
    String name = arguments[2];
    System.err.println("capturing: " + name);
    Path part = folder.resolve(name + "-part"); // renamed once it is whole
    Folders.delete(part);
    record(part, name, seconds);
    Files.move(part, folder.resolve(name));
    System.exit(0);
  }

  private static void record(Path archive, String name, int seconds) throws Exception {
    try (EmbeddedServer server =
            EmbeddedServer.start(
                PostgresServer.Access.TRUST, Map.of("synchronous_commit", "off", "fsync", "off"));
        DemoIssuer issuer = DemoIssuer.start()) {
      Path work = Files.createDirectories(server.directory().resolve("capture"));
      TestCertificates certificates = TestCertificates.write(work.resolve("tls"));
      String direct = "host=127.0.0.1 port=" + server.port() + " dbname=postgres user=postgres";
      Capture setUp = new Capture(work, direct, "none");
      setUp.run("pgbench", "-i", "-q", "-s", "5", direct);
      setUp.run("psql", "-q", "-v", "ON_ERROR_STOP=1", "-c", Workloads.TABLES, direct);
      try (Gateway gateway = gateway(work, archive, server, issuer, certificates)) {
        String through =
            "host=127.0.0.1 port=%d dbname=postgres user=postgres sslmode=require"
                .formatted(gateway.port());
        Capture capture = new Capture(work, through, issuer.token(CALLER, Duration.ofHours(1)));
        if (name.equals("oltp")) {
          capture.oltp(seconds);
        } else {
          capture.mixed(seconds);
        }
      }
    }
  }

  private static Gateway gateway(
      Path work,
      Path archive,
      EmbeddedServer server,
      DemoIssuer issuer,
      TestCertificates certificates)
      throws IOException, ConfigException {
    Files.writeString(
        work.resolve("policy.yaml"),
        """
        policy: all
        state: active
        default: block
        rules:
          - { id: secrets, what: { relation: public.secrets }, then: block }
          - { id: all, what: { verb: any, status: any }, then: allow }
        """);
    Files.writeString(work.resolve("recorder.key"), HostKey.test(1).toPrivateText());
    Path config =
        Files.writeString(
            work.resolve("nestor.yaml"),
            """
            listen: { host: 127.0.0.1, port: 0, tls: { certificate: "%s", key: "%s" } }
            issuers:
              - { issuer: "%s", audience: nestor, algorithms: [ES256], keys: discovery }
            databases:
              postgres:
                server: { hosts: ["%s:%d"], database: postgres, tls: off }
                role: postgres
                policy: policy.yaml
            recording: { directory: "%s", key: { file: recorder.key }, ring: 64MiB }
            """
                .formatted(
                    certificates.certificate(),
                    certificates.key(),
                    issuer.url(),
                    server.host(),
                    server.port(),
                    archive.toAbsolutePath()));
    return Gateway.start(GatewayConfigFile.read(config), true);
  }

  private void oltp(int seconds) throws Exception {
    for (String protocol : PROTOCOLS) {
      for (String script : List.of("-S", "-N", "-b=tpcb-like")) {
        int share = Math.max(1, seconds / 9);
        pgbench(List.of(script.replace("-b=", "--builtin=")), protocol, 8, share);
      }
    }
  }

  private void mixed(int seconds) throws Exception {
    List<String> scripts = new ArrayList<>();
    for (Workloads.Script each : Workloads.SCRIPTS) {
      Path script = Files.writeString(work.resolve(each.name() + ".sql"), each.text());
      scripts.add("-f");
      scripts.add(script + "@" + each.weight());
    }
    Path failing = Files.writeString(work.resolve("failing.sql"), Workloads.FAILING);
    Path copies =
        Files.writeString(
            work.resolve("copies.sql"),
            Workloads.COPIES.replace("FILE", work.resolve("customers.csv").toString()));
    for (String protocol : PROTOCOLS) {
      pgbench(scripts, protocol, 6, Math.max(1, seconds / 3));
      run("psql", "-q", "-o", "/dev/null", "-f", failing.toString(), connection);
      run("psql", "-q", "-o", "/dev/null", "-f", copies.toString(), connection);
      for (String command : Workloads.CATALOG) {
        run("psql", "-q", "-o", "/dev/null", "-c", command, connection);
      }
    }
  }

  private void pgbench(List<String> scripts, String protocol, int clients, int seconds)
      throws Exception {
    List<String> command = new ArrayList<>(List.of("pgbench", "-n", "-M", protocol));
    command.addAll(scripts);
    command.addAll(List.of("-c", "" + clients, "-j", "1", "-T", "" + seconds, connection));
    run(command.toArray(String[]::new));
  }

  private void run(String... command) throws Exception {
    String[] found = command.clone();
    found[0] = program(command[0]);
    ProcessBuilder builder = new ProcessBuilder(found);
    builder.environment().put("PGPASSWORD", token);
    builder.redirectErrorStream(true);
    Process process = builder.start();
    String output =
        new String(
            process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException(
          String.join(" ", command) + ": " + output.substring(Math.max(0, output.length() - 2000)));
    }
  }

  /// Debian keeps pgbench beside the server.
  private static String program(String name) throws IOException {
    List<Path> folders = new ArrayList<>();
    for (String each : System.getenv().getOrDefault("PATH", "").split(":", -1)) {
      folders.add(Path.of(each));
    }
    Path versions = Path.of("/usr/lib/postgresql");
    if (Files.isDirectory(versions)) {
      try (Stream<Path> listed = Files.list(versions)) {
        listed
            .sorted(java.util.Comparator.reverseOrder())
            .forEach(v -> folders.add(v.resolve("bin")));
      }
    }
    return folders.stream()
        .map(folder -> folder.resolve(name))
        .filter(Files::isExecutable)
        .map(Path::toString)
        .findFirst()
        .orElseThrow(() -> new IOException(name + " is missing; apt-get install postgresql"));
  }
}
