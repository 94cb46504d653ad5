package dev.nestor.postgres.sql;

import dev.nestor.postgres.catalog.CatalogSnapshot;
import dev.nestor.postgres.catalog.Column;
import dev.nestor.postgres.catalog.Relation;
import dev.nestor.postgres.catalog.RelationName;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// What stands behind the views of one snapshot, worked out when a statement first asks.
final class ViewExpansions {
  /// A view over a view over a view …; PostgreSQL has no limit of its own.
  private static final int NESTING_MAX = 32;

  private final CatalogSnapshot catalog;
  private final Map<RelationName, ViewExpansion> known;
  private final int nesting;

  ViewExpansions(CatalogSnapshot catalog) {
    this(catalog, new ConcurrentHashMap<>(), 0);
  }

  private ViewExpansions(
      CatalogSnapshot catalog, Map<RelationName, ViewExpansion> known, int nesting) {
    this.catalog = catalog;
    this.known = known;
    this.nesting = nesting;
  }

  CatalogSnapshot catalog() {
    return catalog;
  }

  ViewExpansion expand(Relation view) {
    ViewExpansion expansion = known.get(view.name());
    if (expansion == null) {
      expansion = nesting < NESTING_MAX ? read(view) : unknown(FactsStatus.TOO_DEEP);
      if (expansion.status() != FactsStatus.TOO_DEEP) {
        known.put(view.name(), expansion);
      }
    }
    return expansion;
  }

  private static ViewExpansion unknown(FactsStatus status) {
    return new ViewExpansion(status, List.of(), List.of(), Map.of());
  }

  private ViewExpansion read(Relation view) {
    byte[] sql = view.definition().orElse("").getBytes(StandardCharsets.UTF_8);
    ParseTree tree = new ParseTree(sql);
    try {
      int root = Parser.parse(sql, SqlSettings.DEFAULT, tree);
      // pg_get_viewdef ends with a semicolon, behind which stands an empty statement.
      int statement = ParseTree.NONE;
      for (int each : root == ParseTree.NONE ? List.<Integer>of() : Statements.of(tree, root)) {
        if (tree.firstChild(each) != ParseTree.NONE) {
          if (statement != ParseTree.NONE) {
            return unknown(FactsStatus.SYNTAX);
          }
          statement = tree.firstChild(each);
        }
      }
      return read(view, tree, statement);
    } catch (UnreadableSqlException e) {
      return unknown(e.status());
    }
  }

  private ViewExpansion read(Relation view, ParseTree tree, int statement) {
    if (statement == ParseTree.NONE || !QueryWalker.isQuery(tree.symbol(statement))) {
      return unknown(FactsStatus.SYNTAX);
    }
    FactsCollector facts = new FactsCollector();
    // Definitions are printed under an empty search path: what is not qualified is PostgreSQL's.
    SessionNames session = SessionNames.of("", "");
    Walk walk =
        new Walk(
            tree,
            facts,
            new NameLookup(catalog, session),
            new ViewExpansions(catalog, known, nesting + 1));
    QueryWalker queries = new QueryWalker(walk);
    QueryResult result = new QueryResult();
    walk.plan(() -> queries.query(statement, new Scope(null), result));
    walk.finish();
    if (result.columns.size() < view.columns().size()) {
      facts.trouble(FactsStatus.UNRESOLVED, 0, "fewer columns than the view has");
    }
    Map<String, List<ViewExpansion.Origin>> origins = new HashMap<>();
    for (int i = 0; i < Math.min(view.columns().size(), result.columns.size()); i++) {
      Column column = view.columns().get(i);
      origins.put(column.name(), origins(result.columns.get(i)));
    }
    Set<RelationName> relations = new LinkedHashSet<>();
    facts.relations().forEach(use -> relations.add(use.relation()));
    return new ViewExpansion(facts.status(), List.copyOf(relations), facts.functions(), origins);
  }

  private static List<ViewExpansion.Origin> origins(OutputColumn column) {
    List<ViewExpansion.Origin> origins = new ArrayList<>();
    for (OutputColumn.Source source : column.sources()) {
      ColumnEntry.Key key = source.column().key();
      origins.add(new ViewExpansion.Origin(key.relation(), key.column(), source.derived()));
    }
    return origins;
  }
}
