package dev.nestor.policy;

import dev.nestor.postgres.sql.ColumnUse;
import dev.nestor.postgres.sql.Facts;
import dev.nestor.postgres.sql.FactsStatus;
import dev.nestor.postgres.sql.Flag;
import dev.nestor.postgres.sql.FunctionUse;
import dev.nestor.postgres.sql.RelationUse;
import dev.nestor.postgres.sql.Verb;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// Which statements a rule means: every key holds, every value of a key is an alternative. An empty
/// key does not ask.
///
/// @param anyVerb `verb: any`
/// @param noRelation `relation: none`
/// @param anyStatus `status: any`
/// @param settings lower case
/// @param any alternatives of several keys; empty does not ask
record What(
    boolean anyVerb,
    Set<Verb> verbs,
    boolean noRelation,
    List<NamePattern> relations,
    List<NamePattern> columns,
    List<NamePattern> functions,
    Set<String> settings,
    Set<Flag> flags,
    boolean anyStatus,
    Set<FactsStatus> statuses,
    Set<String> classes,
    Set<String> reads,
    Set<String> writes,
    Set<String> predicateOn,
    List<What> any) {
  /// Every statement.
  static final What EVERYTHING =
      new What(
          false, Set.of(), false, List.of(), List.of(), List.of(), Set.of(), Set.of(), false,
          Set.of(), Set.of(), Set.of(), Set.of(), Set.of(), List.of());

  What {
    verbs = Set.copyOf(verbs);
    relations = List.copyOf(relations);
    columns = List.copyOf(columns);
    functions = List.copyOf(functions);
    settings = Set.copyOf(settings);
    flags = Set.copyOf(flags);
    statuses = Set.copyOf(statuses);
    classes = Set.copyOf(classes);
    reads = Set.copyOf(reads);
    writes = Set.copyOf(writes);
    predicateOn = Set.copyOf(predicateOn);
    any = List.copyOf(any);
  }

  /// The alternatives, each with the keys around it folded in by whoever reads the file.
  List<What> alternatives() {
    return any.isEmpty() ? List.of(this) : any;
  }

  /// Whether it names nothing but conditions: as a grant it opens those, and covers nothing else.
  boolean isOnlyPredicates() {
    return !predicateOn.isEmpty()
        && equals(
            new What(
                false,
                Set.of(),
                false,
                List.of(),
                List.of(),
                List.of(),
                Set.of(),
                Set.of(),
                false,
                Set.of(),
                Set.of(),
                Set.of(),
                Set.of(),
                predicateOn,
                List.of()));
  }

  // ---- as a restriction: one match is enough

  /// Whether a restriction with these keys concerns a statement.
  boolean touches(Facts facts, Labels labels) {
    for (What each : alternatives()) {
      if (each.touchesAll(facts, labels)) {
        return true;
      }
    }
    return false;
  }

  private boolean touchesAll(Facts facts, Labels labels) {
    return touchesVerb(facts)
        && touchesRelation(facts)
        && (columns.isEmpty() || touchesColumn(facts))
        && (functions.isEmpty()
            || facts.functions().stream().anyMatch(use -> listed(functions, use.name())))
        && (settings.isEmpty() || facts.settings().stream().anyMatch(this::listsSetting))
        && hasFlag(facts)
        && (anyStatus || statuses.isEmpty() || statuses.contains(facts.status()))
        && (classes.isEmpty() || classes.contains(facts.isSystem() ? "system" : "user"))
        && (reads.isEmpty() || !labels.read(facts, reads).isEmpty())
        && (writes.isEmpty() || !labels.written(facts, writes).isEmpty())
        && (predicateOn.isEmpty() || !labels.probed(facts, predicateOn).isEmpty());
  }

  private boolean hasFlag(Facts facts) {
    if (flags.isEmpty()) {
      return true;
    }
    for (Flag flag : facts.flags()) {
      if (flags.contains(flag)) {
        return true;
      }
    }
    return false;
  }

  private boolean touchesColumn(Facts facts) {
    for (ColumnUse use : facts.columns()) {
      if (listsColumn(use)) {
        return true;
      }
    }
    return false;
  }

  private boolean touchesVerb(Facts facts) {
    if (anyVerb || verbs.isEmpty()) {
      return true;
    }
    for (Verb verb : facts.verbs()) {
      if (verbs.contains(verb)) {
        return true;
      }
    }
    return false;
  }

  private boolean touchesRelation(Facts facts) {
    if (noRelation) {
      return facts.relations().isEmpty();
    }
    if (relations.isEmpty()) {
      return true;
    }
    for (RelationUse use : facts.relations()) {
      if (listed(relations, use.relation().toString())) {
        return true;
      }
    }
    return false;
  }

  // ---- as a grant: each part of the statement must be covered by some grant

  /// Whether a grant with these keys concerns a statement at all: flags and relation class hold.
  boolean appliesTo(Facts facts) {
    return predicateOn.isEmpty()
        && hasFlag(facts)
        && (!noRelation || facts.relations().isEmpty())
        && (!classes.contains("system") || facts.isSystem())
        && (!classes.contains("user") || classes.contains("system") || !facts.isSystem());
  }

  boolean coversVerb(Verb verb) {
    return anyVerb || verbs.isEmpty() || verbs.contains(verb);
  }

  /// Whether it grants a verb to a statement: a grant that names relations, columns or functions
  /// says nothing about statements that have none of them, such as DROP ROLE or VACUUM of
  /// everything.
  boolean grantsVerb(Verb verb, Facts facts) {
    if (!coversVerb(verb)) {
      return false;
    }
    if (namesOnlyFunctions()) {
      return facts.functions().stream().anyMatch(this::namesFunction);
    }
    if (relations.isEmpty() && columns.isEmpty()) {
      return true;
    }
    for (RelationUse use : facts.relations()) {
      String name = use.relation().toString();
      if (listed(relations, name) || ownsColumn(name)) {
        return true;
      }
    }
    return false;
  }

  boolean coversStatus(FactsStatus status) {
    return status == FactsStatus.OK || anyStatus || statuses.contains(status);
  }

  /// A grant that names only functions says nothing about relations.
  private boolean namesOnlyFunctions() {
    return !functions.isEmpty() && relations.isEmpty() && columns.isEmpty() && classes.isEmpty();
  }

  /// Whether it covers everything there is, without naming any of it.
  private boolean coversAll() {
    return anyVerb && anyStatus;
  }

  /// System relations that tell of others' sessions, secrets or data are covered by name alone.
  boolean coversRelation(RelationUse use) {
    String name = use.relation().toString();
    if (!coversVerb(use.verb()) || noRelation || namesOnlyFunctions()) {
      return false;
    }
    if (listed(relations, name)) {
      return true;
    }
    if (LeakingRelations.contains(use.relation()) && !coversAll()) {
      return false;
    }
    if (!columns.isEmpty() && relations.isEmpty()) {
      return ownsColumn(name);
    }
    return relations.isEmpty();
  }

  private boolean ownsColumn(String relation) {
    for (NamePattern column : columns) {
      if (column.ownerMatches(relation)) {
        return true;
      }
    }
    return false;
  }

  boolean coversColumn(ColumnUse use) {
    if (!coversVerb(use.verb()) || noRelation || namesOnlyFunctions()) {
      return false;
    }
    if (!columns.isEmpty()) {
      return listsColumn(use);
    }
    if (listed(relations, use.relation().toString())) {
      return true;
    }
    return relations.isEmpty() && (coversAll() || !LeakingRelations.containsColumn(use));
  }

  boolean coversFunction(FunctionUse use, Verb verb) {
    return use.harmless()
        || (coversVerb(verb)
            && (namesFunction(use) || anyStatus || statuses.contains(FactsStatus.OPAQUE)));
  }

  boolean namesFunction(FunctionUse use) {
    return listed(functions, use.name());
  }

  boolean coversFlag(Flag flag) {
    return !flag.grantedByNameOnly() || flags.contains(flag) || coversAll();
  }

  boolean coversSetting(String setting) {
    return settings.isEmpty() || listsSetting(setting);
  }

  private boolean listsColumn(ColumnUse use) {
    for (NamePattern pattern : columns) {
      if (pattern.matches(use)) {
        return true;
      }
    }
    return false;
  }

  private boolean listsSetting(String setting) {
    return settings.contains(setting.toLowerCase(Locale.ROOT));
  }

  private static boolean listed(List<NamePattern> patterns, String name) {
    for (NamePattern pattern : patterns) {
      if (pattern.matches(name)) {
        return true;
      }
    }
    return false;
  }

  // ---- in words

  /// As part of an English sentence: `select on public.orders or public.carts`.
  String sentence() {
    return alternatives().stream().map(What::own).collect(Collectors.joining("; or "));
  }

  private String own() {
    List<String> parts = new ArrayList<>();
    if (anyVerb) {
      parts.add("anything");
    } else if (!verbs.isEmpty()) {
      parts.add(verbs.stream().sorted().map(Verb::word).collect(Collectors.joining(" or ")));
    }
    if (noRelation) {
      parts.add("without a relation");
    }
    Map<String, List<NamePattern>> names = new java.util.LinkedHashMap<>();
    names.put("on ", relations);
    names.put("of the columns ", columns);
    names.put("calling ", functions);
    names.forEach((before, patterns) -> {
      if (!patterns.isEmpty()) {
        parts.add(
            before + patterns.stream().map(NamePattern::text).collect(Collectors.joining(" or ")));
      }
    });
    words(parts, "of the settings ", settings);
    words(parts, "with ", flags.stream().map(Flag::word).collect(Collectors.toSet()));
    words(parts, "of ", classes, " relations");
    if (anyStatus) {
      parts.add("understood or not");
    }
    words(parts, "that are ", statuses.stream().map(FactsStatus::word).collect(Collectors.toSet()));
    words(parts, "reading ", reads);
    words(parts, "writing ", writes);
    words(parts, "with a condition, order, grouping or argument on ", predicateOn);
    return parts.isEmpty() ? "anything" : String.join(" ", parts);
  }

  private static void words(List<String> parts, String before, Set<String> words) {
    words(parts, before, words, "");
  }

  private static void words(List<String> parts, String before, Set<String> words, String after) {
    if (!words.isEmpty()) {
      parts.add(before + words.stream().sorted().collect(Collectors.joining(" or ")) + after);
    }
  }
}
