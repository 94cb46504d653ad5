package dev.nestor.postgres.sql;

import dev.nestor.postgres.catalog.RelationName;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/// What a statement does with one column of a relation.
///
/// @param column name as the catalog spells it
/// @param uses in the order of [Use]
/// @param verb for what: SELECT where it is only read, else what is done to its relation
/// @param via the view or inheritance parent that brought it in; empty where the text names it
public record ColumnUse(
    RelationName relation, String column, Set<Use> uses, Verb verb, Optional<RelationName> via) {
  /// Copies the set.
  public ColumnUse {
    uses =
        Collections.unmodifiableSet(
            uses.isEmpty() ? EnumSet.noneOf(Use.class) : EnumSet.copyOf(uses));
  }

  /// Whether its value matters, rather than being replaced only.
  public boolean reads() {
    for (Use use : uses) {
      if (use.reads()) {
        return true;
      }
    }
    return false;
  }

  /// Whether it is written.
  public boolean writes() {
    return uses.contains(Use.SET);
  }

  /// As policies write it: `schema.relation.column`.
  @Override
  public String toString() {
    return relation + "." + column;
  }
}
