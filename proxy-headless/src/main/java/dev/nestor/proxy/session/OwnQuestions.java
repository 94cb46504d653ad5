package dev.nestor.proxy.session;

import dev.nestor.postgres.catalog.Column;
import dev.nestor.postgres.catalog.Relation;
import dev.nestor.postgres.catalog.RelationKind;
import dev.nestor.postgres.catalog.RelationName;
import dev.nestor.proxy.catalog.CatalogDigest;
import dev.nestor.proxy.decision.SessionSettings;
import dev.nestor.proxy.session.ReplyQueue.Kind;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// What the gateway asks the server inside of a client's session, unseen by the client: settings in
/// doubt, and the objects that only this session can see.
///
/// A SHOW takes no snapshot and so does not disturb a later SET TRANSACTION. The question for
/// objects is a SELECT, which would; it is asked only when a statement has just run that took a
/// snapshot itself, or outside of a transaction.
final class OwnQuestions {
  /// Names of statements and portals that begin like this are the gateway's.
  static final String OWN_NAME = "nestor.ask";

  /// What an entry of the reply queue asks for.
  sealed interface Asked {
    /// A tracked setting, by its index.
    record Setting(int index) implements Asked {}

    /// Objects of the session.
    record Objects() implements Asked {}

    /// Behind the last question.
    record End() implements Asked {}
  }

  private static final String OBJECTS_LABEL = "objects of the session";

  /// Rows are `t`, name, kind, oid, column, number, type for relations in the temporary schema;
  /// `s`, name, text for prepared statements; `d`, digest for the catalog as this session sees it,
  /// empty if its transaction has written nothing. Every name has its schema: the search path is
  /// the client's. A client that forbids sequential scans makes the server compile what needs one,
  /// for a second; so an index may serve.
  private static final String OBJECTS =
      """
      SELECT CAST('t' AS pg_catalog.text), CAST(c.relname AS pg_catalog.text), \
      CAST(c.relkind AS pg_catalog.text), CAST(c.oid AS pg_catalog.text), \
      CAST(a.attname AS pg_catalog.text), CAST(a.attnum AS pg_catalog.text), \
      CAST(a.atttypid AS pg_catalog.text) \
      FROM pg_catalog.pg_class c LEFT JOIN pg_catalog.pg_attribute a \
      ON a.attrelid OPERATOR(pg_catalog.=) c.oid \
      AND a.attnum OPERATOR(pg_catalog.>) CAST(0 AS pg_catalog.int2) AND NOT a.attisdropped \
      WHERE c.relnamespace OPERATOR(pg_catalog.=) pg_catalog.pg_my_temp_schema() \
      AND c.oid OPERATOR(pg_catalog.>) CAST(0 AS pg_catalog.oid) \
      UNION ALL SELECT CAST('s' AS pg_catalog.text), s.name, s.statement, NULL, NULL, NULL, NULL \
      FROM pg_catalog.pg_prepared_statements s\
      """;

  /// Behind the others where a transaction is open. The digest costs milliseconds to plan.
  private static final String UNCOMMITTED =
      """
       UNION ALL SELECT CAST('d' AS pg_catalog.text), \
      CASE WHEN pg_catalog.txid_current_if_assigned() IS NULL THEN CAST('' AS pg_catalog.text) \
      ELSE (\
      """
          + CatalogDigest.QUERY
          + ") END, NULL, NULL, NULL, NULL, NULL";

  private static final Set<RelationKind> NOT_NAMED_IN_QUERIES =
      EnumSet.of(
          RelationKind.INDEX,
          RelationKind.PARTITIONED_INDEX,
          RelationKind.COMPOSITE_TYPE,
          RelationKind.TOAST_TABLE);

  private final Consumer<byte[]> server;
  private final ReplyQueue queue;
  private final Journal journal;
  private boolean settingsInDoubt;
  private boolean objectsInDoubt;

  private final Map<Integer, FoundRelation> relations = new LinkedHashMap<>();
  private final Map<String, byte[]> statements = new HashMap<>();
  private String digest = "";

  private record FoundRelation(String name, RelationKind kind, int oid, List<Column> columns) {}

  /// What the server has said of the session's own objects.
  ///
  /// @param temporary relations in its temporary schema
  /// @param statements texts of its prepared statements, by name
  /// @param digest of the catalog as it sees it; empty if its transaction has written nothing
  record Objects(List<Relation> temporary, Map<String, byte[]> statements, String digest) {}

