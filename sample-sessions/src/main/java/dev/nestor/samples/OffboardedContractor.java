package dev.nestor.samples;

import dev.nestor.cli.Main;
import dev.nestor.evidence.archive.DecisionKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;

/// A nightly job with a token of its own runs in a loop, is ended by an administrator, and comes
/// back with a token that has expired.
final class OffboardedContractor implements Story {
  private static final String LOOP =
      "select count(*), sum(total) from orders where customer_id = 17";

  private long liveBefore;
  private long liveAfter;

  @Override
  public int id() {
    return 2;
  }

  @Override
  public String title() {
    return "The offboarded contractor's nightly job";
  }

  @Override
  public String name() {
    return "2-offboarded-contractor";
  }

  @Override
  public Map<String, String> tell(Stage stage) throws SQLException, IOException {
    Map<String, String> seen = new LinkedHashMap<>();
    try (Connection parent = stage.connect(Callers.CONTRACTOR, "workbench")) {
      Attempt look = Attempt.of(parent, "select id, name, tier from customers where id <= 10");
      seen.put("contractor", look.rows() + " rows");
    }
    AtomicBoolean running = new AtomicBoolean(true);
    try (Connection child = stage.connect(Callers.NIGHTLY_JOB, "nightly-job")) {
      CompletableFuture<Attempt> loop =
          CompletableFuture.supplyAsync(() -> {
            Attempt last = Attempt.of(child, LOOP);
            while (last.ran() && running.get()) {
              pause();
              last = Attempt.of(child, LOOP);
            }
            return last;
          });
      pauseFor(400);
      liveBefore = backends(stage);
      seen.put("nestor sessions kill", kill(stage) == 0 ? "killed" : "failed");
      try {
        Attempt end = loop.get(10, TimeUnit.SECONDS);
        seen.put("nightly-job", end.sqlState() + " " + end.message());
      } catch (TimeoutException | ExecutionException e) {
        running.set(false);
        seen.put("nightly-job", "was not ended");
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      liveAfter = backends(stage);
    }
    try (Connection late =
        stage.connect(
            Callers.NIGHTLY_JOB, stage.expiredToken(Callers.NIGHTLY_JOB), "nightly-job")) {
      seen.put("expired token", "let in: " + late.isValid(1));
    } catch (SQLException e) {
      seen.put("expired token", e.getSQLState() + " " + e.getMessage());
    }
    return seen;
  }

  private static void pause() {
    pauseFor(20);
  }

  private static void pauseFor(long millis) {
    try {
      TimeUnit.MILLISECONDS.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static long backends(Stage stage) throws SQLException {
    return Superuser.number(
        stage, "select count(*) from pg_stat_activity where application_name = 'nightly-job'");
  }

  /// As an administrator at a prompt would: by the command line and the control API.
  private static int kill(Stage stage) throws IOException {
    Path token = stage.archive().resolveSibling("administrator.jwt");
    Files.writeString(token, stage.token(Callers.ADMINISTRATOR));
    List<String> connection =
        List.of(
            "--control",
            "https://localhost:" + stage.gateway().controlPort().orElseThrow(),
            "--ca",
            stage.servers().gatewayCertificates().ca().toString(),
            "--token-file",
            token.toString());
    long session = LiveSessions.find(connection, "nightly-job");
    return Main.run(
        LiveSessions.arguments(connection, "sessions", "kill", Long.toString(session), "--json"));
  }

  @Override
  public List<String> judge(Stage stage, ServerLog.Counts server, Recorded recorded) {
    long loops = recorded.count("nightly-job", "count(*)", DecisionKind.ALLOW);
    boolean killed =
        recorded.sessions().stream()
            .anyMatch(session ->
                Recorded.name(session).equals("nightly-job")
                    && session.refusal().isEmpty()
                    && session.end().contains("operator"));
    long refused =
        recorded.sessions().stream()
            .filter(session -> session.refusal().equals("expired-token"))
            .count();
    return new Claims()
        .equal(liveBefore, 1, "connections of the nightly job before the kill")
        .equal(liveAfter, 0, "connections of the nightly job after it")
        .that(loops > 1, "the archive has the loop, " + loops + " times")
        .that(killed, "the archive says that an operator ended the nightly job's session")
        .equal(refused, 1, "log-ins refused for an expired token")
        .broken();
  }
}
