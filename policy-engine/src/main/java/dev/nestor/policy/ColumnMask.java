package dev.nestor.policy;

import dev.nestor.postgres.catalog.RelationName;

/// That a column is masked where a statement returns it.
///
/// @param label for whose sake
/// @param rule that says how
public record ColumnMask(
    RelationName relation, String column, String label, MaskForm form, RuleRef rule) {
  @Override
  public String toString() {
    return relation + "." + column + ": " + form;
  }
}
