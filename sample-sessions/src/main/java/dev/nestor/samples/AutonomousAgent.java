package dev.nestor.samples;

import dev.nestor.evidence.archive.DecisionKind;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// An agent that was told to tidy carts tries to drop the schema, then does its narrow task.
final class AutonomousAgent implements Story {
  private static final String DROP = "drop schema public cascade";
  private static final String TIDY = "update carts set status = 'archived' where id = 42";

  private long tablesBefore;

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
    try (Connection agent = stage.connect(Callers.AGENT, "cart-agent")) {
      seen.put("DROP SCHEMA … CASCADE", Attempt.of(agent, DROP).message());
      seen.put("narrow UPDATE", Attempt.of(agent, TIDY).rows() + " row");
      seen.put(
          "orders still there",
          Attempt.of(agent, "select count(*) from orders").ran() ? "yes" : "no");
    }
    return seen;
  }

  private static long tables(Stage stage) throws SQLException {
    return Superuser.number(stage, "select count(*) from pg_tables where schemaname = 'public'");
  }

  @Override
  public List<String> judge(Stage stage, ServerLog.Counts server, Recorded recorded)
      throws SQLException {
    return new Claims()
        .equal(tables(stage), tablesBefore, "tables in public")
        .equal(
            Superuser.number(
                stage, "select count(*) from carts where id = 42 and status = 'archived'"),
            1,
            "carts tidied")
        .equal(recorded.count("agent", "drop schema", DecisionKind.BLOCK), 1, "blocked DROP SCHEMA")
        .equal(recorded.count("agent", "update carts", DecisionKind.ALLOW), 1, "allowed UPDATE")
        .equal(server.raised(), 1, "statements that the server was made to refuse")
        .broken();
  }
}
