package dev.nestor.postgres.sql;

import dev.nestor.postgres.catalog.RelationName;

/// A column of a relation whose value another one shows.
///
/// @param derived whether the other one is computed from it rather than being it
public record ViewColumn(RelationName relation, String column, boolean derived) {
  /// As policies write it: `schema.relation.column`.
  @Override
  public String toString() {
    return relation + "." + column;
  }
}
