package dev.nestor.postgres.catalog;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The SQL that reads a server's catalog, and what to do with its rows.
///
/// Every query returns text columns only and works on PostgreSQL 14 to 18. Run [#BEGIN], then the
/// others in any order, then [#COMMIT], so that all see one state; an empty search path makes the
/// server print every name with its schema.
///
/// ```java
/// CatalogQueries.Reader reader = CatalogQueries.reader();
/// for (CatalogQueries.Query query : CatalogQueries.Query.values()) {
///   run(query.sql(), row -> reader.row(query, row));
/// }
/// CatalogSnapshot snapshot = reader.snapshot(epoch);
/// ```
public final class CatalogQueries {
  /// Opens the transaction in which the queries see one state of the catalog.
  public static final String BEGIN =
      "BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL search_path = ''";

  /// Ends the transaction.
  public static final String COMMIT = "COMMIT";

  private CatalogQueries() {}

  /// One query each, in an order that may be kept or not.
  public enum Query {
    /// `nspname`.
    SCHEMAS("SELECT nspname::text FROM pg_catalog.pg_namespace"),
    /// `nspname, relname, oid, relkind, has rules, view definition or NULL`.
    RELATIONS(
        """
        SELECT n.nspname::text, c.relname::text, c.oid::text, c.relkind::text,
               (EXISTS (SELECT 1 FROM pg_catalog.pg_rewrite r
                        WHERE r.ev_class = c.oid AND r.rulename <> '_RETURN'))::text,
               CASE WHEN c.relkind IN ('v', 'm')
                         AND n.nspname NOT IN ('pg_catalog', 'information_schema')
                    THEN pg_catalog.pg_get_viewdef(c.oid) END
        FROM pg_catalog.pg_class c
        JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S') AND n.nspname !~ '^pg_t(emp|oast)'\
        """),
    /// `relation oid, attnum, attname, type oid`, ordered.
    COLUMNS(
        """
        SELECT a.attrelid::text, a.attnum::text, a.attname::text, a.atttypid::text
        FROM pg_catalog.pg_attribute a
        JOIN pg_catalog.pg_class c ON c.oid = a.attrelid
        JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        WHERE a.attnum > 0 AND NOT a.attisdropped
          AND c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S') AND n.nspname !~ '^pg_t(emp|oast)'
        ORDER BY a.attrelid, a.attnum\
        """),
    /// `child oid, parent schema, parent name`.
    PARENTS(
        """
        SELECT i.inhrelid::text, n.nspname::text, c.relname::text
        FROM pg_catalog.pg_inherits i
        JOIN pg_catalog.pg_class c ON c.oid = i.inhparent
        JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        WHERE c.relkind IN ('r', 'p', 'f')\
        """),
    /// `nspname, proname, oid, lanname, provolatile, prosecdef, owner, output names`.
    FUNCTIONS(
        """
        SELECT n.nspname::text, p.proname::text, p.oid::text, l.lanname::text,
               p.provolatile::text, p.prosecdef::text, pg_catalog.pg_get_userbyid(p.proowner)::text,
               (SELECT pg_catalog.string_agg(coalesce(p.proargnames[i], ''), E'\\t' ORDER BY i)
                FROM pg_catalog.generate_subscripts(p.proargmodes, 1) i
                WHERE p.proargmodes[i] IN ('o', 'b', 't'))
        FROM pg_catalog.pg_proc p
        JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
        JOIN pg_catalog.pg_language l ON l.oid = p.prolang\
        """),
    /// `relation oid, r or w, function schema, function name`: what reading (r) or writing (w) a
    /// relation runs without naming it. PostgreSQL keeps no dependencies on its own functions.
    HIDDEN_CODE(
        """
        SELECT t.tgrelid::text, 'w'::text, n.nspname::text, p.proname::text
        FROM pg_catalog.pg_trigger t
        JOIN pg_catalog.pg_proc p ON p.oid = t.tgfoid
        JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
        WHERE NOT t.tgisinternal AND t.tgenabled <> 'D'
        UNION
        SELECT x.relation::text, x.event, n.nspname::text, p.proname::text
        FROM (SELECT d.adrelid AS relation, 'w'::text AS event,
                     'pg_catalog.pg_attrdef'::pg_catalog.regclass AS class, d.oid AS object
              FROM pg_catalog.pg_attrdef d
              UNION ALL
              SELECT k.conrelid, 'w', 'pg_catalog.pg_constraint'::pg_catalog.regclass, k.oid
              FROM pg_catalog.pg_constraint k WHERE k.conrelid <> 0
              UNION ALL
              SELECT a.attrelid, 'w', 'pg_catalog.pg_constraint'::pg_catalog.regclass, k.oid
              FROM pg_catalog.pg_constraint k
              JOIN pg_catalog.pg_attribute a ON a.atttypid = k.contypid
              WHERE k.contypid <> 0 AND a.attnum > 0 AND NOT a.attisdropped
              UNION ALL
              SELECT i.indrelid, 'w', 'pg_catalog.pg_class'::pg_catalog.regclass, i.indexrelid
              FROM pg_catalog.pg_index i
              UNION ALL
              SELECT y.polrelid, 'r', 'pg_catalog.pg_policy'::pg_catalog.regclass, y.oid
              FROM pg_catalog.pg_policy y) x
        JOIN pg_catalog.pg_depend e
          ON e.classid = x.class AND e.objid = x.object
             AND e.refclassid = 'pg_catalog.pg_proc'::pg_catalog.regclass
        JOIN pg_catalog.pg_proc p ON p.oid = e.refobjid
        JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
        ORDER BY 1, 2, 3, 4\
        """),
    /// `oprname` of what was not there from the start.
    OPERATORS(
        "SELECT DISTINCT oprname::text FROM pg_catalog.pg_operator"
            + " WHERE oid >= 16384 OR oprnamespace <> 'pg_catalog'::pg_catalog.regnamespace");

