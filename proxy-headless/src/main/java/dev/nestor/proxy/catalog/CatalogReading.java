package dev.nestor.proxy.catalog;

import dev.nestor.postgres.catalog.CatalogQueries;
import dev.nestor.postgres.catalog.CatalogQueries.Query;
import dev.nestor.postgres.catalog.CatalogSnapshot;
import dev.nestor.proxy.catalog.CatalogDigest.Part;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Reads the catalog over one connection, again and again. What a digest says has not changed is
/// not asked for twice: most of a catalog is the server's own functions and columns, and who
/// defines a table should not wait for all of them. Belongs to one thread.
final class CatalogReading {
  /// What the rows of a query depend on, where that is little. The others are asked each time.
  private static final Map<Query, List<Part>> SOURCES =
      Map.of(
          Query.COLUMNS, List.of(Part.RELATIONS, Part.COLUMNS, Part.SCHEMAS),
          Query.FUNCTIONS, List.of(Part.FUNCTIONS, Part.SCHEMAS, Part.ROLES),
          Query.OPERATORS, List.of(Part.OPERATORS, Part.SCHEMAS));

  /// Rows of a query, and what a digest that was taken before said of their sources.
  private record Rows(String source, List<List<Optional<String>>> rows) {}

  private final Connection connection;
  private final ViewTexts views;
  private final Map<Query, Rows> kept = new EnumMap<>(Query.class);
  private @Nullable PreparedStatement digest;

  /// @param connection in auto-commit
  CatalogReading(Connection connection) {
    this.connection = connection;
    this.views = new ViewTexts(connection);
  }

  /// The digest of the catalog as it is now. Blocks.
  String digest() throws SQLException {
    if (digest == null) {
      digest = connection.prepareStatement("SELECT (" + CatalogDigest.QUERY + ")");
    }
    try (ResultSet row = digest.executeQuery()) {
      return row.next() ? String.valueOf(row.getString(1)) : "";
    }
  }

  /// Reads what has changed, in one transaction. Blocks.
  ///
  /// @param now a digest that was taken before
  /// @param epoch which state of the catalog this is
  CatalogSnapshot read(String now, long epoch) throws SQLException {
    CatalogQueries.Reader reader = CatalogQueries.reader();
    try (Statement statement = connection.createStatement()) {
      statement.execute(CatalogQueries.BEGIN);
      try {
        for (Query query : Query.values()) {
          for (List<Optional<String>> row : rows(statement, query, now)) {
            reader.row(query, row);
          }
        }
      } finally {
        statement.execute(CatalogQueries.COMMIT);
      }
    }
    return reader.snapshot(epoch);
  }

  private List<List<Optional<String>>> rows(Statement statement, Query query, String now)
      throws SQLException {
    if (query == Query.RELATIONS) {
      return views.relations(statement, CatalogDigest.part(now, Part.SCHEMAS, Part.OPERATORS));
    }
    @Nullable List<Part> sources = SOURCES.get(query);
    @Nullable Rows earlier = kept.get(query);
    String source = sources == null ? "" : CatalogDigest.part(now, sources.toArray(new Part[0]));
    if (sources != null && earlier != null && earlier.source().equals(source)) {
      return earlier.rows();
    }
    List<List<Optional<String>>> rows = new ArrayList<>();
    try (ResultSet result = statement.executeQuery(query.sql())) {
      int columns = result.getMetaData().getColumnCount();
      while (result.next()) {
        List<Optional<String>> cells = new ArrayList<>(columns);
        for (int column = 1; column <= columns; column++) {
          cells.add(Optional.ofNullable(result.getString(column)));
        }
        rows.add(cells);
      }
    }
    if (sources != null) {
      kept.put(query, new Rows(source, rows));
    }
    return rows;
  }
}
