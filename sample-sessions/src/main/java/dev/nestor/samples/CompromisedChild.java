package dev.nestor.samples;

import dev.nestor.cli.control.ControlClient;
import dev.nestor.evidence.archive.DecisionKind;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// An agent gives a migration helper a credential of its own. The helper reads application
/// settings, asks for a wider scope and creates a role: blocked, refused, killed, and its
/// credential is locked with what it has handed on itself.
final class CompromisedChild implements Story {
  private static final String ROLE = "create role backdoor login superuser";
  private static final String HELPER = "migration-helper";
  private static final String HELPERS_OWN = "row-copier";

  private boolean widened;
  private final List<String> letInAfterwards = new ArrayList<>();
  private boolean agentGoesOn;

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
    Operators operators = new Operators(stage);
    String parent = stage.token(Callers.AGENT);
    String child = operators.exchange(parent, HELPER, "orders.read");
    String grandchild = operators.exchange(child, HELPERS_OWN, "orders.read");
    try (Connection agent = stage.connect(Callers.AGENT, parent, "planner");
        Connection helper = stage.connectAs(HELPER, child, HELPER);
        Connection copier = stage.connectAs(HELPERS_OWN, grandchild, HELPERS_OWN)) {
      seen.put(
          "its task",
          Attempt.of(helper, "select count(*) from orders where total > 400").rows() + " row");
      seen.put("app.settings", Attempt.of(helper, "select key, value from app.settings").message());
      seen.put("asks for more", widen(operators, child));
      Attempt role = Attempt.of(helper, ROLE);
      seen.put("CREATE ROLE", role.sqlState() + " " + role.message());
      seen.put("the helper's own child", Attempt.of(copier, "select 1").sqlState());
      seen.put(HELPER + " again", logIn(stage, HELPER, child));
      seen.put(HELPERS_OWN + " again", logIn(stage, HELPERS_OWN, grandchild));
      agentGoesOn = Attempt.of(agent, "select count(*) from orders").ran();
      seen.put("the agent itself", agentGoesOn ? "goes on" : "is gone");
    }
    return seen;
  }

  private String widen(Operators operators, String child) throws IOException {
    try {
      operators.exchange(child, "wider", "orders.read carts.write");
      widened = true;
      return "was given it";
    } catch (ControlClient.RefusedException e) {
      return String.valueOf(e.getMessage());
    }
  }

  private String logIn(Stage stage, String name, String token) {
    try (Connection again = stage.connectAs(name, token, name)) {
      letInAfterwards.add(name);
      return "let in: " + again.isValid(1);
    } catch (SQLException e) {
      return e.getSQLState() + " " + e.getMessage();
    }
  }

  @Override
  public List<String> judge(Stage stage, ServerLog.Counts server, Recorded recorded)
      throws SQLException {
    return new Claims()
        .equal(
            Superuser.number(stage, "select count(*) from pg_roles where rolname = 'backdoor'"),
            0,
            "roles created")
        .equal(
            recorded.count(HELPER, "app.settings", DecisionKind.BLOCK),
            1,
            "blocked reads of app.settings")
        .equal(recorded.count(HELPER, "create role", DecisionKind.KILL), 1, "kills for CREATE ROLE")
        .that(recorded.ended(HELPER, "policy"), "the archive says that policy ended the session")
        .that(
            recorded.ended(HELPERS_OWN, "policy"),
            "the archive says that policy ended the session of the helper's own child")
        .that(
            recorded.actors(HELPERS_OWN).equals(List.of(HELPER, HELPERS_OWN)),
            "the archive has the chain: " + recorded.actors(HELPERS_OWN))
        .equal(recorded.refused("revoked"), 1, "log-ins refused with a locked credential")
        .equal(recorded.refused("parent-ended"), 1, "log-ins refused for a locked parent")
        .that(!widened, "no wider scope was given")
        .that(letInAfterwards.isEmpty(), "nobody was let in afterwards: " + letInAfterwards)
        .that(agentGoesOn, "the agent itself goes on")
        .equal(server.raised(), 1, "statements that the server was made to refuse")
        .broken();
  }
}