    private final String sql;

    Query(String sql) {
      this.sql = sql;
    }

    /// One SELECT; every output column is text.
    public String sql() {
      return sql;
    }
  }

  /// A reader for the rows of one pass over the catalog.
  public static Reader reader() {
    return new Reader();
  }

  /// Takes rows and becomes a snapshot. Belongs to one thread.
  public static final class Reader {
    private final List<List<Optional<String>>> relations = new ArrayList<>();
    private final Map<String, List<Column>> columns = new HashMap<>();
    private final Map<String, List<RelationName>> parents = new HashMap<>();
    private final Map<String, List<String>> onRead = new HashMap<>();
    private final Map<String, List<String>> onWrite = new HashMap<>();
    private final CatalogSnapshot.Builder builder = CatalogSnapshot.builder();

    private Reader() {
      builder.withoutSystemFunctions();
    }

    /// Takes one row.
    ///
    /// @param query whose row it is
    /// @param cells as text; empty for NULL
    /// @throws IllegalArgumentException if the row has not the form that the query gives it
    public void row(Query query, List<Optional<String>> cells) {
      try {
        switch (query) {
          case SCHEMAS -> builder.schema(text(cells, 0));
          case RELATIONS -> relations.add(List.copyOf(cells));
          case COLUMNS ->
              columns
                  .computeIfAbsent(text(cells, 0), _ -> new ArrayList<>())
                  .add(
                      new Column(
                          Integer.parseInt(text(cells, 1)), text(cells, 2), oid(text(cells, 3))));
          case PARENTS ->
              parents
                  .computeIfAbsent(text(cells, 0), _ -> new ArrayList<>())
                  .add(new RelationName(text(cells, 1), text(cells, 2)));
          case FUNCTIONS ->
              builder.function(
                  new Function(
                      text(cells, 0),
                      text(cells, 1),
                      oid(text(cells, 2)),
                      text(cells, 3),
                      text(cells, 4).charAt(0),
                      bool(text(cells, 5)),
                      text(cells, 6),
                      cells.get(7).map(names -> List.of(names.split("\t", -1))).orElse(List.of())));
          case HIDDEN_CODE ->
              (text(cells, 1).equals("r") ? onRead : onWrite)
                  .computeIfAbsent(text(cells, 0), _ -> new ArrayList<>())
                  .add(text(cells, 2) + "." + text(cells, 3));
          case OPERATORS -> builder.userOperator(text(cells, 0));
        }
      } catch (IndexOutOfBoundsException | NumberFormatException e) {
        throw new IllegalArgumentException("a row of " + query + " has another form", e);
      }
    }

    private static String text(List<Optional<String>> cells, int index) {
      return cells
          .get(index)
          .orElseThrow(() -> new IllegalArgumentException("column " + index + " is NULL"));
    }

    private static boolean bool(String text) {
      return text.startsWith("t");
    }

    private static int oid(String text) {
      return Integer.parseUnsignedInt(text);
    }

    /// What the rows said.
    ///
    /// @param epoch which state of the catalog this is
    public CatalogSnapshot snapshot(long epoch) {
      for (List<Optional<String>> cells : relations) {
        String oid = text(cells, 2);
        builder.relation(
            new Relation(
                new RelationName(text(cells, 0), text(cells, 1)),
                oid(oid),
                RelationKind.ofCode(text(cells, 3).charAt(0)),
                columns.getOrDefault(oid, List.of()),
                cells.get(5),
                parents.getOrDefault(oid, List.of()),
                bool(text(cells, 4)),
                new HiddenCode(
                    onRead.getOrDefault(oid, List.of()), onWrite.getOrDefault(oid, List.of()))));
      }
      return builder.epoch(epoch).build();
    }
  }
}
