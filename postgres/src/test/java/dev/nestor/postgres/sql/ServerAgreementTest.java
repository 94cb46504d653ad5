package dev.nestor.postgres.sql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nestor.postgres.catalog.CatalogSnapshot;
import dev.nestor.postgres.catalog.JdbcCatalog;
import dev.nestor.postgres.protocol.BackendMessage;
import dev.nestor.postgres.protocol.Framing;
import dev.nestor.postgres.protocol.FrontendMessage;
import dev.nestor.postgres.protocol.StartupPacket;
import dev.nestor.postgres.protocol.TransactionStatus;
import dev.nestor.testservers.PostgresServer;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.postgresql.PGResultSetMetaData;

/// Asks a real server whether it reads statements as we do.
class ServerAgreementTest {
  private static final long SEED = 20_261_121;
  private static final int MUTATIONS = 4_000;
  private static final int QUERIES = 2_000;
  private static final String FAILED_TRANSACTION = "25P02";

  private static final String SCHEMA =
      """
      CREATE SCHEMA app;
      CREATE TABLE customers (id text, name text, email text, ssn text);
      CREATE TABLE orders (id text, customer_id text, total text);
      CREATE TABLE carts (id text, status text);
      CREATE TABLE app.settings (key text, value text);
      CREATE TABLE events (id text, body text);
      CREATE TABLE events_2026 () INHERITS (events);
      CREATE VIEW contacts AS
        SELECT id, email AS address, upper(ssn) AS number FROM customers WHERE name IS NOT NULL;
      """;

  /// Columns that a query depends on, as the server records for a view of it; NULL if it refuses.
  private static final String ORACLE =
      """
      CREATE FUNCTION depends(query text) RETURNS text LANGUAGE plpgsql AS $body$
      DECLARE found text;
      BEGIN
        EXECUTE 'CREATE VIEW under_test AS ' || query;
        SELECT string_agg(DISTINCT c.relnamespace::regnamespace || '.' || c.relname
                                   || coalesce('.' || a.attname, ''), ' ')
          INTO found
          FROM pg_rewrite r
          JOIN pg_depend d ON d.classid = 'pg_rewrite'::regclass AND d.objid = r.oid
                              AND d.refclassid = 'pg_class'::regclass
          JOIN pg_class c ON c.oid = d.refobjid
          LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = d.refobjsubid
                                      AND d.refobjsubid > 0
         WHERE r.ev_class = 'under_test'::regclass AND c.relname <> 'under_test';
        DROP VIEW under_test;
        RETURN coalesce(found, '');
      EXCEPTION WHEN OTHERS THEN RETURN NULL;
      END $body$
      """;

  private static PostgresServer server;

