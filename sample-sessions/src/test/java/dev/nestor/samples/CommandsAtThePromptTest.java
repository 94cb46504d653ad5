package dev.nestor.samples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nestor.cli.Main;
import dev.nestor.recorder.archive.Archive;
import dev.nestor.recorder.event.RecordedEvent;
import dev.nestor.recorder.note.HostKey;
import dev.nestor.testservers.DemoIssuer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What an operator types, and what it prints, against a gateway that serves the demo's shop.
class CommandsAtThePromptTest {
  private static final String SELECT = "select id from orders limit 1";
  private static final String DROP = "drop table payments";

  private static DemoServers servers;

  private Stage stage;

  private record Ran(int code, String out, String err) {}

  @BeforeAll
  static void start() throws IOException {
    servers = DemoServers.start();
  }

  @AfterAll
  static void stop() {
    servers.close();
  }

  @BeforeEach
  void open() throws IOException {
    stage = Stage.open(servers, "prompt" + System.nanoTime(), HostKey.test(1).toPrivateText(), 0);
  }

  @AfterEach
  void close() throws IOException {
    stage.seal();
  }

  private static Ran run(String... command) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    PrintStream standardOut = System.out;
    PrintStream standardErr = System.err;
    System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
    System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
    int code;
    try {
      code = Main.run(command);
    } finally {
      System.setOut(standardOut);
      System.setErr(standardErr);
    }
    return new Ran(
        code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  /// With a token, as `--token-file` of its owner.
  private Ran as(String token, String... command) throws IOException {
    Path file = Files.createTempFile(stage.archive().getParent(), "token", ".jwt");
    Files.writeString(file, token);
    List<String> all = new ArrayList<>(List.of(command));
    all.addAll(
        List.of(
            "--control",
            "https://localhost:" + stage.gateway().controlPort().orElseThrow(),
            "--ca",
            servers.gatewayCertificates().ca().toString(),
            "--token-file",
            file.toString()));
    return run(all.toArray(String[]::new));
  }

  private Ran as(DemoIssuer.Identity caller, String... command) throws IOException {
    return as(stage.token(caller), command);
  }

  private static String hint(Attempt attempt) {
    return attempt.sqlState() + " " + attempt.message();
  }

  private <T extends RecordedEvent> List<T> recorded(Class<T> type) throws IOException {
    stage.seal();
    try (Archive archive = Archive.open(stage.archive());
        var frames = archive.events(1)) {
      return frames
          .map(frame -> frame.event().orElseThrow())
          .filter(type::isInstance)
          .map(type::cast)
          .toList();
    }
  }

  @Test
  void accessIsAskedForApprovedTakenAndUsed() throws Exception {
    String support = stage.token(Callers.SUPPORT);
    try (Connection narrow = stage.connect(Callers.SUPPORT, support, "psql")) {
      assertThat(Attempt.of(narrow, SELECT).ran()).isFalse();
    }
    // the scope speaks of agents and services, so it is an agent that asks
    String agent =
        new Operators(stage).exchange(stage.token(Callers.AGENT), "helper", "carts.write");
    try (Connection blocked = stage.connectAs("helper", agent, "helper")) {
      assertThat(hint(Attempt.of(blocked, SELECT))).startsWith("42501");
    }

    Ran asked =
        as(
            agent,
            "access",
            "request",
            "--database",
            "orders",
            "--scope",
            "orders.read",
            "--for",
            "30m",
            "--reason",
            "ticket 4711");

    assertThat(asked.code()).as(asked.err()).isZero();
    String request = asked.out().split("[ :]")[0];
    assertThat(request).matches("r-[0-9a-f]{16}");
    assertThat(as(agent, "access", "approve", request).code()).as("not by who asks").isNotZero();
    assertThat(as(Callers.CI_JOB, "access", "approve", request).code())
        .as("not by a program")
        .isNotZero();
    assertThat(as(agent, "access", "take", request).code()).as("not before").isNotZero();
    assertThat(as(Callers.APPROVER, "access", "list").out())
        .contains(request)
        .contains("ticket 4711");
    assertThat(as(Callers.APPROVER, "access", "approve", request).code()).isZero();
    assertThat(as(Callers.APPROVER, "access", "refuse", request).code())
        .as("it is decided")
        .isNotZero();
    Ran taken = as(agent, "access", "take", request);
    assertThat(taken.code()).as(taken.err()).isZero();
    try (Connection wider = stage.connectAs("helper", taken.out().strip(), "helper")) {
      assertThat(Attempt.of(wider, SELECT).ran()).isTrue();
    }
    assertThat(as(agent, "access", "take", request).code()).as("once").isNotZero();
  }

  @Test
  void aCommentOfAnApproverStandsInTheRecord() throws Exception {
    try (Connection agent = stage.connect(Callers.AGENT, "agent")) {
      CompletableFuture<Attempt> drop =
          CompletableFuture.supplyAsync(
              () -> Attempt.of(agent, DROP), task -> Thread.ofVirtual().start(task));
      Optional<String> held = new Operators(stage).heldStatement("payments");

      Ran refused =
          as(
              Callers.APPROVER,
              "approvals",
              "refuse",
              held.orElseThrow(),
              "--comment",
              "not on a Friday");

      assertThat(refused.code()).as(refused.err()).isZero();
      assertThat(refused.out()).startsWith(held.get() + ": refused");
      assertThat(drop.get(20, TimeUnit.SECONDS).sqlState()).isEqualTo("42501");
      assertThat(as(Callers.APPROVER, "approvals", "approve", held.get()).code())
          .as("it is decided")
          .isNotZero();
    }
    assertThat(recorded(RecordedEvent.Comment.class))
        .extracting(RecordedEvent.Comment::text)
        .containsExactly("not on a Friday");
  }

  @Test
  void revokingTellsWhatItCut() throws Exception {
    String parent = stage.token(Callers.CONTRACTOR);
    Operators operators = new Operators(stage);
    String enforced = operators.exchange(parent, "enforced", "orders.read");
    String rehearsed = operators.exchange(parent, "rehearsed", "orders.read");
    try (Connection cut = stage.connectAs("enforced", enforced, "job");
        Connection goesOn = stage.connectRehearsal("rehearsed", rehearsed, "job")) {
      String credential = operators.credential("contractor").orElseThrow();
      assertThat(as(Callers.ADMINISTRATOR, "credentials", "tree").out())
          .contains(credential, "enforced", "rehearsed");

      Ran revoked =
          as(Callers.ADMINISTRATOR, "credentials", "revoke", credential, "--reason", "offboarded");

      assertThat(revoked.code()).as(revoked.err()).isZero();
      assertThat(revoked.out().strip())
          .isEqualTo(
              credential
                  + " (contractor): 3 credentials ended, 1 sessions cut, 1 go on because the"
                  + " policy of their database is in dry-run");
      assertThat(Attempt.of(cut, SELECT).ran()).isFalse();
      assertThat(Attempt.of(goesOn, SELECT).ran()).isTrue();
    }
  }

  @Test
  void anArchiveIsVerifiedWithoutKeysForReading(@TempDir Path folder) throws IOException {
    Path samples = Path.of(System.getProperty("nestor.root"), "sample-sessions");
    Path archive = samples.resolve("3-quiet-export.pgrec");
    String key = samples.resolve("nestor.vkey").toString();

    Ran good = run("archive", "verify", "--keyless", "--key", key, archive.toString());

    assertThat(good.code()).as(good.out() + good.err()).isZero();
    Path damaged = Files.copy(archive, folder.resolve("damaged.pgrec"));
    byte[] bytes = Files.readAllBytes(damaged);
    bytes[bytes.length / 2] ^= 1;
    Files.write(damaged, bytes);
    Ran bad = run("archive", "verify", "--keyless", "--key", key, damaged.toString());
    assertThat(bad.code()).as(bad.out() + bad.err()).isNotZero();
  }
}
