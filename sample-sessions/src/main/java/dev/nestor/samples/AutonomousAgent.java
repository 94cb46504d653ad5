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

/// An agent that was told to tidy carts tries to drop the schema, which a human refuses; does its
/// narrow task; and deletes all carts after a human has agreed.
final class AutonomousAgent implements Story {
  private static final String DROP = "drop schema public cascade";
  private static final String TIDY = "update carts set status = 'archived' where id = 42";
  private static final String DELETE = "delete from carts";

  private long tablesBefore;
  private long cartsBefore;
  private long cartsWhileHeld;
  private long tidied;

  @Override
  public int id() {
    return 5;
  }

  @Override
  public String title() {
    return "The autonomous agent and the schema";
  }

  @Override
  public String name() {
    return "5-autonomous-agent";
  }

  @Override
  public Map<String, String> tell(Stage stage) throws SQLException, IOException {
    Map<String, String> seen = new LinkedHashMap<>();
    tablesBefore = tables(stage);
    Superuser.run(stage, "update carts set status = 'open' where id = 42");
    cartsBefore = carts(stage);
    Operators operators = new Operators(stage);
    try (Connection agent = stage.connect(Callers.AGENT, "cart-agent")) {
      CompletableFuture<Attempt> drop = later(agent, DROP);
      seen.put("a human refuses", decide(operators, "refuse", DROP));
      seen.put("DROP SCHEMA … CASCADE", message(drop));
      seen.put("narrow UPDATE", Attempt.of(agent, TIDY).rows() + " row");
      tidied =
          Superuser.number(
              stage, "select count(*) from carts where id = 42 and status = 'archived'");
      CompletableFuture<Attempt> delete = later(agent, DELETE);
      cartsWhileHeld = carts(stage);
      seen.put("a human approves", decide(operators, "approve", DELETE));
      seen.put("DELETE of all carts", message(delete));
      seen.put(
          "orders still there",
          Attempt.of(agent, "select count(*) from orders").ran() ? "yes" : "no");
    }
    return seen;
  }

  private static CompletableFuture<Attempt> later(Connection agent, String sql) {
    return CompletableFuture.supplyAsync(
        () -> Attempt.of(agent, sql), task -> Thread.ofVirtual().start(task));
  }

  /// As a human at a prompt would: looks what waits, and decides it.
  private static String decide(Operators operators, String verb, String sql) throws IOException {
    Optional<String> request = operators.heldStatement(sql);
    return request.isEmpty()
        ? "nothing was held"
        : Operators.word(
            operators.run(Callers.APPROVER, "approvals", verb, request.get()), request.get());
  }

  private static String message(CompletableFuture<Attempt> attempt) {
    try {
      Attempt seen = attempt.get(20, TimeUnit.SECONDS);
      return seen.ran() ? seen.rows() + " rows" : seen.sqlState() + " " + seen.message();
    } catch (TimeoutException | ExecutionException e) {
      return "no answer";
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "interrupted";
    }
  }

  private static long carts(Stage stage) throws SQLException {
    return Superuser.number(stage, "select count(*) from carts");
  }

  private static long tables(Stage stage) throws SQLException {
    return Superuser.number(stage, "select count(*) from pg_tables where schemaname = 'public'");
  }

  @Override
  public List<String> judge(Stage stage, ServerLog.Counts server, Recorded recorded)
      throws SQLException {
    return new Claims()
        .equal(tables(stage), tablesBefore, "tables in public")
        .equal(tidied, 1, "carts tidied")
        .equal(cartsWhileHeld, cartsBefore, "carts while the DELETE was held")
        .equal(carts(stage), 0, "carts after it was approved")
        .equal(recorded.count("agent", "drop schema", DecisionKind.HOLD), 1, "held DROP SCHEMA")
        .equal(recorded.count("agent", "delete from carts", DecisionKind.HOLD), 1, "held DELETE")
        .equal(recorded.count("agent", "update carts", DecisionKind.ALLOW), 1, "allowed UPDATE")
        .equal(server.raised(), 1, "statements that the server was made to refuse")
        .broken();
  }
}
