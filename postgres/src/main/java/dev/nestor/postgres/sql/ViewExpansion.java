package dev.nestor.postgres.sql;

import dev.nestor.postgres.catalog.RelationName;
import java.util.List;
import java.util.Map;

/// What stands behind a view, through all views in between.
///
/// @param status how well its definition was understood
/// @param relations that its definition reads
/// @param columns that it uses besides its outputs, with those uses
/// @param functions that it calls
/// @param originsByColumn for each of its columns
record ViewExpansion(
    FactsStatus status,
    List<RelationName> relations,
    List<ColumnUse> columns,
    List<FunctionUse> functions,
    Map<String, List<Origin>> originsByColumn) {

  /// A column that one of the view's is made of.
  record Origin(RelationName relation, String column, boolean derived) {}

  List<Origin> origins(String column) {
    return originsByColumn.getOrDefault(column, List.of());
  }
}
