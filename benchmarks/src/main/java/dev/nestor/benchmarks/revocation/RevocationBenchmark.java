package dev.nestor.benchmarks.revocation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.nestor.cli.control.ControlClient;
import dev.nestor.proxy.app.Gateway;
import dev.nestor.proxy.config.ConfigException;
import dev.nestor.proxy.config.GatewayConfigFile;
import dev.nestor.recorder.note.HostKey;
import dev.nestor.testservers.DemoIssuer;
import dev.nestor.testservers.EmbeddedServer;
import dev.nestor.testservers.PostgresServer;
import dev.nestor.testservers.TestCertificates;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// Revokes the root of a tree of credentials whose leaves have live sessions, and kills single
/// sessions, and tells how long it took until each client had its FATAL 57P01: from the moment
/// before the request leaves, over HTTPS, to the client's wall clock.
///
/// The leaves are grandchildren of the root; every second session is in the middle of a statement.
public final class RevocationBenchmark {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int BRANCHES = 20;
  private static final int KILLS = 20;
  private static final int WARM_UP = 200;
  private static final long REVOCATION_MILLIS_MAX = 100;
  private static final long KILL_MILLIS_MAX = 200;
  private static final DemoIssuer.Identity ADMINISTRATOR =
      new DemoIssuer.Identity("administrator", "human", List.of("dba"), "");
  private static final DemoIssuer.Identity ROOT =
      new DemoIssuer.Identity("root", "agent", List.of(), "all");

  private final EmbeddedServer server;
  private final DemoIssuer issuer;
  private final TestCertificates certificates;
  private final Gateway gateway;

  private RevocationBenchmark(
      EmbeddedServer server, DemoIssuer issuer, TestCertificates certificates, Gateway gateway) {
    this.server = server;
    this.issuer = issuer;
    this.certificates = certificates;
    this.gateway = gateway;
  }

  /// Arguments: `--sessions N`, `--json`.
  public static void main(String[] arguments) throws Exception {
    int sessions = 1000;
    boolean json = false;
    for (int i = 0; i < arguments.length; i++) {
      switch (arguments[i]) {
        case "--json" -> json = true;
        case "--sessions" -> sessions = Integer.parseInt(arguments[++i]);
        default -> {
          System.err.println("usage: benchmarks/revocation [--sessions N] [--json]");
          System.exit(2);
        }
      }
    }
    System.exit(run(sessions, json));
  }

  private static int run(int sessions, boolean json) throws Exception {
    try (EmbeddedServer server =
            EmbeddedServer.start(
                PostgresServer.Access.TRUST,
                Map.of("max_connections", Integer.toString(sessions + WARM_UP + 50)));
        DemoIssuer issuer = DemoIssuer.start()) {
      Path work = Files.createDirectories(server.directory().resolve("benchmark"));
      TestCertificates certificates = TestCertificates.write(work.resolve("tls"));
      try (Gateway gateway = gateway(work, server, issuer, certificates, sessions)) {
        return new RevocationBenchmark(server, issuer, certificates, gateway)
            .measure(sessions, json);
      }
    }
  }

  private static Gateway gateway(
      Path work,
      EmbeddedServer server,
      DemoIssuer issuer,
      TestCertificates certificates,
      int sessions)
      throws IOException, ConfigException {
    Files.writeString(
        work.resolve("policy.yaml"),
        """
        policy: all
        state: active
        default: block
        rules:
          - { id: all, what: { verb: any, status: any }, then: allow }
        """);
    Files.writeString(work.resolve("recorder.key"), HostKey.test(1).toPrivateText());
    Path config =
        Files.writeString(
            work.resolve("nestor.yaml"),
            """
            listen: { host: 127.0.0.1, port: 0, tls: { certificate: "%s", key: "%s" } }
            control: { host: 127.0.0.1, port: 0 }
            issuers:
              - { issuer: "%s", audience: nestor, algorithms: [ES256], keys: discovery }
            databases:
              postgres:
                server: { hosts: ["%s:%d"], database: postgres, tls: off }
                role: postgres
                policy: policy.yaml
            recording: { directory: archive, key: { file: recorder.key }, ring: 16MiB }
            limits: { connections: %d, connections-per-address: %d }
            credentials: { depth: 2, fan-out: %d, lifetime: 1h }
            """
                .formatted(
                    certificates.certificate(),
                    certificates.key(),
                    issuer.url(),
                    server.host(),
                    server.port(),
                    sessions + WARM_UP,
                    sessions + WARM_UP,
                    sessions));
    return Gateway.start(GatewayConfigFile.read(config), true);
  }

