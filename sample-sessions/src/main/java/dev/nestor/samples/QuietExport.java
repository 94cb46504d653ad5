package dev.nestor.samples;

import dev.nestor.evidence.archive.DecisionKind;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A notebook that was started from a support engineer's psql pulls customers by every way it
/// knows.
final class QuietExport implements Story {
  private static final String SELECT = "select id, name, email from customers order by id";
  private static final String COPY = "copy customers to stdout";
  private static final String INTO = "select id, name into my_customers from customers";

  private static final String ORDERS = "select id, customer_id, total from orders";

  @Override
  public int id() {
    return 3;
  }

  @Override
  public String title() {
    return "The quiet export";
  }

  @Override
  public String name() {
    return "3-quiet-export";
  }

  @Override
  public Map<String, String> tell(Stage stage) throws SQLException, IOException {
    Map<String, String> seen = new LinkedHashMap<>();
    try (Connection notebook = stage.connect(Callers.SUPPORT, "notebook")) {
      seen.put(
          "narrow select",
          Attempt.of(notebook, "select id, name, tier from customers where id <= 25").rows()
              + " rows");
      seen.put("labelled columns", mailboxes(notebook) + " e-mail addresses, all masked");
      seen.put("COPY TO", Attempt.of(notebook, COPY).message());
      seen.put("SELECT INTO", Attempt.of(notebook, INTO).message());
    }
    try (Connection agent = stage.connect(Callers.AGENT, "notebook-agent")) {
      seen.put("row budget of an agent", Attempt.of(agent, ORDERS).message());
    }
    return seen;
  }

  /// Pulls everybody's address.
  ///
  /// @return how many came
  /// @throws IOException if one of them came as it is
  private static int mailboxes(Connection notebook) throws SQLException, IOException {
    int count = 0;
    try (Statement statement = notebook.createStatement();
        ResultSet result = statement.executeQuery(SELECT)) {
      while (result.next()) {
        String address = result.getString(3);
        if (!address.matches("\\*{1,3}@.+")) {
          throw new IOException("an e-mail address came unmasked");
        }
        count++;
      }
    }
    return count;
  }

  @Override
  public List<String> judge(Stage stage, ServerLog.Counts server, Recorded recorded)
      throws SQLException {
    return new Claims()
        .equal(
            Superuser.number(stage, "select count(*) from pg_class where relname = 'my_customers'"),
            0,
            "copies of customers on the server")
        .equal(server.raised(), 2, "statements that the server was made to refuse")
        .equal(recorded.count("support", "email", DecisionKind.MASK), 1, "masked labelled selects")
        .equal(recorded.count("support", "copy", DecisionKind.BLOCK), 1, "blocked COPY TO")
        .equal(recorded.count("support", "into", DecisionKind.BLOCK), 1, "blocked SELECT INTO")
        .equal(recorded.count("agent", "orders", DecisionKind.BLOCK), 1, "selects cut by a budget")
        .equal(recorded.budgetsUsedUp(), 1, "budgets used up")
        .equal(recorded.count("support", "tier", DecisionKind.ALLOW), 1, "allowed narrow selects")
        .broken();
  }
}
