package dev.nestor.proxy.catalog;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Relations with the texts of views. The server locks what a view names, in the weakest mode,
/// while it prints the view's text; so each text is asked for once, and again when the view, or a
/// relation, column or function that it names, has changed.
final class ViewTexts {
  /// As `CatalogQueries.Query.RELATIONS`, but for the last column: of a view that is not the
  /// server's own, what its text depends on.
  private static final String RELATIONS =
      """
      SELECT n.nspname::text, c.relname::text, c.oid::text, c.relkind::text,
             (EXISTS (SELECT 1 FROM pg_catalog.pg_rewrite r
                      WHERE r.ev_class = c.oid AND r.rulename <> '_RETURN'))::text,
             CASE WHEN c.relkind IN ('v', 'm')
                       AND n.nspname NOT IN ('pg_catalog', 'information_schema')
                  THEN (SELECT pg_catalog.string_agg(
                               pg_catalog.concat_ws(':', r.oid, r.xmin,
                                 (SELECT pg_catalog.string_agg(k.xmin::text || k.oid::text, ','
                                                               ORDER BY k.oid)
                                  FROM pg_catalog.pg_class k WHERE k.oid IN
                                    (SELECT d.refobjid FROM pg_catalog.pg_depend d
                                     WHERE d.classid = 'pg_catalog.pg_rewrite'::pg_catalog.regclass
                                       AND d.objid = r.oid AND d.refclassid
                                         = 'pg_catalog.pg_class'::pg_catalog.regclass)),
                                 (SELECT pg_catalog.sum(pg_catalog.hashtext(
                                           pg_catalog.concat_ws(',', a.attrelid, a.attnum, a.xmin)))
                                  FROM pg_catalog.pg_attribute a WHERE a.attrelid IN
                                    (SELECT d.refobjid FROM pg_catalog.pg_depend d
                                     WHERE d.classid = 'pg_catalog.pg_rewrite'::pg_catalog.regclass
                                       AND d.objid = r.oid AND d.refclassid
                                         = 'pg_catalog.pg_class'::pg_catalog.regclass)),
                                 (SELECT pg_catalog.string_agg(p.xmin::text || p.oid::text, ','
                                                               ORDER BY p.oid)
                                  FROM pg_catalog.pg_proc p WHERE p.oid IN
                                    (SELECT d.refobjid FROM pg_catalog.pg_depend d
                                     WHERE d.classid = 'pg_catalog.pg_rewrite'::pg_catalog.regclass
                                       AND d.objid = r.oid AND d.refclassid
                                         = 'pg_catalog.pg_proc'::pg_catalog.regclass))), ';')
                        FROM pg_catalog.pg_rewrite r WHERE r.ev_class = c.oid) END
      FROM pg_catalog.pg_class c
      JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S') AND n.nspname !~ '^pg_t(emp|oast)'\
      """;

  private static final String TEXTS =
      "SELECT c.oid::text, pg_catalog.pg_get_viewdef(c.oid) FROM pg_catalog.pg_class c"
          + " WHERE c.oid = ANY (CAST(? AS pg_catalog.oid[]))";

  private static final int OID = 2;
  private static final int TEXT = 5;

  /// A view's text, and what it depended on.
  private record Known(String source, String text) {}

  private final Connection connection;
  private Map<String, Known> known = new HashMap<>();

  ViewTexts(Connection connection) {
    this.connection = connection;
  }

  /// The rows that `CatalogQueries.Query.RELATIONS` would give. Blocks.
  ///
  /// @param names changes when a schema or an operator may have another name
  List<List<Optional<String>>> relations(Statement statement, String names) throws SQLException {
    List<List<Optional<String>>> rows = new ArrayList<>();
    Map<String, String> sources = new HashMap<>();
    try (ResultSet result = statement.executeQuery(RELATIONS)) {
      while (result.next()) {
        List<Optional<String>> cells = new ArrayList<>(TEXT + 1);
        for (int column = 0; column <= TEXT; column++) {
          cells.add(Optional.ofNullable(result.getString(column + 1)));
        }
        rows.add(cells);
        cells
            .get(TEXT)
            .ifPresent(source -> sources.put(cells.get(OID).orElseThrow(), names + source));
      }
    }
    refresh(sources);
    for (List<Optional<String>> cells : rows) {
      @Nullable Known view = known.get(cells.get(OID).orElseThrow());
      cells.set(TEXT, view == null ? Optional.empty() : Optional.of(view.text()));
    }
    return rows;
  }

  private void refresh(Map<String, String> sources) throws SQLException {
    Map<String, Known> now = new HashMap<>();
    List<String> wanted = new ArrayList<>();
    sources.forEach((oid, source) -> {
      @Nullable Known earlier = known.get(oid);
      if (earlier != null && earlier.source().equals(source)) {
        now.put(oid, earlier);
      } else {
        wanted.add(oid);
      }
    });
    if (!wanted.isEmpty()) {
      try (PreparedStatement texts = connection.prepareStatement(TEXTS)) {
        texts.setString(1, "{" + String.join(",", wanted) + "}");
        try (ResultSet row = texts.executeQuery()) {
          while (row.next()) {
            String oid = row.getString(1);
            String source = sources.getOrDefault(oid, "");
            now.put(oid, new Known(source, String.valueOf(row.getString(2))));
          }
        }
      }
    }
    known = now;
  }
}
