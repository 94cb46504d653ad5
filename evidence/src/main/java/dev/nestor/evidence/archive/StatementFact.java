package dev.nestor.evidence.archive;

import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// One statement as a flat value: who, what, when, with what end. What questions over whole
/// archives are asked of.
///
/// @param dryRun what an enforcing policy would have decided; `null` outside a dry run
/// @param verb such as `select`; empty if its facts are not known
/// @param reads relations read, `schema.name`
/// @param writes relations written
/// @param outputs columns whose values can reach the client, `schema.relation.column`
/// @param labels of the columns that it uses
/// @param rules that fired
/// @param maskedOutputs columns of the result that were masked
/// @param flags such as `copy-out`
/// @param factsKnown false where the text could not be parsed or resolved
/// @param template its text without constants, at most 16 KiB
/// @param rows affected or returned; absent where nothing ran to an end
/// @param sqlState of its error; empty without one
/// @param credential number of the credential in its archive; 0 if unknown
public record StatementFact(
    long session,
    long statement,
    long frame,
    Instant at,
    DecisionKind decision,
    @Nullable DecisionKind dryRun,
    String verb,
    List<String> reads,
    List<String> writes,
    List<String> outputs,
    List<String> labels,
    List<String> rules,
    List<String> maskedOutputs,
    List<String> flags,
    boolean factsKnown,
    String template,
    OptionalLong rows,
    String tag,
    String sqlState,
    ReplayRow.Outcome outcome,
    OptionalLong durationMicros,
    long bytesOut,
    long credential) {
  /// Whether it ran to an end without an error.
  public boolean succeeded() {
    return decision != DecisionKind.BLOCK
        && decision != DecisionKind.KILL
        && sqlState.isEmpty()
        && (outcome == ReplayRow.Outcome.COMPLETE || outcome == ReplayRow.Outcome.SUSPENDED);
  }

  /// Relations read or written.
  public List<String> relations() {
    if (writes.isEmpty()) {
      return reads;
    }
    java.util.LinkedHashSet<String> all = new java.util.LinkedHashSet<>(reads);
    all.addAll(writes);
    return List.copyOf(all);
  }
}
