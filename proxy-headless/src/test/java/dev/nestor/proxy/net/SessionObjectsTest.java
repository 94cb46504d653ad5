package dev.nestor.proxy.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nestor.testservers.PostgresServer;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.PGStatement;

/// Names that only one session knows, decided by a policy that lets a caller read `public.open` and
/// not `public.closed`.
class SessionObjectsTest {
  private static final String POLICY =
      """
      policy: session-objects
      state: active
      recording: fail-closed
      default: block
      rules:
        - id: basics
          what: { any: [ { verb: [begin, commit, rollback, savepoint, release, show, discard, deallocate, close] },
                         { verb: [set, reset], setting: [application_name, extra_float_digits, search_path] },
                         { verb: [select], relation: none } ] }
          then: allow
        - id: reads
          what: { verb: [select, prepare, execute, declare, fetch], relation: [public.open, pg_temp.*, other.*] }
          then: allow
        - id: temporary
          what: { verb: [create-table, create-view, create-sequence, insert, drop], relation: [pg_temp.*] }
          then: allow
        - id: functions
          what: { verb: [select], function: [public.meddle] }
          then: allow
        - id: definitions
          what: { verb: [create-view, create-table, select, insert], relation: [public.seen, public.fresh] }
          then: allow
      """;

  @TempDir static Path archive;
  private static PostgresServer server;
  private static PolicyGateway gateway;

  private Connection connection;
  private Statement statement;

  @BeforeAll
  static void start() throws Exception {
    server = PostgresServer.start(PostgresServer.Access.TRUST);
    try (Connection direct =
            DriverManager.getConnection(server.jdbcUrl("postgres"), "postgres", "");
        Statement setUp = direct.createStatement()) {
      setUp.execute("create table open (v text); insert into open values ('open')");
      setUp.execute("create table closed (v text); insert into closed values ('closed')");
      setUp.execute("create view seen as select v from open");
      setUp.execute("create schema other; create table other.closed (v text)");
      setUp.execute(
          "create function meddle(code text) returns text language plpgsql as"
              + " $$ begin execute code; return ''; end $$");
    }
    gateway = new PolicyGateway(server, archive, POLICY);
  }

  @AfterAll
  static void stop() throws Exception {
    gateway.close();
    server.close();
  }

  @BeforeEach
  void connect() throws SQLException {
    connection = gateway.connect(PolicyGateway.SERVICE);
    statement = connection.createStatement();
  }

  @AfterEach
  void leave() throws SQLException {
    connection.close();
  }

  private String read(String sql) throws SQLException {
    try (ResultSet row = statement.executeQuery(sql)) {
      return row.next() ? row.getString(1) : "nothing";
    }
  }

  private void blocked(String sql) {
    assertThatThrownBy(() -> statement.execute(sql))
        .as(sql)
        .isInstanceOfSatisfying(
            SQLException.class, e -> assertThat(e.getSQLState()).as(sql).isEqualTo("42501"));
  }

  @Test
  void executeRunsWhatWasPreparedAndNothingElse() throws SQLException {
    statement.execute("prepare p as select v from open");
    assertThat(read("execute p")).isEqualTo("open");
    blocked("prepare q as select v from closed");
    blocked("execute unknown_name");
    statement.execute("deallocate p");
    blocked("execute p");
    assertThat(read("select v from open")).isEqualTo("open");
  }

  @Test
  void aNameThatSqlPreparedWorksInTheSameText() throws SQLException {
    statement.execute("prepare p as select v from open; deallocate p");
    blocked("prepare p as select v from open; execute p; select v from closed");
  }

  @Test
  void fetchReadsFromTheCursorThatWasDeclared() throws SQLException {
    connection.setAutoCommit(false);
    statement.execute("declare c cursor with hold for select v from open");
    assertThat(read("fetch 1 from c")).isEqualTo("open");
    connection.commit();
    assertThat(read("fetch absolute 1 from c")).isEqualTo("open");
    statement.execute("close c");
    connection.commit();
    blocked("declare c cursor for select v from closed");
    connection.rollback();
    blocked("fetch 1 from c");
  }

