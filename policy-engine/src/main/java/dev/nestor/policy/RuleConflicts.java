package dev.nestor.policy;

import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Finds pairs of rules of which only the order of the file, that is chance, could tell which one
/// holds. Whether two rules can concern one statement is answered with yes where it cannot be
/// excluded.
final class RuleConflicts {
  private RuleConflicts() {}

  /// What is wrong with two rules, naming both; empty if nothing is.
  ///
  /// @param labels columns by label
  static Optional<String> between(Rule first, Rule second, Map<String, Set<String>> labels) {
    if (!first.masks().isEmpty() && !second.masks().isEmpty()) {
      return masks(first, second, labels);
    }
    if (first.approval().isPresent()
        && second.approval().isPresent()
        && !first.approval().equals(second.approval())
        && mayShareCallers(first, second)
        && mayShareStatements(first.what(), second.what())) {
      return Optional.of(
          names(first, second)
              + " can hold the same statement for different approvals; make who or what of one"
              + " exclude the other");
    }
    return Optional.empty();
  }

  private static Optional<String> masks(Rule first, Rule second, Map<String, Set<String>> labels) {
    if (!mayShareCallers(first, second)) {
      return Optional.empty();
    }
    for (Map.Entry<String, MaskForm> one : first.masks().entrySet()) {
      for (Map.Entry<String, MaskForm> other : second.masks().entrySet()) {
        boolean sameColumn =
            one.getKey().equals(other.getKey())
                || !Collections.disjoint(
                    labels.getOrDefault(one.getKey(), Set.of()),
                    labels.getOrDefault(other.getKey(), Set.of()));
        if (sameColumn && !one.getValue().equals(other.getValue())) {
          return Optional.of(
              names(first, second)
                  + " mask "
                  + one.getKey()
                  + " in two ways for callers that both may mean; let `unless` of one exclude the"
                  + " other");
        }
      }
    }
    return Optional.empty();
  }

  private static String names(Rule first, Rule second) {
    return "`" + first.id() + "` and `" + second.id() + "`";
  }

  private static boolean mayShareCallers(Rule first, Rule second) {
    return !excludes(first.who().kinds(), second.who().kinds())
        && !excludes(first.who().subjects(), second.who().subjects())
        && !excludes(first.who().issuers(), second.who().issuers())
        && !excludes(first.who().databases(), second.who().databases())
        && first.unless().filter(who -> isAlways(who, second.who())).isEmpty()
        && second.unless().filter(who -> isAlways(who, first.who())).isEmpty();
  }

  private static boolean excludes(Set<?> first, Set<?> second) {
    return !first.isEmpty() && !second.isEmpty() && Collections.disjoint(first, second);
  }

  /// Whether everybody whom `inner` means is also meant by `outer`.
  private static boolean isAlways(Who outer, Who inner) {
    return outer.any().isEmpty()
        && covers(outer.kinds(), inner.kinds())
        && covers(outer.groups(), inner.groups())
        && covers(outer.scopes(), inner.scopes())
        && covers(outer.subjects(), inner.subjects())
        && covers(outer.names(), inner.names())
        && covers(outer.issuers(), inner.issuers())
        && covers(outer.databases(), inner.databases());
  }

  private static boolean covers(Set<?> outer, Set<?> inner) {
    return outer.isEmpty() || (!inner.isEmpty() && outer.containsAll(inner));
  }

  private static boolean mayShareStatements(What first, What second) {
    for (What one : first.alternatives()) {
      for (What other : second.alternatives()) {
        boolean verbs = one.anyVerb() || other.anyVerb() || !excludes(one.verbs(), other.verbs());
        if (verbs) {
          return true;
        }
      }
    }
    return false;
  }
}
