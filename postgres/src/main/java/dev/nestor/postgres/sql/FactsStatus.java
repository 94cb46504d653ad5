package dev.nestor.postgres.sql;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// How far a statement could be understood, from best to worst.
public enum FactsStatus {
  /// Everything that it names is known.
  OK("everything that it names is known"),
  /// It runs code whose effect the text does not tell.
  OPAQUE("it runs code whose effect the text does not tell"),
  /// It names something that the catalog does not know.
  UNRESOLVED("it names something that the catalog does not know"),
  /// It does not follow PostgreSQL's grammar.
  SYNTAX("it does not follow PostgreSQL's grammar"),
  /// It cannot be cut into tokens.
  UNLEXABLE("it cannot be cut into tokens"),
  /// It nests deeper than the limit.
  TOO_DEEP("it nests deeper than the limit"),
  /// It is longer than the limit, in bytes or tokens.
  TOO_LONG("it is longer than the limit");

  private static final Map<String, FactsStatus> BY_WORD = new HashMap<>();

  static {
    for (FactsStatus status : values()) {
      BY_WORD.put(status.word, status);
    }
  }

  private final String word;
  private final String meaning;

  FactsStatus(String meaning) {
    this.word = name().toLowerCase(Locale.ROOT).replace('_', '-');
    this.meaning = meaning;
  }

  /// As policies and JSON write it, for example `too-deep`.
  public String word() {
    return word;
  }

  /// What it says, as a clause.
  public String meaning() {
    return meaning;
  }

  /// Whether the statement could be read at all.
  public boolean parsed() {
    return this == OK || this == OPAQUE || this == UNRESOLVED;
  }

  /// The worse of the two.
  public FactsStatus or(FactsStatus other) {
    return compareTo(other) >= 0 ? this : other;
  }

  /// The status that a policy means.
  public static Optional<FactsStatus> ofWord(String word) {
    return Optional.ofNullable(BY_WORD.get(word));
  }

  @Override
  public String toString() {
    return word;
  }
}
