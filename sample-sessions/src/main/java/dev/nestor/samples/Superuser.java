package dev.nestor.samples;

import dev.nestor.testservers.OrdersDatabase;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/// Asks the server directly, as its superuser.
final class Superuser {
  private Superuser() {}

  static long number(Stage stage, String sql) throws SQLException {
    try (Connection connection = stage.servers().postgres().superuser(OrdersDatabase.NAME);
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getLong(1);
    }
  }

  static void run(Stage stage, String sql) throws SQLException {
    stage.servers().postgres().run(OrdersDatabase.NAME, sql);
  }
}
