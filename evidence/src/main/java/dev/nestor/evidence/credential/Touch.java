package dev.nestor.evidence.credential;

import dev.nestor.evidence.archive.DecisionCounts;
import java.util.Set;

/// What was done to one relation with one verb.
///
/// @param relation `schema.name`; empty for statements without one
/// @param verb such as `select`; empty if not known
/// @param rows of statements that ran
/// @param labels of columns that those statements use
/// @param outcome how they were decided
/// @param clearRows rows of statements that use labelled columns and were not masked
public record Touch(
    String relation,
    String verb,
    long statements,
    long rows,
    Set<String> labels,
    DecisionCounts outcome,
    long clearRows) {
  public Touch {
    labels = Set.copyOf(labels);
  }

  /// Both together.
  public Touch plus(Touch other) {
    Set<String> all = labels;
    if (!labels.containsAll(other.labels)) {
      all = new java.util.TreeSet<>(labels);
      all.addAll(other.labels);
    }
    return new Touch(
        relation,
        verb,
        statements + other.statements,
        rows + other.rows,
        all,
        outcome.plus(other.outcome),
        clearRows + other.clearRows);
  }
}
