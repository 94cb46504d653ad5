package dev.nestor.postgres.sql;

import dev.nestor.postgres.catalog.RelationName;
import java.util.List;
import java.util.Map;

/// What stands behind a view, through all views in between. What its conditions and groupings do is
/// its author's affair: no statement can change them.
///
/// @param status how well its definition was understood
/// @param relations that its definition reads
/// @param functions that it calls
/// @param originsByColumn columns of relations, for each of its own
record ViewExpansion(
    FactsStatus status,
    List<RelationName> relations,
    List<FunctionUse> functions,
    Map<String, List<Origin>> originsByColumn) {

  /// A column that one of the view's is made of.
  record Origin(RelationName relation, String column, boolean derived) {}

  List<Origin> origins(String column) {
    return originsByColumn.getOrDefault(column, List.of());
  }
}
