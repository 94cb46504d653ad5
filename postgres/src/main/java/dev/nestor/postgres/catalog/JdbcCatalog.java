package dev.nestor.postgres.catalog;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Reads a server's catalog over a JDBC connection that somebody else opened.
public final class JdbcCatalog {
  private JdbcCatalog() {}

  /// Reads all of it in one transaction; the connection must be in auto-commit. Blocks.
  ///
  /// @param epoch which state of the catalog this is
  /// @throws SQLException as the server reports it
  public static CatalogSnapshot read(Connection connection, long epoch) throws SQLException {
    CatalogQueries.Reader reader = CatalogQueries.reader();
    try (Statement statement = connection.createStatement()) {
      statement.execute(CatalogQueries.BEGIN);
      try {
        for (CatalogQueries.Query query : CatalogQueries.Query.values()) {
          try (ResultSet rows = statement.executeQuery(query.sql())) {
            take(reader, query, rows);
          }
        }
      } finally {
        statement.execute(CatalogQueries.COMMIT);
      }
    }
    return reader.snapshot(epoch);
  }

  private static void take(CatalogQueries.Reader reader, CatalogQueries.Query query, ResultSet rows)
      throws SQLException {
    int columns = rows.getMetaData().getColumnCount();
    while (rows.next()) {
      List<Optional<String>> cells = new ArrayList<>(columns);
      for (int column = 1; column <= columns; column++) {
        cells.add(Optional.ofNullable(rows.getString(column)));
      }
      reader.row(query, cells);
    }
  }
}
