package dev.nestor.proxy.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nestor.testservers.DemoIssuer;
import dev.nestor.testservers.PostgresServer;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A label stays on its column, whatever the column, its relation or the relation's schema is
/// called.
class RenamedLabelsTest {
  private static final String POLICY =
      """
      policy: renamed
      state: active
      labels:
        pii: [public.person.email]
      rules:
        - { id: all, what: { verb: any }, then: allow }
        - { id: mask, who: { kind: service }, what: { reads: [pii] }, then: mask, mask: { pii: null } }
      """;

  private static final DemoIssuer.Identity OWNER =
      new DemoIssuer.Identity("owner", "human", List.of("dba"), "");

  @TempDir Path archive;
  private PostgresServer server;
  private PolicyGateway gateway;
  private Connection connection;
  private Statement statement;

  @BeforeEach
  void start() throws Exception {
    server = PostgresServer.start(PostgresServer.Access.TRUST);
    server.run(
        "postgres",
        "create table person (id int, email text, note text);"
            + " insert into person values (1, 'a@example.com', 'note');"
            + " create table part (like person); create schema other");
    gateway = new PolicyGateway(server, archive, POLICY);
    connection = gateway.connect(PolicyGateway.SERVICE);
    statement = connection.createStatement();
    assertThat(value("select email from person")).isNull(); // from here on it is known
  }

  @AfterEach
  void stop() throws Exception {
    connection.close();
    gateway.close();
    server.close();
  }

  private String value(String sql) throws SQLException {
    try (ResultSet row = statement.executeQuery(sql)) {
      assertThat(row.next()).isTrue();
      return row.getString(1);
    }
  }

  /// Past the gateway: it hears of it when it looks next.
  private void past(String sql, String then) throws Exception {
    server.run("postgres", sql);
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (true) {
      try {
        value(then);
        return;
      } catch (SQLException e) {
        if (System.nanoTime() > deadline) {
          throw e;
        }
        Thread.sleep(100);
      }
    }
  }

  @Test
  void ofAColumnRenamedPastTheGateway() throws Exception {
    past("alter table person rename email to contact", "select contact from person");

    assertThat(value("select contact from person")).isNull();
    assertThat(value("select p.contact from person p where id = 1")).isNull();
    assertThat(value("select note from person")).isEqualTo("note");
    assertThatThrownBy(() -> value("select upper(contact) from person"))
        .isInstanceOf(SQLException.class)
        .hasMessageContaining("blocked");
  }

  @Test
  void ofAColumnRenamedThroughTheGateway() throws Exception {
    try (Connection owner = gateway.connect(OWNER);
        Statement definition = owner.createStatement()) {
      definition.execute("alter table person rename column email to contact");
    }
    past("select 1", "select contact from person");

    assertThat(value("select contact from person")).isNull();
  }

  @Test
  void ofATableRenamedMovedAndReplaced() throws Exception {
    past(
        "alter table person rename to client; alter table client set schema other",
        "select email from other.client");
    assertThat(value("select email from other.client")).isNull();

    past(
        "create table person (email text); insert into person values ('b@example.com')",
        "select email from person");

    assertThat(value("select email from person")).isNull(); // the policy's own name counts as well
    assertThat(value("select email from other.client")).isNull();
  }

  @Test
  void ofAColumnBehindAViewAndAnotherRenaming() throws Exception {
    past("create view seen as select id, email as address from person", "select id from seen");
    past("alter table person rename email to contact", "select contact from person");
    past("alter table person rename contact to reach", "select reach from person");

    assertThat(value("select reach from person")).isNull();
    assertThat(value("select address from seen")).isNull();
  }
}