  private int measure(int sessions, boolean json) throws Exception {
    try (ControlClient operator = client(issuer.token(ADMINISTRATOR, Duration.ofHours(1)));
        ClientProcess clients = start()) {
      tell("kill of one session, " + KILLS + " times");
      List<Long> kills = kills(operator, clients);
      tell("warming up");
      List<Long> ignored = revocation(operator, clients, "warm", Math.min(sessions, WARM_UP));
      List<Long> cuts = revocation(operator, clients, "leaf", sessions);
      ObjectNode result = JSON.createObjectNode();
      result.put("benchmark", "revocation");
      result.put("date", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
      result
          .putObject("machine")
          .put("os", System.getProperty("os.name") + " " + System.getProperty("os.version"))
          .put("cores", Runtime.getRuntime().availableProcessors())
          .put("java", System.getProperty("java.version"))
          .put("postgres", version());
      boolean revoked =
          figures(result.putObject("revocation"), cuts, REVOCATION_MILLIS_MAX, sessions);
      boolean killed = figures(result.putObject("kill"), kills, KILL_MILLIS_MAX, KILLS);
      System.out.println(json ? result.toString() : words(result));
      return revoked && killed ? 0 : 1;
    }
  }

  private String version() throws Exception {
    try (var connection = server.superuser("postgres")) {
      return connection.getMetaData().getDatabaseProductVersion();
    }
  }

  private static String words(ObjectNode result) {
    return "%-44s %10s %10s %10s%n%s%n%s"
        .formatted(
            "from the request to the client's FATAL, ms",
            "p50",
            "p99",
            "most",
            line("root revoked, sessions below it: ", result.path("revocation")),
            line("one session killed in pg_sleep: ", result.path("kill")));
  }

  private static String line(String what, JsonNode figures) {
    return "%-44s %10.1f %10.1f %10.1f"
        .formatted(
            what + figures.path("clients").asInt(),
            figures.path("p50Millis").asDouble(),
            figures.path("p99Millis").asDouble(),
            figures.path("maxMillis").asDouble());
  }

  /// @return whether all were cut, and the 99th percentile is in time
  private static boolean figures(ObjectNode node, List<Long> micros, long millisMax, int wanted) {
    List<Long> sorted = micros.stream().sorted().toList();
    long p99 = sorted.isEmpty() ? Long.MAX_VALUE : sorted.get((sorted.size() * 99 - 1) / 100);
    node.put("clients", wanted);
    node.put("cut", sorted.size());
    if (!sorted.isEmpty()) {
      node.put("p50Millis", sorted.get((sorted.size() - 1) / 2) / 1000.0);
      node.put("p99Millis", p99 / 1000.0);
      node.put("maxMillis", sorted.getLast() / 1000.0);
    }
    node.put("targetMillis", millisMax);
    boolean met = sorted.size() == wanted && p99 < millisMax * 1000;
    node.put("met", met);
    return met;
  }

  private ControlClient client(String token) throws IOException {
    return ControlClient.of(
        URI.create("https://localhost:" + gateway.controlPort().orElseThrow()),
        Optional.of(certificates.ca()),
        token);
  }

  private List<Long> kills(ControlClient operator, ClientProcess clients) throws Exception {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < KILLS; i++) {
      String name = "victim-" + i;
      lines.add(name + " " + child(issuer.token(ROOT, Duration.ofHours(1)), name));
    }
    clients.open(lines, 1);
    clients.awaitReady();
    TimeUnit.SECONDS.sleep(1); // until each is in its statement
    Map<String, Long> begun = new HashMap<>();
    for (JsonNode each : operator.sessions().path("sessions")) {
      begun.put(each.path("name").asText(), now());
      operator.kill(each.path("session").asLong(), "none");
    }
    List<Long> micros = new ArrayList<>();
    clients
        .ends(KILLS)
        .forEach((name, end) -> {
          Long began = begun.get(name);
          if (began != null && end > 0) {
            micros.add(end - began);
          }
        });
    return micros;
  }

