package dev.nestor.postgres.sql;

import dev.nestor.postgres.catalog.Column;
import dev.nestor.postgres.catalog.Relation;
import dev.nestor.postgres.catalog.RelationName;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Columns of a relation of the catalog with everything that stands behind each: the columns of
/// those that inherit from it and of those that it inherits from, whose rows are the same, and what
/// a view makes its own of.
final class RelationColumns {
  private final FactsCollector facts;
  private final Relation relation;
  private final Verb verb;
  private final List<Relation> descendants;
  private final List<Relation> ancestors;
  private final @Nullable ViewExpansion view;

  RelationColumns(
      FactsCollector facts,
      Relation relation,
      Verb verb,
      List<Relation> descendants,
      List<Relation> ancestors,
      @Nullable ViewExpansion view) {
    this.facts = facts;
    this.relation = relation;
    this.verb = verb;
    this.descendants = descendants;
    this.ancestors = ancestors;
    this.view = view;
  }

  Relation relation() {
    return relation;
  }

  @Nullable OutputColumn find(String name) {
    return relation.column(name).map(this::output).orElse(null);
  }

  List<OutputColumn> all() {
    List<OutputColumn> all = new ArrayList<>(relation.columns().size());
    for (Column column : relation.columns()) {
      all.add(output(column));
    }
    return all;
  }

  private OutputColumn output(Column column) {
    RelationName name = relation.name();
    ColumnEntry own = facts.column(name, column.name(), verb, null);
    if (descendants.isEmpty() && ancestors.isEmpty() && view == null) {
      return new OutputColumn(
          column.name(), List.of(new OutputColumn.Source(own, false)), column.type());
    }
    List<OutputColumn.Source> sources = new ArrayList<>();
    sources.add(new OutputColumn.Source(own, false));
    for (Relation descendant : descendants) {
      if (descendant.hasColumn(column.name())) {
        ColumnEntry inherited = facts.column(descendant.name(), column.name(), verb, name);
        sources.add(new OutputColumn.Source(inherited, false));
      }
    }
    for (Relation ancestor : ancestors) {
      if (ancestor.hasColumn(column.name())) {
        ColumnEntry inherited = facts.column(ancestor.name(), column.name(), verb, name);
        sources.add(new OutputColumn.Source(inherited, false));
      }
    }
    if (view != null) {
      for (ViewExpansion.Origin origin : view.origins(column.name())) {
        ColumnEntry base = facts.column(origin.relation(), origin.column(), verb, name);
        sources.add(new OutputColumn.Source(base, origin.derived()));
      }
    }
    return new OutputColumn(column.name(), sources, column.type());
  }

  /// Notes that a column is written, and nothing else of it.
  void write(String columnName) {
    RelationName name = relation.name();
    facts.column(name, columnName, verb, null).use(Use.SET);
    for (Relation descendant : descendants) {
      if (descendant.hasColumn(columnName)) {
        facts.column(descendant.name(), columnName, verb, name).use(Use.SET);
      }
    }
    if (view != null) {
      for (ViewExpansion.Origin origin : view.origins(columnName)) {
        facts.column(origin.relation(), origin.column(), verb, name).use(Use.SET);
      }
    }
  }
}