  @BeforeAll
  static void start() throws Exception {
    server = PostgresServer.start(PostgresServer.Access.TRUST);
    server.run("postgres", SCHEMA);
    server.run("postgres", ORACLE);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Test // a column that the facts miss is a column that no rule protects
  void theFactsNameEveryColumnThatTheServerSaysAQueryDependsOn() throws SQLException {
    SqlAnalyzer analyzer = new SqlAnalyzer();
    RandomQueries queries = new RandomQueries(SEED);
    int understood = 0;
    try (Connection connection = server.superuser("postgres");
        PreparedStatement oracle = connection.prepareStatement("SELECT depends(?)")) {
      CatalogSnapshot catalog = JdbcCatalog.read(connection, 1);
      for (int i = 0; i < QUERIES; i++) {
        String sql = queries.next();
        oracle.setString(1, sql);
        String depends;
        try (ResultSet row = oracle.executeQuery()) {
          row.next();
          depends = row.getString(1);
        }
        if (depends == null) {
          continue;
        }
        Facts facts =
            analyzer
                .analyze(sql, SqlSettings.DEFAULT, catalog, SessionNames.of("postgres"))
                .getFirst();
        understood++;
        assertThat(facts.status())
            .as("seed %d, query %d: %s", SEED, i, sql)
            .isEqualTo(FactsStatus.OK);
        assertThat(namesIn(facts))
            .as("seed %d, query %d: %s", SEED, i, sql)
            .containsAll(words(depends));
      }
    }
    assertThat(understood).isGreaterThan(QUERIES / 2);
  }

  private static Set<String> words(String text) {
    Set<String> words = new TreeSet<>(List.of(text.split(" ")));
    words.remove("");
    return words;
  }

  private static Set<String> namesIn(Facts facts) {
    Set<String> names = new TreeSet<>();
    facts.relations().forEach(use -> names.add(use.relation().toString()));
    facts.columns().forEach(use -> names.add(use.toString()));
    return names;
  }

  @Test // a mask follows the origin that the server reports; what has lost it must not look bare
  void anOutputWithoutAnOriginIsMadeOfDerivedColumnsOnly() throws SQLException {
    RandomQueries queries = new RandomQueries(SEED + 1);
    int described = 0;
    try (Connection connection = server.superuser("postgres")) {
      CatalogSnapshot catalog = JdbcCatalog.read(connection, 1);
      List<String> texts = new ArrayList<>(PROVENANCE);
      for (int i = 0; i < QUERIES / 2; i++) {
        texts.add(queries.next());
      }
      for (String sql : texts) {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
          PGResultSetMetaData server = (PGResultSetMetaData) statement.getMetaData();
          List<OutputColumn> ours = outputs(sql, catalog);
          for (int i = 0; i < ours.size(); i++) {
            if (server.getBaseColumnName(i + 1).isEmpty()) {
              assertThat(ours.get(i).sources())
                  .as("output %d of %s", i + 1, sql)
                  .allMatch(OutputColumn.Source::derived);
            }
          }
          described++;
        } catch (SQLException e) {
          assertThat(PROVENANCE).as(e.getMessage()).doesNotContain(sql);
        }
      }
    }
    assertThat(described).isGreaterThan(QUERIES / 4);
  }

  private static final List<String> PROVENANCE =
      List.of(
          "select ssn, ssn as x, (ssn), ssn::text from customers",
          "select ssn::varchar, ssn collate \"C\", upper(ssn), ssn || '' from customers",
          "select coalesce(ssn, ''), nullif(ssn, ''), case when true then ssn end from customers",
          "select (select ssn from customers limit 1), array(select ssn from customers)",
          "select v.x from customers c, lateral (values (c.ssn)) v(x)",
          "select g from customers, unnest(string_to_array(ssn, '-')) g",
          "select ssn from customers union select id from orders",
          "with recursive r as (select ssn from customers union all select ssn from r where false)"
              + " select ssn from r",
          "select id from customers full join carts using (id)",
          "select id from customers natural full join carts",
          "select min(ssn), string_agg(ssn, ''), count(ssn) from customers",
          "select lag(ssn) over (), first_value(ssn) over () from customers",
          "select c, row(c.ssn), row_to_json(c), to_jsonb(c) ->> 'ssn' from customers c",
          "select (c).ssn, (c).* from customers c",
          "select (array[ssn])[1], ssn like 'a%', exists (select ssn from customers) from customers",
          "select x from (select distinct ssn as x from customers order by 1 limit 1) s",
          "select address, number from contacts",
          "table customers");

  private static List<OutputColumn> outputs(String sql, CatalogSnapshot catalog) {
    byte[] bytes = sql.getBytes(StandardCharsets.UTF_8);
    ParseTree tree = new ParseTree(bytes);
    try {
      int root = Parser.parse(bytes, SqlSettings.DEFAULT, tree);
      Walk walk =
          new Walk(
              tree,
              new FactsCollector(),
              new NameLookup(catalog, SessionNames.of("postgres")),
              new ViewExpansions(catalog));
      QueryResult result = new QueryResult();
      int statement = tree.firstChild(Statements.of(tree, root).getFirst());
      walk.plan(() -> new QueryWalker(walk).query(statement, new Scope(null), result));
      walk.finish();
      return result.columns;
    } catch (UnreadableSqlException e) {
      throw new AssertionError(sql, e);
    }
  }

  @Test // a statement that the server reads and we do not is a client that cannot work
  void nothingThatTheServerParsesIsRefused() throws IOException {
    compare(true);
  }

  @Test // the same for backslashes in ordinary strings
  void nothingThatTheServerParsesWithoutConformingStringsIsRefused() throws IOException {
    compare(false);
  }

