package dev.nestor.postgres.catalog;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/// A relation with its columns.
public final class Relation {
  private final RelationName name;
  private final int oid;
  private final RelationKind kind;
  private final List<Column> columns;
  private final Map<String, Column> byName = new LinkedHashMap<>();
  private final Optional<String> definition;
  private final List<RelationName> parents;
  private final boolean rules;
  private final HiddenCode hiddenCode;

  /// @param oid unsigned
  /// @param columns in the order of their numbers, without dropped and system columns
  /// @param definition the query of a view or materialized view, with every name qualified, as
  ///   `pg_get_viewdef` prints it under an empty search path
  /// @param parents those it inherits from or is a partition of
  /// @param rules whether it has rules other than the one that makes a view
  public Relation(
      RelationName name,
      int oid,
      RelationKind kind,
      List<Column> columns,
      Optional<String> definition,
      List<RelationName> parents,
      boolean rules) {
    this(name, oid, kind, columns, definition, parents, rules, HiddenCode.NONE);
  }

  /// @param hiddenCode functions that statements on it run without naming them
  public Relation(
      RelationName name,
      int oid,
      RelationKind kind,
      List<Column> columns,
      Optional<String> definition,
      List<RelationName> parents,
      boolean rules,
      HiddenCode hiddenCode) {
    this.hiddenCode = hiddenCode;
    this.name = name;
    this.oid = oid;
    this.kind = kind;
    this.columns = List.copyOf(columns);
    this.definition = definition;
    this.parents = List.copyOf(parents);
    this.rules = rules;
    for (Column column : this.columns) {
      byName.put(column.name(), column);
    }
  }

  /// A relation that is no view and inherits from none.
  public static Relation table(RelationName name, int oid, List<Column> columns) {
    return new Relation(name, oid, RelationKind.TABLE, columns, Optional.empty(), List.of(), false);
  }

  /// Name with schema.
  public RelationName name() {
    return name;
  }

  /// Object id, unsigned.
  public int oid() {
    return oid;
  }

  /// What kind of relation it is.
  public RelationKind kind() {
    return kind;
  }

  /// In the order of their numbers.
  public List<Column> columns() {
    return columns;
  }

  /// The column with this name.
  public Optional<Column> column(String columnName) {
    return Optional.ofNullable(byName.get(columnName));
  }

  /// Whether it has a column with this name.
  public boolean hasColumn(String columnName) {
    return byName.containsKey(columnName);
  }

  /// The query of a view or materialized view.
  public Optional<String> definition() {
    return definition;
  }

  /// Those it inherits from or is a partition of.
  public List<RelationName> parents() {
    return parents;
  }

  /// Whether rules may make something else of a statement on it.
  public boolean rules() {
    return rules;
  }

  /// Functions that statements on it run without naming them.
  public HiddenCode hiddenCode() {
    return hiddenCode;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Relation that
        && name.equals(that.name)
        && oid == that.oid
        && kind == that.kind
        && columns.equals(that.columns)
        && definition.equals(that.definition)
        && parents.equals(that.parents)
        && rules == that.rules
        && hiddenCode.equals(that.hiddenCode);
  }

  @Override
  public int hashCode() {
    return Objects.hash(name, oid);
  }

  @Override
  public String toString() {
    return name.toString();
  }
}