  @Test
  void preparedStatementsOfTheProtocolLiveOnBesideCursors() throws SQLException {
    try (PreparedStatement prepared = connection.prepareStatement("select v from open")) {
      prepared.unwrap(PGStatement.class).setPrepareThreshold(1);
      connection.setAutoCommit(false);
      for (int i = 0; i < 3; i++) {
        statement.execute("declare c cursor for select v from open");
        try (ResultSet row = prepared.executeQuery()) {
          assertThat(row.next()).isTrue();
        }
        connection.commit();
      }
    }
  }

  @Test
  void preparedStatementsAreKnownAgainAfterCodeThatNobodyCanRead() throws SQLException {
    try (PreparedStatement prepared = connection.prepareStatement("select v from open")) {
      prepared.unwrap(PGStatement.class).setPrepareThreshold(1);
      prepared.executeQuery().close();
      read("select meddle('select 1')");
      try (ResultSet row = prepared.executeQuery()) {
        assertThat(row.next()).isTrue();
      }
    }
  }

  @Test
  void aStatementThatOpaqueCodeExchangedIsDecidedByWhatItIsNow() throws SQLException {
    statement.execute("prepare p as select v from open");
    read("select meddle('deallocate p')");
    read("select meddle('prepare p as select v from closed')");

    blocked("execute p");
  }

  @Test
  void aTemporaryTableIsReadAsWhatItIs() throws SQLException {
    blocked("select v from closed");
    statement.execute("create temp table closed (v text)");
    statement.execute("insert into closed values ('mine')");
    assertThat(read("select v from closed")).isEqualTo("mine");
    blocked("select v from public.closed");
    statement.execute("drop table pg_temp.closed");
    blocked("select v from closed");
  }

  @Test
  void aTemporaryTableThatWasRolledBackHidesNothing() throws SQLException {
    connection.setAutoCommit(false);
    statement.execute("create temp table closed (v text)");
    assertThat(read("select count(*) from closed")).isEqualTo("0");
    connection.rollback();
    blocked("select v from closed");
  }

  @Test
  void aTemporaryTableMadeByOpaqueCodeIsSeen() throws SQLException {
    read("select meddle('create temp table open as select v from public.closed')");
    // allowed, because pg_temp.* is, and read as what it is
    assertThat(read("select v from open")).isEqualTo("closed");
    blocked("select v from public.closed");
  }

  @Test
  void behindATemporaryViewNoNameWithoutASchemaIsKnown() throws SQLException {
    read("select meddle('create temp view open as select v from public.closed')");

    blocked("select v from open");
    assertThat(read("select v from public.open")).isEqualTo("open");
  }

  @Test
  void inATransactionWithDefinitionsOfItsOwnNothingIsKnownUntilItEnds() throws SQLException {
    connection.setAutoCommit(false);
    read("select meddle('create or replace view seen as select v from public.closed')");
    blocked("select v from seen");
    connection.rollback();
    assertThat(read("select v from seen")).isEqualTo("open");
    connection.rollback();
    read("select meddle('select 1')");
    assertThat(read("select v from seen")).isEqualTo("open");
    connection.rollback();
  }

  @Test
  void aTableIsKnownAsSoonAsItIsCommitted() throws SQLException {
    connection.setAutoCommit(false);
    statement.execute("create table fresh (v text)");
    blocked("insert into fresh values ('x')");
    connection.rollback();
    statement.execute("create table fresh (v text)");
    connection.commit();
    statement.execute("insert into fresh values ('x')");
    connection.commit();
    assertThat(read("select v from fresh")).isEqualTo("x");
  }

  @Test
  void operatorsOfTheClientsOwnDoNotAnswerForTheServers() throws SQLException {
    try (Connection direct =
            DriverManager.getConnection(server.jdbcUrl("postgres"), "postgres", "");
        Statement setUp = direct.createStatement()) {
      setUp.execute("create schema if not exists evil");
      setUp.execute(
          "create or replace function evil.no(oid, oid) returns boolean language sql as"
              + " 'select false'");
      setUp.execute(
          "do $$ begin if not exists (select from pg_operator where oprname = '=' and oprnamespace"
              + " = 'evil'::regnamespace) then create operator evil.= (leftarg = oid, rightarg ="
              + " oid, function = evil.no); end if; end $$");
    }
    statement.execute("set search_path = evil, pg_catalog, public");
    statement.execute("create temp table closed (v text)");
    assertThat(read("select count(*) from closed")).isEqualTo("0");
  }
}