  private String child(String parent, String name) throws IOException {
    try (ControlClient client = client(parent)) { // as the parent
      return client.exchange(Map.of("name", name)).path("access_token").asText();
    }
  }

  private List<Long> revocation(
      ControlClient operator, ClientProcess clients, String prefix, int sessions) throws Exception {
    tell("issuing " + sessions + " credentials");
    String root = issuer.token(ROOT, Duration.ofHours(1));
    List<String> lines = new ArrayList<>();
    for (int branch = 0; branch < BRANCHES; branch++) {
      String parent = child(root, "branch-" + branch);
      try (ControlClient client = client(parent)) {
        for (int leaf = branch; leaf < sessions; leaf += BRANCHES) {
          String name = prefix + "-" + leaf;
          lines.add(
              name + " " + client.exchange(Map.of("name", name)).path("access_token").asText());
        }
      }
    }
    clients.open(lines, 2);
    tell("opening " + sessions + " sessions");
    clients.awaitReady();
    TimeUnit.SECONDS.sleep(5); // until every second one is in its statement
    String id = rootOf(operator, prefix + "-0");
    tell("revoking " + id);
    long began = now();
    JsonNode answer = operator.revoke(id, "benchmark");
    tell(answer.path("sessionsEnded").asInt() + " sessions ended");
    List<Long> cuts = new ArrayList<>();
    for (long end : clients.ends(sessions).values()) {
      if (end > 0) {
        cuts.add(end - began);
      }
    }
    return cuts;
  }

  private static String rootOf(ControlClient operator, String name) throws IOException {
    Map<String, String> parents = new LinkedHashMap<>();
    String leaf = "";
    for (JsonNode each : operator.credentials().path("credentials")) {
      parents.put(each.path("credential").asText(), each.path("parent").asText(""));
      if (each.path("name").asText().equals(name)) {
        leaf = each.path("credential").asText();
      }
    }
    String root = parents.get(parents.getOrDefault(leaf, ""));
    if (root == null) {
      throw new IOException("no credential above the one of " + name);
    }
    return root;
  }

  private static long now() {
    return ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
  }

  private static void tell(String what) {
    System.err.println("benchmarks/revocation: " + what);
  }

  private ClientProcess start() throws IOException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                System.getProperty("java.class.path"),
                Clients.class.getName(),
                Integer.toString(gateway.port()),
                certificates.ca().toString(),
                "postgres")
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    return new ClientProcess(
        process,
        process.outputWriter(StandardCharsets.US_ASCII),
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.US_ASCII)));
  }

  /// The clients, and what they tell.
  private record ClientProcess(Process process, Writer out, BufferedReader in)
      implements AutoCloseable {
    void open(List<String> lines, int busyEvery) throws IOException {
      out.write(busyEvery + "\n");
      for (String line : lines) {
        out.write(line + "\n");
      }
      out.write("\n");
      out.flush();
    }

    void awaitReady() throws IOException {
      String line = in.readLine();
      while (!"ready".equals(line)) {
        if (line == null) {
          throw new IOException("the clients ended");
        }
        line = in.readLine();
      }
    }

    /// When each was cut, by name; 0 if something else happened to it.
    Map<String, Long> ends(int count) {
      try {
        Map<String, Long> ends = new HashMap<>();
        for (int i = 0; i < count; i++) {
          String line = in.readLine();
          if (line == null) {
            return ends;
          }
          int blank = line.indexOf(' ');
          ends.put(line.substring(0, blank), Long.parseLong(line.substring(blank + 1)));
        }
        return ends;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public void close() {
      process.destroy();
    }
  }
}
