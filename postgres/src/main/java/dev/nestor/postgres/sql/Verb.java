package dev.nestor.postgres.sql;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// What a statement does. A statement has one verb of its own and those of the statements inside
/// it: `EXPLAIN ANALYZE DELETE …` explains and deletes.
public enum Verb {
  /// SELECT, VALUES, TABLE.
  SELECT("reads rows"),
  /// INSERT, also as a part of MERGE.
  INSERT("adds rows"),
  /// UPDATE, also as a part of MERGE or ON CONFLICT.
  UPDATE("changes rows"),
  /// DELETE, also as a part of MERGE.
  DELETE("removes rows"),
  /// MERGE.
  MERGE("adds, changes and removes rows"),
  /// COPY in either direction.
  COPY("copies rows in or out"),
  /// BEGIN, START TRANSACTION.
  BEGIN("opens a transaction"),
  /// COMMIT, END.
  COMMIT("commits a transaction"),
  /// ROLLBACK, ABORT, ROLLBACK TO SAVEPOINT.
  ROLLBACK("rolls back a transaction or to a savepoint"),
  /// SAVEPOINT.
  SAVEPOINT("sets a savepoint"),
  /// RELEASE SAVEPOINT.
  RELEASE("releases a savepoint"),
  /// PREPARE TRANSACTION, COMMIT PREPARED, ROLLBACK PREPARED.
  TWO_PHASE("prepares a transaction, or ends a prepared one"),
  /// SET, SET LOCAL, SET TRANSACTION, SET CONSTRAINTS.
  SET("changes a setting"),
  /// RESET.
  RESET("returns a setting to its default"),
  /// SHOW.
  SHOW("shows a setting"),
  /// DISCARD.
  DISCARD("drops the session's plans, sequences, temporary tables or all of them"),
  /// EXPLAIN.
  EXPLAIN("shows a plan, and with ANALYZE runs the statement"),
  /// PREPARE.
  PREPARE("names a statement"),
  /// EXECUTE.
  EXECUTE("runs a named statement"),
  /// DEALLOCATE.
  DEALLOCATE("forgets a named statement"),
  /// DECLARE.
  DECLARE("opens a cursor"),
  /// FETCH, MOVE.
  FETCH("moves a cursor and reads from it"),
  /// CLOSE.
  CLOSE("closes a cursor"),
  /// LISTEN.
  LISTEN("listens for notifications"),
  /// UNLISTEN.
  UNLISTEN("stops listening"),
  /// NOTIFY.
  NOTIFY("sends a notification"),
  /// LOCK TABLE.
  LOCK("locks a relation"),
  /// CREATE TABLE, CREATE TABLE AS, SELECT INTO, CREATE FOREIGN TABLE.
  CREATE_TABLE("creates a table"),
  /// CREATE VIEW, CREATE MATERIALIZED VIEW.
  CREATE_VIEW("creates a view"),
  /// CREATE INDEX.
  CREATE_INDEX("creates an index"),
  /// CREATE SEQUENCE.
  CREATE_SEQUENCE("creates a sequence"),
  /// CREATE SCHEMA.
  CREATE_SCHEMA("creates a schema"),
  /// CREATE FUNCTION, CREATE PROCEDURE.
  CREATE_FUNCTION("creates a function or procedure"),
  /// CREATE TRIGGER, CREATE EVENT TRIGGER, CREATE RULE.
  CREATE_TRIGGER("creates a trigger or rule"),
  /// CREATE ROLE, CREATE USER, CREATE GROUP.
  CREATE_ROLE("creates a role"),
  /// CREATE EXTENSION.
  CREATE_EXTENSION("installs an extension"),
  /// CREATE of anything else.
  CREATE("creates another kind of object"),
  /// ALTER ROLE, ALTER USER, ALTER GROUP.
  ALTER_ROLE("changes a role"),
  /// ALTER TABLE, ALTER VIEW, ALTER INDEX, ALTER SEQUENCE.
  ALTER_TABLE("changes a table, view, index or sequence"),
  /// ALTER SYSTEM.
  ALTER_SYSTEM("changes the server's configuration"),
  /// ALTER of anything else.
  ALTER("changes another kind of object"),
  /// ALTER … RENAME.
  RENAME("renames an object"),
  /// DROP of anything.
  DROP("drops an object"),
  /// TRUNCATE.
  TRUNCATE("empties a table"),
  /// GRANT.
  GRANT("grants privileges or membership"),
  /// REVOKE.
  REVOKE("revokes privileges or membership"),
  /// ALTER … OWNER TO, REASSIGN OWNED.
  OWNER("changes an owner"),
  /// COMMENT, SECURITY LABEL.
  COMMENT("describes an object"),
  /// DO.
  DO("runs code"),
  /// CALL.
  CALL("calls a procedure"),
  /// LOAD.
  LOAD("loads a library into the server"),
  /// VACUUM.
  VACUUM("cleans up a table"),
  /// ANALYZE.
  ANALYZE("gathers statistics"),
  /// CLUSTER.
  CLUSTER("reorders a table"),
  /// REINDEX.
  REINDEX("builds indexes anew"),
  /// REFRESH MATERIALIZED VIEW.
  REFRESH("fills a materialized view anew"),
  /// CHECKPOINT.
  CHECKPOINT("writes a checkpoint"),
  /// IMPORT FOREIGN SCHEMA.
  IMPORT("creates foreign tables from another server's"),
  /// An empty statement.
  EMPTY("does nothing"),
  /// The statement could not be read.
  UNKNOWN("is not known, because the statement could not be read");

  private static final Map<String, Verb> BY_WORD = new HashMap<>();

  static {
    for (Verb verb : values()) {
      BY_WORD.put(verb.word, verb);
    }
  }

  private final String word;
  private final String meaning;

  Verb(String meaning) {
    this.word = name().toLowerCase(Locale.ROOT).replace('_', '-');
    this.meaning = meaning;
  }

  /// As policies and JSON write it, for example `create-role`.
  public String word() {
    return word;
  }

  /// What a statement with this verb does, to follow "the statement".
  public String meaning() {
    return meaning;
  }

  /// The verb that a policy means.
  public static Optional<Verb> ofWord(String word) {
    return Optional.ofNullable(BY_WORD.get(word));
  }

  @Override
  public String toString() {
    return word;
  }
}