  OwnQuestions(Consumer<byte[]> server, ReplyQueue queue, Journal journal) {
    this.server = server;
    this.queue = queue;
    this.journal = journal;
  }

  void doubtSettings() {
    settingsInDoubt = true;
  }

  void doubtObjects() {
    objectsInDoubt = true;
  }

  boolean inDoubt() {
    return settingsInDoubt || objectsInDoubt;
  }

  /// Asks for all that is in doubt. The reply queue must be empty.
  ///
  /// @param midCycle whether the client has not sent its Sync yet: then ours would end its
  ///   transaction
  /// @param inTransaction whether a transaction is open, the implicit one included: it may have
  ///   definitions that nobody else sees
  void ask(boolean midCycle, boolean inTransaction) {
    if (settingsInDoubt) {
      for (int setting = 0; setting < SessionSettings.TRACKED.size(); setting++) {
        String name = SessionSettings.TRACKED.get(setting);
        ask(new Asked.Setting(setting), name, "SHOW " + name);
      }
    }
    if (objectsInDoubt) {
      relations.clear();
      statements.clear();
      digest = "";
      ask(new Asked.Objects(), OBJECTS_LABEL, inTransaction ? OBJECTS + UNCOMMITTED : OBJECTS);
    }
    settingsInDoubt = false;
    objectsInDoubt = false;
    server.accept(Wire.closeStatement(OWN_NAME)); // once more: its answer is the end
    queue.add(Kind.CLOSE, ReplyQueue.INJECTED, new Asked.End());
    if (midCycle) {
      server.accept(Wire.flush());
    } else {
      server.accept(Wire.sync());
      queue.add(Kind.SYNC, ReplyQueue.INJECTED, null);
    }
  }

  private void ask(Asked asked, String label, String sql) {
    server.accept(Wire.ask(OWN_NAME, sql));
    queue.add(Kind.PARSE, ReplyQueue.INJECTED, null);
    queue.add(Kind.BIND, ReplyQueue.INJECTED, null);
    queue.add(Kind.EXECUTE, ReplyQueue.INJECTED, asked);
    queue.add(Kind.CLOSE, ReplyQueue.INJECTED, null);
    queue.add(Kind.CLOSE, ReplyQueue.INJECTED, null);
    journal.injected("show", label);
  }

  /// Takes a row of the answer about objects.
  ///
  /// @throws IllegalArgumentException if it has a relation of a kind that is not known
  void row(ByteBuffer message) {
    List<byte @Nullable []> cells = Wire.cells(message);
    if (cells.size() != 7) {
      return;
    }
    switch (text(cells.get(0))) {
      case "t" -> relation(cells);
      case "s" -> {
        byte @Nullable [] sql = cells.get(2);
        statements.put(text(cells.get(1)), sql == null ? new byte[0] : sql);
      }
      case "d" -> digest = text(cells.get(1));
      default -> {}
    }
  }

  private void relation(List<byte @Nullable []> cells) {
    RelationKind kind = RelationKind.ofCode(text(cells.get(2)).charAt(0));
    if (NOT_NAMED_IN_QUERIES.contains(kind)) {
      return;
    }
    int oid = Integer.parseUnsignedInt(text(cells.get(3)));
    FoundRelation relation =
        relations.computeIfAbsent(
            oid, _ -> new FoundRelation(text(cells.get(1)), kind, oid, new ArrayList<>()));
    if (cells.get(4) != null) {
      relation
          .columns()
          .add(
              new Column(
                  Integer.parseInt(text(cells.get(5))),
                  text(cells.get(4)),
                  Integer.parseUnsignedInt(text(cells.get(6)))));
    }
  }

  private static String text(byte @Nullable [] cell) {
    return cell == null ? "" : new String(cell, StandardCharsets.UTF_8);
  }

  /// The whole answer about objects.
  Objects objects() {
    List<Relation> temporary = new ArrayList<>();
    for (FoundRelation relation : relations.values()) {
      List<Column> columns = new ArrayList<>(relation.columns());
      columns.sort((a, b) -> Integer.compare(a.number(), b.number()));
      temporary.add(
          new Relation(
              new RelationName("pg_temp", relation.name()),
              relation.oid(),
              relation.kind(),
              columns,
              Optional.empty(),
              List.of(),
              false));
    }
    Map<String, byte[]> texts = new HashMap<>(statements);
    texts.keySet().removeIf(name -> name.startsWith(OWN_NAME));
    return new Objects(temporary, texts, digest);
  }
}
