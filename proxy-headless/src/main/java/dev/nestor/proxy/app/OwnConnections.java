package dev.nestor.proxy.app;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Connections that gateways of this process have opened for themselves, by the server's process.
/// So that they are not taken for sessions past the gateway.
final class OwnConnections {
  private static final ConcurrentHashMap<Integer, Connection> BY_PROCESS =
      new ConcurrentHashMap<>();

  private OwnConnections() {}

  /// Takes note of a connection.
  ///
  /// @return the same
  static Connection noted(Connection connection) throws SQLException {
    BY_PROCESS.values().removeIf(OwnConnections::isClosed);
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT pg_catalog.pg_backend_pid()")) {
      if (row.next()) {
        BY_PROCESS.put(row.getInt(1), connection);
      }
    }
    return connection;
  }

  /// Whether a process belongs to one of them.
  static boolean has(int process) {
    @Nullable Connection connection = BY_PROCESS.get(process);
    return connection != null && !isClosed(connection);
  }

  private static boolean isClosed(Connection connection) {
    try {
      return connection.isClosed();
    } catch (SQLException e) {
      return true;
    }
  }
}
