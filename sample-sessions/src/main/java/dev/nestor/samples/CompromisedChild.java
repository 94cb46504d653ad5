package dev.nestor.samples;

import dev.nestor.evidence.archive.DecisionKind;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A migration helper reads application settings and creates a role.
final class CompromisedChild implements Story {
  private static final String ROLE = "create role backdoor login superuser";

  @Override
  public int id() {
    return 4;
  }

  @Override
  public String title() {
    return "The compromised child";
  }

  @Override
  public String name() {
    return "4-compromised-child";
  }

  @Override
  public Map<String, String> tell(Stage stage) throws SQLException, IOException {
    Map<String, String> seen = new LinkedHashMap<>();
    try (Connection helper = stage.connect(Callers.AGENT, "migration-helper")) {
      seen.put(
          "its task",
          Attempt.of(helper, "select count(*) from orders where total > 400").rows() + " row");
      seen.put("app.settings", Attempt.of(helper, "select key, value from app.settings").message());
      Attempt role = Attempt.of(helper, ROLE);
      seen.put("CREATE ROLE", role.sqlState() + " " + role.message());
      Attempt after = Attempt.of(helper, "select 1");
      seen.put("afterwards", after.ran() ? "still alive" : "the session is gone");
    }
    return seen;
  }

  @Override
  public List<String> judge(Stage stage, ServerLog.Counts server, Recorded recorded)
      throws SQLException {
    boolean ended =
        recorded.sessions().stream()
            .anyMatch(session ->
                Recorded.name(session).equals("agent") && session.end().contains("policy"));
    return new Claims()
        .equal(
            Superuser.number(stage, "select count(*) from pg_roles where rolname = 'backdoor'"),
            0,
            "roles created")
        .equal(
            recorded.count("agent", "app.settings", DecisionKind.BLOCK),
            1,
            "blocked reads of app.settings")
        .equal(
            recorded.count("agent", "create role", DecisionKind.KILL), 1, "kills for CREATE ROLE")
        .that(ended, "the archive says that policy ended the session")
        .equal(server.raised(), 1, "statements that the server was made to refuse")
        .broken();
  }
}
