package dev.nestor.samples;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/// What a client saw of one statement.
///
/// @param sqlState `00000` if it ran
/// @param message of the error, empty if it ran
/// @param rows returned or changed
record Attempt(String sqlState, String message, long rows) {
  static Attempt of(Connection connection, String sql) {
    try (Statement statement = connection.createStatement()) {
      long rows = 0;
      if (statement.execute(sql)) {
        try (ResultSet result = statement.getResultSet()) {
          while (result.next()) {
            rows++;
          }
        }
      } else {
        rows = statement.getUpdateCount();
      }
      return new Attempt("00000", "", rows);
    } catch (SQLException e) {
      return new Attempt(String.valueOf(e.getSQLState()), String.valueOf(e.getMessage()), 0);
    }
  }

  boolean ran() {
    return sqlState.equals("00000");
  }

  boolean blocked() {
    return sqlState.equals("42501") && message.contains("blocked by");
  }
}
