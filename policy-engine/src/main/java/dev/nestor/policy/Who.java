package dev.nestor.policy;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/// Which callers a rule means: every key holds, every value of a key is an alternative. An empty
/// key does not ask.
///
/// @param any alternatives of several keys; empty does not ask
record Who(
    Set<CallerKind> kinds,
    Set<String> groups,
    Set<String> scopes,
    Set<String> subjects,
    Set<String> names,
    Set<String> issuers,
    Set<String> databases,
    List<Who> any) {
  /// Everybody.
  static final Who EVERYBODY =
      new Who(Set.of(), Set.of(), Set.of(), Set.of(), Set.of(), Set.of(), Set.of(), List.of());

  Who {
    kinds = Set.copyOf(kinds);
    groups = Set.copyOf(groups);
    scopes = Set.copyOf(scopes);
    subjects = Set.copyOf(subjects);
    names = Set.copyOf(names);
    issuers = Set.copyOf(issuers);
    databases = Set.copyOf(databases);
    any = List.copyOf(any);
  }

  boolean matches(Caller caller) {
    return (kinds.isEmpty() || kinds.contains(caller.kind()))
        && (groups.isEmpty() || intersects(groups, caller.groups()))
        && (scopes.isEmpty() || intersects(scopes, caller.scopes()))
        && (subjects.isEmpty() || subjects.contains(caller.subject()))
        && (names.isEmpty() || names.contains(caller.name()))
        && (issuers.isEmpty() || issuers.contains(caller.issuer()))
        && (databases.isEmpty() || databases.contains(caller.database()))
        && (any.isEmpty() || any.stream().anyMatch(who -> who.matches(caller)));
  }

  private static boolean intersects(Set<String> wanted, Set<String> given) {
    for (String word : wanted) {
      if (given.contains(word)) {
        return true;
      }
    }
    return false;
  }

  /// As part of an English sentence: `agents and services with the scope orders.read`.
  String sentence() {
    if (equals(EVERYBODY)) {
      return "everybody";
    }
    if (!any.isEmpty()) {
      return any.stream().map(Who::sentence).collect(Collectors.joining(", or "));
    }
    StringBuilder text = new StringBuilder();
    text.append(
        kinds.isEmpty()
            ? "callers"
            : kinds.stream().sorted().map(Who::plural).collect(Collectors.joining(" and ")));
    part(text, " of the group ", groups);
    part(text, " with the scope ", scopes);
    part(text, " with the subject ", subjects);
    part(text, " named ", names);
    part(text, " from the issuer ", issuers);
    part(text, " in the database ", databases);
    return text.toString();
  }

  private static String plural(CallerKind kind) {
    return switch (kind) {
      case HUMAN -> "people";
      case SERVICE -> "services";
      case AGENT -> "agents";
      case UNKNOWN -> "callers of unknown kind";
    };
  }

  private static void part(StringBuilder text, String before, Set<String> words) {
    if (!words.isEmpty()) {
      text.append(before).append(words.stream().sorted().collect(Collectors.joining(" or ")));
    }
  }
}
