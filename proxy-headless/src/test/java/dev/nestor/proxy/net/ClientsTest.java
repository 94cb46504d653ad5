package dev.nestor.proxy.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.nestor.testservers.PostgresServer;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyManager;

/// Unchanged clients through the gateway.
class ClientsTest {
  @TempDir static Path archive;
  private static PostgresServer server;
  private static TestGateway gateway;

  @BeforeAll
  static void start() throws Exception {
    server = PostgresServer.start(PostgresServer.Access.TRUST);
    gateway = new TestGateway(server, archive);
  }

  @AfterAll
  static void stop() throws Exception {
    gateway.close();
    server.close();
  }

  private static Connection connect() throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("user", "alice");
    properties.setProperty("password", gateway.token());
    properties.setProperty("sslmode", "disable");
    return DriverManager.getConnection(
        "jdbc:postgresql://127.0.0.1:" + gateway.port() + "/postgres", properties);
  }

  @Test
  void pgjdbcRunsSimpleExtendedPreparedAndBatchedStatements() throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      statement.execute("create temp table t (id int primary key, v text)");
      try (PreparedStatement insert = connection.prepareStatement("insert into t values (?, ?)")) {
        for (int i = 0; i < 1000; i++) {
          insert.setInt(1, i);
          insert.setString(2, "value " + i);
          insert.addBatch();
        }
        insert.executeBatch();
      }
      connection.setAutoCommit(false);
      try (PreparedStatement select = connection.prepareStatement("select v from t where id = ?")) {
        for (int i = 0; i < 20; i++) { // beyond pgJDBC's threshold for a named statement
          select.setInt(1, i);
          try (ResultSet row = select.executeQuery()) {
            assertThat(row.next()).isTrue();
            assertThat(row.getString(1)).isEqualTo("value " + i);
          }
        }
      }
      try (Statement cursor = connection.createStatement()) {
        cursor.setFetchSize(100);
        int rows = 0;
        try (ResultSet all = cursor.executeQuery("select * from t")) {
          while (all.next()) {
            rows++;
          }
        }
        assertThat(rows).isEqualTo(1000);
      }
      connection.commit();
    }
  }

  @Test
  void copyGoesBothWays() throws Exception {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      statement.execute("create temp table c (v text)");
      CopyManager copy = connection.unwrap(PGConnection.class).getCopyAPI();
      String data = "x".repeat(100_000) + "\n" + "line\n".repeat(50_000);

      assertThat(copy.copyIn("copy c from stdin", new StringReader(data))).isEqualTo(50_001);
      StringWriter out = new StringWriter();
      copy.copyOut("copy c to stdout", out);

      assertThat(out.toString()).isEqualTo(data);
    }
  }

  @Test
  void aBlockedStatementFailsWithOurErrorAndTheSessionGoesOn() throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      assertThatThrownBy(() -> statement.execute("select /*block*/ 1"))
          .isInstanceOfSatisfying(
              SQLException.class,
              e -> {
                assertThat(e.getSQLState()).isEqualTo("42501");
                assertThat(e.getMessage()).contains("stopped by test.rule").contains("ask nicely");
              });
      try (ResultSet row = statement.executeQuery("select 2")) {
        assertThat(row.next()).isTrue();
      }
    }
  }

  @Test
  void aKilledSessionEndsWithAdminShutdown() throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      assertThatThrownBy(() -> statement.execute("select /*kill*/ 1"))
          .isInstanceOfSatisfying(
              SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("57P01"));
    }
  }

  @Test
  void cancelReachesARunningStatement() throws Exception {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      CompletableFuture<Void> cancelled =
          CompletableFuture.runAsync(() -> {
            try {
              TimeUnit.MILLISECONDS.sleep(300);
              statement.cancel();
            } catch (InterruptedException | SQLException e) {
              throw new IllegalStateException(e);
            }
          });

      assertThatThrownBy(() -> statement.execute("select pg_sleep(30)"))
          .isInstanceOfSatisfying(
              SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("57014"));
      cancelled.get(5, TimeUnit.SECONDS);
    }
  }

  @Test
  void settingsInDoubtAreAskedForInBandAndNobodyNotices() throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      statement.execute("set /*settings*/ search_path = pg_catalog");
      statement.execute("set transaction isolation level serializable");
      try (ResultSet row = statement.executeQuery("show search_path")) {
        assertThat(row.next()).isTrue();
        assertThat(row.getString(1)).isEqualTo("pg_catalog");
      }
      connection.rollback();
    }
  }

  @Test
  void aWrongTokenGetsTheGenericMessage() {
    Properties properties = new Properties();
    properties.setProperty("user", "alice");
    properties.setProperty("password", "not-a-token");
    properties.setProperty("sslmode", "disable");

    assertThatThrownBy(() ->
            DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:" + gateway.port() + "/postgres", properties))
        .isInstanceOfSatisfying(
            SQLException.class,
            e -> {
              assertThat(e.getSQLState()).isEqualTo("28000");
              assertThat(e.getMessage()).contains("access was refused by the gateway");
            });
  }

  @Test
  void psqlRunsScriptsAndCopies() throws Exception {
    assumeTrue(
        Files.isExecutable(Path.of("/usr/bin/psql")), "psql is not installed on this machine");
    String script =
        """
        create temp table p (a int, b text);
        \\copy p from pstdin
        1\tone
        2\ttwo
        \\.
        select a, b from p order by a;
        \\d p
        select 1/0;
        select 'after';
        """;
    ProcessBuilder builder =
        new ProcessBuilder(
                "psql",
                "host=127.0.0.1 port="
                    + gateway.port()
                    + " dbname=postgres user=alice sslmode=disable",
                "-X",
                "-A",
                "-t",
                "-q")
            .redirectErrorStream(true);
    builder.environment().put("PGPASSWORD", gateway.token());
    Process process = builder.start();
    process.getOutputStream().write(script.getBytes(StandardCharsets.UTF_8));
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
    assertThat(output).contains("1|one\n2|two\n", "division by zero", "after\n");
  }
}
