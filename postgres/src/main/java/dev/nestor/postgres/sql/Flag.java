package dev.nestor.postgres.sql;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// Something about a statement that verbs and relations do not say.
public enum Flag {
  /// COPY … TO.
  COPY_OUT("COPY … TO: rows leave without a row description", false),
  /// COPY … FROM.
  COPY_IN("COPY … FROM: rows come in", false),
  /// SELECT INTO, CREATE TABLE AS, CREATE MATERIALIZED VIEW.
  SELECT_INTO("the result of a query becomes a relation", false),
  /// UPDATE without WHERE, DELETE without WHERE.
  WITHOUT_WHERE("UPDATE or DELETE of every row", false),
  /// CASCADE.
  CASCADE("takes with it what depends on its target", false),
  /// COPY … PROGRAM.
  PROGRAM("runs a program on the server's machine", true),
  /// COPY to or from a file.
  SERVER_FILE("reads or writes a file of the server's machine", true),
  /// FOR UPDATE, FOR SHARE.
  ROW_LOCK("locks the rows that it reads", true),
  /// A data-modifying statement inside WITH.
  WRITING_WITH("changes rows inside of WITH", false),
  /// EXPLAIN (ANALYZE).
  EXPLAIN_ANALYZE("runs the explained statement", false),
  /// RETURNING.
  RETURNING("returns the rows that it changes", false),
  /// Code whose effect the text does not tell.
  OPAQUE_CODE("runs or installs code whose effect the text does not tell", false),
  /// A setting that changes how later texts are read or who runs them.
  MEANING("changes a setting that later statements depend on for their meaning", false),
  /// TEMP objects.
  TEMPORARY("creates a temporary object, which can hide others", false),
  /// Definitions changed.
  DEFINITION("changes the catalog", false),
  /// PREPARE, DECLARE and their ends.
  NAMES("changes what names of statements or cursors stand for", false),
  /// SET LOCAL.
  LOCAL("the setting lasts until the end of the transaction", false),
  /// A password or connection secret in the text.
  SECRET("the text may hold a password", false),
  /// A row as a value.
  WHOLE_ROW("a whole row is used as one value", false);

  private static final Map<String, Flag> BY_WORD = new HashMap<>();

  static {
    for (Flag flag : values()) {
      BY_WORD.put(flag.word, flag);
    }
  }

  private final String word;
  private final String meaning;
  private final boolean grantedByNameOnly;

  Flag(String meaning, boolean grantedByNameOnly) {
    this.word = name().toLowerCase(Locale.ROOT).replace('_', '-');
    this.meaning = meaning;
    this.grantedByNameOnly = grantedByNameOnly;
  }

  /// As policies and JSON write it, for example `copy-out`.
  public String word() {
    return word;
  }

  /// What it says about the statement.
  public String meaning() {
    return meaning;
  }

  /// Whether a grant must name the flag, because it reaches beyond what it reads and writes.
  public boolean grantedByNameOnly() {
    return grantedByNameOnly;
  }

  /// The flag that a policy means.
  public static Optional<Flag> ofWord(String word) {
    return Optional.ofNullable(BY_WORD.get(word));
  }

  @Override
  public String toString() {
    return word;
  }
}
