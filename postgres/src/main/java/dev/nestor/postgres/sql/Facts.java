package dev.nestor.postgres.sql;

import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.Set;

/// What one top-level statement does, as far as its text and the catalog tell.
///
/// A text that cannot be read gives one value whose status says why; what it would have done is
/// then unknown, and every list is empty.
///
/// @param start first byte of the statement in the whole text
/// @param end behind its last byte; the separating semicolon does not belong to it
/// @param status how far it could be understood
/// @param problem why it could not be understood, if it could not
/// @param verbs its own first, then those of the statements inside it; never empty
/// @param relations what it reads and writes, views and inheritance expanded
/// @param columns what it does with which column
/// @param functions what it calls, and what the views that it reads call
/// @param flags what else matters
/// @param settings lower-case names of the settings that it sets, resets or shows; `all` for all of
///   them
/// @param names of prepared statements and cursors that it uses or changes
public record Facts(
    int start,
    int end,
    FactsStatus status,
    Optional<SqlProblem> problem,
    SequencedSet<Verb> verbs,
    List<RelationUse> relations,
    List<ColumnUse> columns,
    List<FunctionUse> functions,
    Set<Flag> flags,
    Set<String> settings,
    Set<String> names) {

  /// Copies the collections.
  public Facts {
    verbs = Collections.unmodifiableSequencedSet(new LinkedHashSet<>(verbs));
    if (verbs.isEmpty()) {
      throw new IllegalArgumentException("a statement has a verb");
    }
    relations = List.copyOf(relations);
    columns = List.copyOf(columns);
    functions = List.copyOf(functions);
    flags = Set.copyOf(flags);
    settings = Set.copyOf(settings);
    names = Set.copyOf(names);
  }

  /// The same of a statement that stands elsewhere in its text.
  public Facts at(int otherStart, int otherEnd) {
    return new Facts(
        otherStart,
        otherEnd,
        status,
        problem,
        verbs,
        relations,
        columns,
        functions,
        flags,
        settings,
        names);
  }

  /// A statement that could not be read.
  static Facts unreadable(int start, int end, FactsStatus status, SqlProblem problem) {
    return new Facts(
        start,
        end,
        status,
        Optional.of(problem),
        new LinkedHashSet<>(List.of(Verb.UNKNOWN)),
        List.of(),
        List.of(),
        List.of(),
        Set.of(),
        Set.of(),
        Set.of());
  }

  /// Whether it is opaque only because of functions that are not in the list of harmless ones.
  public boolean opaqueByFunctionsOnly() {
    return status == FactsStatus.OPAQUE && !flags.contains(Flag.OPAQUE_CODE);
  }

  /// Its own verb.
  public Verb verb() {
    return verbs.getFirst();
  }

  /// Whether it touches relations, and only those of `pg_catalog` and `information_schema`.
  public boolean isSystem() {
    if (relations.isEmpty() || status != FactsStatus.OK) {
      return false;
    }
    for (RelationUse use : relations) {
      if (use.writes() || !use.relation().isSystem()) {
        return false;
      }
    }
    return verb() == Verb.SELECT && verbs.size() == 1;
  }

  /// Whether running it may change what later texts of the session mean: definitions, settings or
  /// the names of statements and cursors.
  public boolean changesMeaning() {
    return flags.contains(Flag.DEFINITION)
        || flags.contains(Flag.MEANING)
        || flags.contains(Flag.NAMES)
        || flags.contains(Flag.OPAQUE_CODE)
        || flags.contains(Flag.TEMPORARY)
        || functions.stream().anyMatch(function -> !function.harmless())
        || status != FactsStatus.OK;
  }
}
