package dev.nestor.policy;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// A policy, read and checked. Immutable; may be shared.
public final class Policy {
  private final String name;
  private final PolicyState state;
  private final boolean failOpen;
  private final Optional<RowCapture> results;
  private final boolean allowByDefault;
  private final Labels labels;
  private final List<Rule> rules;
  private final List<AccessOffer> offers;

  Policy(
      String name,
      PolicyState state,
      boolean failOpen,
      Optional<RowCapture> results,
      boolean allowByDefault,
      Labels labels,
      List<Rule> rules,
      List<AccessOffer> offers) {
    this.name = name;
    this.state = state;
    this.failOpen = failOpen;
    this.results = results;
    this.allowByDefault = allowByDefault;
    this.labels = labels;
    this.rules = List.copyOf(rules);
    this.offers = List.copyOf(offers);
  }

  /// Its name.
  public String name() {
    return name;
  }

  /// How much it means.
  public PolicyState state() {
    return state;
  }

  /// Whether statements may go on where the recorder cannot keep its promise.
  public boolean failOpen() {
    return failOpen;
  }

  /// What the record keeps of the rows of its callers; empty if the gateway's configuration says
  /// it.
  public Optional<RowCapture> results() {
    return results;
  }

  /// The rules by id and line, in the order of the file.
  public List<RuleRef> rules() {
    return rules.stream().map(Rule::ref).toList();
  }

  /// The reason that the file gives for a rule; empty if it gives none.
  public String reasonOf(String rule) {
    Optional<Rule> found = rules.stream().filter(each -> each.id().equals(rule)).findFirst();
    return found.map(Rule::reason).orElse("");
  }

  /// Each rule and each offer as one English sentence, in the order of the file.
  public List<String> sentences() {
    return Stream.concat(
            rules.stream().map(rule -> rule.id() + ": " + rule.sentence()),
            offers.stream().map(offer -> "access: " + offer.sentence()))
        .toList();
  }

  /// Scopes that callers may ask people for, in the order of the file.
  public List<AccessOffer> offers() {
    return offers;
  }

  /// Columns that have a label, each as `schema.relation.column`.
  public Set<String> labelledColumns() {
    return labels.columns();
  }

  /// The same policy where labelled columns have other names now: they keep their labels, and the
  /// names in the file keep theirs. Rules that name relations do not follow: what a rename takes
  /// out of them is not granted any more.
  ///
  /// @param names of a labelled column what it is called now, each as `schema.relation.column`
  public Policy withRenamed(Map<String, String> names) {
    return new Policy(
        name, state, failOpen, results, allowByDefault, labels.with(names), rules, offers);
  }

  boolean allowByDefault() {
    return allowByDefault;
  }

  Labels labels() {
    return labels;
  }

  List<Rule> ruleList() {
    return rules;
  }
}
