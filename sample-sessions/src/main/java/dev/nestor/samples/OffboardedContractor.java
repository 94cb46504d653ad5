package dev.nestor.samples;

import dev.nestor.evidence.archive.DecisionKind;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;

/// A contractor leaves and is revoked; the child that his nightly job runs under is told twice.
/// First where the policy only rehearses: it lives on, and the record has what it did after its
/// parent's end. Then enforced: it ends with its parent.
final class OffboardedContractor implements Story {
  private static final String LOOP =
      "select count(*), sum(total) from orders where customer_id = 17";
  private static final String JOB = "nightly-job";
  private static final String CHILD = "nightly-child";
  private static final String PEEK = "select value from app.settings limit 1";

  private long rehearsedAfter;
  private long enforcedBefore;
  private long enforcedAfter;
  private boolean rehearsalRan;

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
    rehearse(stage, seen);
    enforce(stage, seen);
    return seen;
  }

  /// In dry-run.
  private void rehearse(Stage stage, Map<String, String> seen) throws SQLException, IOException {
    String parent = stage.token(Callers.CONTRACTOR);
    String child = new Operators(stage).exchange(parent, JOB, "orders.read");
    try (Connection contractor = stage.connect(Callers.CONTRACTOR, parent, "workbench")) {
      Attempt look = Attempt.of(contractor, "select id, name, tier from customers where id <= 10");
      seen.put("contractor", look.rows() + " rows");
      try (Connection job = stage.connectRehearsal(JOB, child, JOB)) {
        Attempt.of(job, LOOP);
        seen.put("dry-run: revoke", revoke(stage, "contractor"));
        Attempt after = Attempt.of(job, LOOP);
        rehearsalRan = after.ran() && Attempt.of(job, PEEK).ran();
        rehearsedAfter = backends(stage, JOB);
        seen.put("dry-run: " + JOB, rehearsalRan ? "lives on" : "ended");
      }
    }
  }

  /// Enforced, with a child credential.
  private void enforce(Stage stage, Map<String, String> seen) throws SQLException, IOException {
    String parent = stage.token(Callers.CONTRACTOR);
    String child = new Operators(stage).exchange(parent, CHILD, "orders.read");
    AtomicBoolean running = new AtomicBoolean(true);
    try (Connection job = stage.connectAs(CHILD, child, CHILD)) {
      CompletableFuture<Attempt> loop =
          CompletableFuture.supplyAsync(
              () -> {
                Attempt last = Attempt.of(job, LOOP);
                while (last.ran() && running.get()) {
                  pause();
                  last = Attempt.of(job, LOOP);
                }
                return last;
              },
              task -> Thread.ofVirtual().start(task));
      pauseFor(400);
      enforcedBefore = backends(stage, CHILD);
      seen.put("enforced: revoke", revoke(stage, "contractor"));
      try {
        Attempt end = loop.get(10, TimeUnit.SECONDS);
        seen.put("enforced: " + CHILD, end.sqlState() + " " + end.message());
      } catch (TimeoutException | ExecutionException e) {
        running.set(false);
        seen.put("enforced: " + CHILD, "was not ended");
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      for (int i = 0; i < 100 && backends(stage, CHILD) > 0; i++) {
        pause();
      }
      enforcedAfter = backends(stage, CHILD);
    }
    try (Connection late = stage.connectAs(CHILD, child, CHILD)) {
      seen.put("its next log-in", "let in: " + late.isValid(1));
    } catch (SQLException e) {
      seen.put("its next log-in", e.getSQLState() + " " + e.getMessage());
    }
    try (Connection late =
        stage.connect(Callers.NIGHTLY_JOB, stage.expiredToken(Callers.NIGHTLY_JOB), JOB)) {
      seen.put("an expired token", "let in: " + late.isValid(1));
    } catch (SQLException e) {
      seen.put("an expired token", e.getSQLState() + " " + e.getMessage());
    }
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

  private static long backends(Stage stage, String application) throws SQLException {
    return Superuser.number(
        stage,
        "select count(*) from pg_stat_activity where application_name = '" + application + "'");
  }

  /// As an administrator at a prompt would: by the command line and the control API.
  private static String revoke(Stage stage, String name) throws IOException {
    Operators operators = new Operators(stage);
    Optional<String> credential = operators.credential(name);
    return credential.isEmpty()
        ? "no credential of " + name
        : Operators.word(
            operators.run(
                Callers.ADMINISTRATOR,
                "credentials",
                "revoke",
                credential.get(),
                "--reason",
                "offboarded"),
            credential.get());
  }

  @Override
  public List<String> judge(Stage stage, ServerLog.Counts server, Recorded recorded) {
    long loops = recorded.count(CHILD, "count(*)", DecisionKind.ALLOW);
    return new Claims()
        .equal(rehearsedAfter, 1, "connections of the job in dry-run after the revocation")
        .that(rehearsalRan, "in dry-run nothing of the job was stopped")
        .that(
            recorded.actors(JOB).equals(List.of(JOB)),
            "the archive has the job behind the contractor: " + recorded.actors(JOB))
        .equal(enforcedBefore, 1, "connections of the child before the revocation")
        .equal(enforcedAfter, 0, "connections of the child after it")
        .that(loops > 1, "the archive has the loop, " + loops + " times")
        .that(
            recorded.ended("contractor", "revoked"),
            "the archive says that the contractor's own session was cut")
        .that(
            recorded.ended(CHILD, "revoked"),
            "the archive says that the child's session ended with the revocation")
        .that(
            recorded.actors(CHILD).equals(List.of(CHILD)),
            "the archive has the child behind the contractor: " + recorded.actors(CHILD))
        .equal(recorded.refused("parent-ended"), 1, "log-ins refused for a revoked parent")
        .equal(recorded.refused("expired-token"), 1, "log-ins refused for an expired token")
        .broken();
  }
}
