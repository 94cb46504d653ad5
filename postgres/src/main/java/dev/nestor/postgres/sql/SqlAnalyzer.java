package dev.nestor.postgres.sql;

import dev.nestor.postgres.catalog.CatalogSnapshot;
import dev.nestor.postgres.catalog.Relation;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Turns SQL into facts.
///
/// **Threads.** May be shared. It remembers what stands behind the views of the last snapshot that
/// it was given, so callers with one catalog should share one analyzer.
///
/// ```java
/// SqlAnalyzer analyzer = new SqlAnalyzer();
/// List<Facts> facts =
///     analyzer.analyze(sql, SqlSettings.DEFAULT, catalog, SessionNames.of("app_rw"));
/// ```
public final class SqlAnalyzer {
  private volatile ViewExpansions views = new ViewExpansions(CatalogSnapshot.SYSTEM);

  /// Facts of every top-level statement of a text.
  ///
  /// @param sql in an encoding whose bytes below 0x80 are ASCII; not changed
  /// @param settings what changes how the text is read
  /// @param catalog what the database holds
  /// @param names how the session looks up names
  /// @return one value for each statement in the order of the text; one with the verb `empty` for a
  ///   text without any; one with a status that says why for a text that cannot be read
  public List<Facts> analyze(
      byte[] sql, SqlSettings settings, CatalogSnapshot catalog, SessionNames names) {
    return analysis(sql, settings, catalog, names).facts();
  }

  /// Facts, and what they depend on.
  ///
  /// @param independentOfConstants whether every text of the same [SqlShape] has these facts, but
  ///   for the places of its parts
  public record Analysis(List<Facts> facts, boolean independentOfConstants) {
    /// Copies the list.
    public Analysis {
      facts = List.copyOf(facts);
    }
  }

  /// The same, and whether it depends on what the constants of the text say.
  public Analysis analysis(
      byte[] sql, SqlSettings settings, CatalogSnapshot catalog, SessionNames names) {
    ParseTree tree = new ParseTree(sql);
    List<Facts> facts = facts(tree, sql, settings, catalog, names);
    return new Analysis(facts, !tree.constantsRead());
  }

  private List<Facts> facts(
      ParseTree tree,
      byte[] sql,
      SqlSettings settings,
      CatalogSnapshot catalog,
      SessionNames names) {
    Positions positions = new Positions(sql);
    int root;
    try {
      root = Parser.parse(sql, settings, tree);
    } catch (UnreadableSqlException e) {
      return List.of(
          Facts.unreadable(0, sql.length, e.status(), positions.problem(e.offset(), e.problem())));
    }
    List<Facts> all = new ArrayList<>();
    if (root != ParseTree.NONE) {
      NameLookup lookup = new NameLookup(catalog, names);
      boolean meaningChanged = names.certainty() == SessionNames.Certainty.UNCOMMITTED;
      for (int statement : Statements.of(tree, root)) {
        int inner = tree.firstChild(statement);
        if (inner != ParseTree.NONE) {
          Facts facts = facts(tree, inner, lookup, positions, meaningChanged);
          all.add(facts);
          meaningChanged |= changesNames(facts);
          lookup = lookup.with(facts);
        }
      }
    }
    return all.isEmpty() ? List.of(empty(sql.length)) : List.copyOf(all);
  }

  /// The same for a text in memory; offsets count bytes of its UTF-8 form.
  public List<Facts> analyze(
      String sql, SqlSettings settings, CatalogSnapshot catalog, SessionNames names) {
    return analyze(sql.getBytes(StandardCharsets.UTF_8), settings, catalog, names);
  }

  /// The columns behind one of a view, through all views in between.
  ///
  /// @param view of the catalog; a relation without a definition has none
  public List<ViewColumn> columnsBehind(Relation view, String column, CatalogSnapshot catalog) {
    if (view.definition().isEmpty()) {
      return List.of();
    }
    return viewsOf(catalog).expand(view).origins(column).stream()
        .map(origin -> new ViewColumn(origin.relation(), origin.column(), origin.derived()))
        .toList();
  }

  private Facts facts(
      ParseTree tree, int statement, NameLookup lookup, Positions positions, boolean changed) {
    FactsCollector facts = new FactsCollector();
    Walk walk = new Walk(tree, facts, lookup, viewsOf(lookup.catalog()));
    new StatementWalker(walk).walk(statement);
    if (changed && facts.namesSomething()) {
      facts.trouble(
          FactsStatus.UNRESOLVED,
          tree.start(statement),
          "names behind a statement that may have changed their meaning, and is not committed");
    }
    return facts.finish(tree.start(statement), tree.end(statement), positions);
  }

  private ViewExpansions viewsOf(CatalogSnapshot catalog) {
    ViewExpansions current = views;
    if (current.catalog() != catalog) {
      current = new ViewExpansions(catalog);
      views = current;
    }
    return current;
  }

  /// Whether names in the statements behind this one may stand for something else.
  private static boolean changesNames(Facts facts) {
    return facts.flags().contains(Flag.DEFINITION)
        || facts.flags().contains(Flag.OPAQUE_CODE)
        || facts.flags().contains(Flag.TEMPORARY)
        || facts.functions().stream().anyMatch(function -> !function.harmless())
        || (facts.flags().contains(Flag.MEANING)
            && facts.settings().stream().anyMatch(SettingNames::changesNameLookup))
        || facts.verb() == Verb.EXECUTE
        || facts.verb() == Verb.CALL;
  }

  private static Facts empty(int length) {
    return new Facts(
        0,
        length,
        FactsStatus.OK,
        Optional.empty(),
        new LinkedHashSet<>(List.of(Verb.EMPTY)),
        List.of(),
        List.of(),
        List.of(),
        Set.of(),
        Set.of(),
        Set.of());
  }
}