  private static void compare(boolean conforming) throws IOException {
    List<String> refused = new ArrayList<>();
    int accepted = 0;
    try (FailedTransaction oracle = new FailedTransaction(conforming)) {
      for (String sql : texts()) {
        if (oracle.parses(sql)) {
          accepted++;
          if (!parses(sql, conforming)) {
            refused.add(sql);
          }
        }
      }
    }
    assertThat(accepted).isGreaterThan(500);
    assertThat(refused).as("seed %d", SEED).isEmpty();
  }

  private static boolean parses(String sql, boolean conforming) {
    byte[] bytes = sql.getBytes(StandardCharsets.UTF_8);
    try {
      Parser.parse(bytes, new SqlSettings(conforming), new ParseTree(bytes));
      return true;
    } catch (UnreadableSqlException e) {
      return false;
    }
  }

  /// The examples, and the same with one to three bytes changed.
  private static List<String> texts() {
    List<String> examples = FactsTest.statements();
    List<String> texts = new ArrayList<>(examples);
    Random random = new Random(SEED);
    List<String> pieces =
        List.of(
            "'",
            "\"",
            "$",
            "$$",
            "$a$",
            "\\",
            "--",
            "/*",
            "*/",
            "U&'",
            "e'",
            "\n",
            "\f",
            "\u000b",
            " ",
            ";",
            "(",
            ")",
            "[1]",
            "::",
            ".",
            "..",
            ",",
            "1_0",
            "0x",
            "1e",
            "@-",
            "+",
            "ä",
            "\u00a0",
            "not",
            " between ",
            " with ",
            " as ",
            " uescape '!' ",
            "x".repeat(70));
    for (int i = 0; i < MUTATIONS; i++) {
      StringBuilder text = new StringBuilder(examples.get(random.nextInt(examples.size())));
      for (int n = 0; n < 1 + random.nextInt(3); n++) {
        int at = random.nextInt(text.length() + 1);
        if (random.nextBoolean() || at == text.length()) {
          text.insert(at, pieces.get(random.nextInt(pieces.size())));
        } else {
          text.delete(at, Math.min(text.length(), at + 1 + random.nextInt(3)));
        }
      }
      texts.add(text.toString());
    }
    return texts;
  }

  /// A session in a failed transaction: the server parses each text, and then refuses to run it.
  private static final class FailedTransaction implements AutoCloseable {
    private final Socket socket = new Socket(server.host(), server.port());
    private final DataInputStream in = new DataInputStream(socket.getInputStream());
    private TransactionStatus status = TransactionStatus.IDLE;

    FailedTransaction(boolean conforming) throws IOException {
      send(
          StartupPacket.StartupMessage.of(
                  0,
                  Map.of(
                      "user", "postgres",
                      "database", "postgres",
                      "standard_conforming_strings", conforming ? "on" : "off"))
              .encode());
      untilReady();
    }

    private void send(ByteBuffer message) throws IOException {
      byte[] bytes = new byte[message.remaining()];
      message.get(bytes);
      socket.getOutputStream().write(bytes);
    }

    /// @return SQLSTATE of the last error, or the empty string
    private String untilReady() throws IOException {
      String sqlState = "";
      while (true) {
        byte tag = in.readByte();
        int length = in.readInt();
        ByteBuffer message = ByteBuffer.allocate(length + 1).put(tag).putInt(length);
        in.readFully(message.array(), Framing.HEADER_BYTES, length - Framing.LENGTH_BYTES);
        switch (BackendMessage.decode(message.clear())) {
          case BackendMessage.ErrorResponse error -> sqlState = error.fields().sqlState();
          case BackendMessage.ReadyForQuery ready -> {
            status = ready.status();
            return sqlState;
          }
          default -> {}
        }
      }
    }

    private String query(String sql) throws IOException {
      send(FrontendMessage.Query.of(sql).encode());
      return untilReady();
    }

    boolean parses(String sql) throws IOException {
      if (status != TransactionStatus.FAILED) {
        query("ROLLBACK");
        query("BEGIN");
        query("SELECT 1 / 0");
      }
      String sqlState = query(sql);
      return sqlState.isEmpty() || sqlState.equals(FAILED_TRANSACTION);
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }
}
