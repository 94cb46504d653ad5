package dev.nestor.postgres.sql;

import dev.nestor.postgres.catalog.RelationName;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Facts of one statement while its tree is walked.
final class FactsCollector {
  /// A reason why a statement is not fully understood, by its place in the text.
  private record Trouble(FactsStatus status, int offset, String message) {}

  private final LinkedHashSet<Verb> verbs = new LinkedHashSet<>();
  private final LinkedHashSet<RelationUse> relations = new LinkedHashSet<>();
  private final Map<ColumnEntry.Key, ColumnEntry> columns = new LinkedHashMap<>();
  private final Map<String, FunctionUse> functions = new LinkedHashMap<>();
  private final EnumSet<Flag> flags = EnumSet.noneOf(Flag.class);
  private final Set<String> settings = new HashSet<>();
  private final Set<String> names = new HashSet<>();
  private @Nullable Trouble trouble;

  void verb(Verb verb) {
    verbs.add(verb);
  }

  boolean hasVerb() {
    return !verbs.isEmpty();
  }

  void relation(RelationName relation, boolean writes, Verb verb, @Nullable RelationName via) {
    relations.add(new RelationUse(relation, writes, verb, Optional.ofNullable(via)));
  }

  ColumnEntry column(RelationName relation, String column, Verb verb, @Nullable RelationName via) {
    return columns.computeIfAbsent(
        new ColumnEntry.Key(relation, column, verb, via), ColumnEntry::new);
  }

  void function(FunctionUse function) {
    functions.putIfAbsent(function.name(), function);
  }

  void flag(Flag flag) {
    flags.add(flag);
  }

  boolean has(Flag flag) {
    return flags.contains(flag);
  }

  void setting(String setting) {
    settings.add(setting);
  }

  void name(String name) {
    names.add(name);
  }

  /// Notes a reason why the statement is not fully understood; the worst and then first one stays.
  void trouble(FactsStatus status, int offset, String message) {
    if (trouble == null || status.compareTo(trouble.status) > 0) {
      trouble = new Trouble(status, offset, message);
    }
  }

  /// Takes over everything of another statement that this one runs.
  void include(Facts other, int offset) {
    for (Verb verb : other.verbs()) {
      if (verb != Verb.PREPARE && verb != Verb.DECLARE) { // those gave it the name
        verbs.add(verb);
      }
    }
    relations.addAll(other.relations());
    for (ColumnUse use : other.columns()) {
      ColumnEntry entry = column(use.relation(), use.column(), use.verb(), use.via().orElse(null));
      use.uses().forEach(entry::use);
    }
    other.functions().forEach(this::function);
    for (Flag flag : other.flags()) {
      if (flag != Flag.NAMES) {
        flags.add(flag);
      }
    }
    settings.addAll(other.settings());
    if (other.status() != FactsStatus.OK) {
      trouble(other.status(), offset, "the named statement is not fully understood");
    }
  }

  /// Whether what it does depends on what names stand for.
  boolean namesSomething() {
    return !relations.isEmpty() || !functions.isEmpty() || !names.isEmpty();
  }

  FactsStatus status() {
    return trouble == null ? FactsStatus.OK : trouble.status;
  }

  List<RelationUse> relations() {
    return List.copyOf(relations);
  }

  List<FunctionUse> functions() {
    return List.copyOf(functions.values());
  }

  List<ColumnUse> columns() {
    List<ColumnUse> uses = new ArrayList<>(columns.size());
    for (ColumnEntry entry : columns.values()) {
      if (entry.used()) {
        uses.add(entry.toColumnUse());
      }
    }
    return uses;
  }

  Facts finish(int start, int end, Positions positions) {
    if (functions.values().stream().anyMatch(function -> !function.harmless())) {
      trouble(FactsStatus.OPAQUE, start, "a function that is not in the list of harmless ones");
    }
    if (has(Flag.OPAQUE_CODE)) {
      trouble(FactsStatus.OPAQUE, start, "code whose effect the text does not tell");
    }
    Trouble worst = trouble;
    return new Facts(
        start,
        end,
        status(),
        worst == null
            ? Optional.empty()
            : Optional.of(positions.problem(worst.offset, worst.message)),
        verbs,
        List.copyOf(relations),
        columns(),
        functions(),
        flags,
        settings,
        names);
  }
}
