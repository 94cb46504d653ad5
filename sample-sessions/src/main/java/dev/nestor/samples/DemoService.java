package dev.nestor.samples;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.nestor.cli.ExitCode;
import dev.nestor.evidence.archive.EvidenceArchive;
import dev.nestor.evidence.archive.EvidenceArchives;
import dev.nestor.evidence.integrity.IntegrityState;
import dev.nestor.evidence.integrity.TrustedSigners;
import dev.nestor.evidence.integrity.VerificationProgress;
import dev.nestor.recorder.note.HostKey;
import dev.nestor.testservers.DemoIssuer;
import dev.nestor.testservers.OrdersDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/// `nestor demo --serve`: the demo's servers and a gateway, until told to stop; then seals and
/// verifies.
final class DemoService {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration TOKEN_LIFE = Duration.ofHours(8);
  private static final int PREFERRED_PORT = 6432;

  private final DemoServers servers;
  private final HostKey key;
  private final Path out;
  private final boolean json;

  DemoService(DemoServers servers, HostKey key, Path out, boolean json) {
    this.servers = servers;
    this.key = key;
    this.out = out;
    this.json = json;
  }

  int run() throws IOException {
    Stage stage = open();
    Path ca = out.resolve("ca.crt").toAbsolutePath();
    Files.writeString(ca, Files.readString(servers.gatewayCertificates().ca()));
    announce(stage, ca);
    CountDownLatch stop = new CountDownLatch(1);
    CountDownLatch sealed = new CountDownLatch(1);
    Thread hook =
        new Thread(
            () -> {
              stop.countDown();
              try {
                sealed.await();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            },
            "seal");
    Runtime.getRuntime().addShutdownHook(hook);
    try {
      stop.await();
      return seal(stage);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return ExitCode.INCOMPLETE;
    } finally {
      servers.close();
      sealed.countDown();
    }
  }

  private Stage open() throws IOException {
    try {
      return Stage.open(servers, "serve", key.toPrivateText(), PREFERRED_PORT);
    } catch (IOException e) {
      System.err.println("nestor: port " + PREFERRED_PORT + " is taken; using a free one");
      return Stage.open(servers, "serve-free-port", key.toPrivateText(), 0);
    }
  }

  private int seal(Stage stage) throws IOException {
    System.err.println("nestor: sealing");
    stage.seal();
    Path archive = out.resolve("session.pgrec");
    EvidenceArchives.pack(stage.archive(), archive);
    try (EvidenceArchive evidence = EvidenceArchives.open(archive)) {
      IntegrityState state =
          evidence
              .verify(
                  new TrustedSigners(List.of(key.verifierKey().toString())),
                  VerificationProgress.SILENT)
              .state();
      System.err.println("nestor: " + archive + " is " + state.word());
      return state == IntegrityState.VERIFIED ? ExitCode.OK : ExitCode.NO;
    }
  }

  private void announce(Stage stage, Path ca) throws IOException {
    StringBuilder service = new StringBuilder();
    ObjectNode ready = JSON.createObjectNode();
    ready.put("ready", true);
    ready.put("pid", ProcessHandle.current().pid());
    ready
        .putObject("gateway")
        .put("host", "localhost")
        .put("port", stage.gateway().port())
        .put("database", OrdersDatabase.NAME)
        .put("caFile", ca.toString());
    ready
        .putObject("server")
        .put("host", servers.postgres().host())
        .put("port", servers.postgres().port())
        .put("database", OrdersDatabase.NAME)
        .put("user", "postgres")
        .put("password", "postgres");
    ready
        .putObject("control")
        .put("url", "https://localhost:" + stage.gateway().controlPort().orElseThrow());
    ready.put("archive", stage.archive().toString());
    ArrayNode callers = ready.putArray("callers");
    for (DemoIssuer.Identity caller : Callers.ALL) {
      String token = servers.issuer().token(caller, TOKEN_LIFE);
      ObjectNode node = callers.addObject();
      node.put("name", caller.name()).put("kind", caller.kind());
      ArrayNode groups = node.putArray("groups");
      caller.groups().forEach(groups::add);
      node.put("scope", caller.scope()).put("user", caller.name()).put("password", token);
      service.append(
          """
          [%s]
          host=localhost
          port=%d
          dbname=orders
          user=%s
          sslmode=verify-full
          sslrootcert=%s
          password=%s

          """
              .formatted(caller.name(), stage.gateway().port(), caller.name(), ca, token));
    }
    Path serviceFile = out.resolve("pg_service.conf").toAbsolutePath();
    Files.writeString(serviceFile, service);
    if (json) {
      System.out.println(JSON.writeValueAsString(ready));
      System.out.flush();
      return;
    }
    System.out.println("Ready. Paste one of these (tokens are good for 8 hours):");
    for (DemoIssuer.Identity caller : Callers.ALL) {
      System.out.printf(
          "  PGSERVICEFILE=%s psql service=%-14s # %s %s %s%n",
          serviceFile,
          caller.name(),
          caller.kind(),
          String.join(",", caller.groups()),
          caller.scope());
    }
    System.out.println("Ctrl-C seals and verifies the recording.");
  }
}
