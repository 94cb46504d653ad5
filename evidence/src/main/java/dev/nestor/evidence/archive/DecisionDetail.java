package dev.nestor.evidence.archive;

import java.util.List;
import java.util.Map;

/// Why a statement got its decision. Four lines on a card: what, why, effect, reference.
///
/// @param kind under which it counts
/// @param how it came to that, more exactly than the kind: `held, approved`, `held, timed out`
/// @param votes of people on a statement that was held, in order: `approved by raj.patel@acme`
/// @param rules that decided, strongest first
/// @param inputs names and counters that mattered
/// @param reads relations read
/// @param writes relations written
/// @param labels labels of the columns that it uses
/// @param masks columns of the result that were masked
/// @param verb such as `select`; empty if unknown
/// @param factsStatus `ok`, or why its facts are not known
/// @param policy name and version; empty if none was in force
/// @param policySha256 of the policy's bytes, hex; empty
/// @param dryRun what an enforcing policy would have decided; empty outside a dry run
/// @param rulesEvaluated how many rules were looked at
/// @param decideMicros upper bound of the time it took
/// @param message what the client was told; empty if nothing
/// @param forwarded what the server got: `as is`, `replaced`, `not`
public record DecisionDetail(
    DecisionKind kind,
    String how,
    List<String> votes,
    List<FiredRule> rules,
    Map<String, String> inputs,
    List<String> reads,
    List<String> writes,
    List<String> labels,
    List<MaskedOutput> masks,
    String verb,
    String factsStatus,
    String policy,
    String policySha256,
    String dryRun,
    int rulesEvaluated,
    long decideMicros,
    String message,
    String sqlState,
    String forwarded) {
  public DecisionDetail {
    votes = List.copyOf(votes);
    rules = List.copyOf(rules);
    inputs = Map.copyOf(inputs);
    reads = List.copyOf(reads);
    writes = List.copyOf(writes);
    labels = List.copyOf(labels);
    masks = List.copyOf(masks);
  }

  /// A rule that fired.
  ///
  /// @param line of the policy file, from 1; 0 if unknown
  public record FiredRule(String id, int line, String reason) {}

  /// A column of the result that was masked.
  ///
  /// @param output position in the result, from 1
  /// @param column it derives from, such as `public.customers.email`; empty if unknown
  /// @param label that it carries
  /// @param method such as `partial`
  public record MaskedOutput(int output, String column, String label, String method, String rule) {}
}
