package dev.nestor.samples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.nestor.evidence.archive.DecisionKind;
import dev.nestor.evidence.archive.EvidenceArchive;
import dev.nestor.evidence.archive.EvidenceArchives;
import dev.nestor.recorder.note.HostKey;
import dev.nestor.testservers.DemoIssuer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What drivers and psql's `\d` commands send by themselves is no false alarm under the policy of
/// the demo: the record has no hold, no block and no kill of it.
class ClientsUnderTheDemoPolicyTest {
  private static final List<DemoIssuer.Identity> CALLERS =
      List.of(Callers.ADMINISTRATOR, Callers.AGENT, Callers.CI_JOB, Callers.SUPPORT);

  private static DemoServers servers;

  private Stage stage;

  @BeforeAll
  static void start() throws IOException {
    servers = DemoServers.start();
  }

  @AfterAll
  static void stop() {
    servers.close();
  }

  @BeforeEach
  void open() throws IOException {
    stage = Stage.open(servers, "clients" + System.nanoTime(), HostKey.test(1).toPrivateText(), 0);
  }

  /// Seals the record, and looks into it.
  @AfterEach
  void nothingWasStopped() throws IOException {
    stage.seal();
    try (EvidenceArchive archive = EvidenceArchives.open(stage.archive())) {
      Recorded recorded = Recorded.of(archive);
      assertThat(
              recorded.statements().stream()
                  .filter(line ->
                      line.row().decision() == DecisionKind.HOLD
                          || line.row().decision() == DecisionKind.BLOCK
                          || line.row().decision() == DecisionKind.KILL)
                  .map(line -> line.name() + ": " + line.row().sql()))
          .as("false alarms")
          .isEmpty();
      assertThat(recorded.sessions()).allMatch(session -> session.refusal().isEmpty());
    }
  }

  // without \\l: that of psql 15 asks newer servers for a column which they have no more
  @Test
  void psqlsBackslashCommands() throws IOException {
    String script =
        """
        \\d
        \\d+
        \\d public.customers
        \\d+ public.orders
        \\dt+
        \\di+
        \\dv+
        \\ds
        \\dm
        \\df
        \\dn+
        \\dp
        \\ddp
        \\dT
        \\dx
        \\dD
        \\dC
        \\do
        \\du
        \\dg
        \\db
        \\dL
        \\dy
        \\drds
        \\sv pg_catalog.pg_roles
        \\conninfo
        \\encoding
        \\echo all done
        """;
    for (DemoIssuer.Identity caller : CALLERS) {
      Optional<String> output =
          LocalClients.psql(stage.libpq(caller, "psql"), stage.token(caller), script);
      assumeTrue(output.isPresent(), "psql is not installed on this machine");

      assertThat(output.get()).as(caller.name()).contains("customers", "all done");
      assertThat(output.get()).as(caller.name()).doesNotContain("ERROR", "FATAL");
    }
  }

  @Test
  void pgDumpOfAnAdministrator() throws Exception {
    Optional<String> output =
        LocalClients.pgDump(
            stage.libpq(Callers.ADMINISTRATOR, "pg_dump"),
            stage.token(Callers.ADMINISTRATOR),
            (int)
                Superuser.number(
                    stage, "select current_setting('server_version_num')::int / 10000"),
            "public.carts");
    assumeTrue(output.isPresent(), "pg_dump is not installed on this machine");
    assumeTrue(output.get().endsWith("lines"), output.get());

    assertThat(Integer.parseInt(output.get().split(" ", -1)[0])).isGreaterThan(50);
  }

  @Test
  void pgJdbcAndItsMetadata() throws Exception {
    for (DemoIssuer.Identity caller : CALLERS) {
      try (Connection connection = stage.connect(caller, "pgjdbc")) {
        assertThat(connection.isValid(5)).isTrue();
        DatabaseMetaData about = connection.getMetaData();
        int columns = 0;
        try (ResultSet tables =
            about.getTables(null, "public", "%", new String[] {"TABLE", "VIEW"})) {
          while (tables.next()) {
            String table = tables.getString("TABLE_NAME");
            for (ResultSet each :
                List.of(
                    about.getColumns(null, "public", table, "%"),
                    about.getPrimaryKeys(null, "public", table),
                    about.getImportedKeys(null, "public", table),
                    about.getExportedKeys(null, "public", table),
                    about.getIndexInfo(null, "public", table, false, true),
                    about.getTablePrivileges(null, "public", table))) {
              try (each) {
                while (each.next()) {
                  columns++;
                }
              }
            }
          }
        }
        assertThat(columns).as(caller.name()).isGreaterThan(20);
        about.getSchemas().close();
        about.getCatalogs().close();
        about.getTypeInfo().close();
        about.getFunctions(null, "public", "%").close();
        connection.setReadOnly(true);
        connection.setTransactionIsolation(Connection.TRANSACTION_SERIALIZABLE);
        connection.setAutoCommit(false);
        try (PreparedStatement one = connection.prepareStatement("select ?::int + 1")) {
          one.setFetchSize(2);
          for (int run = 0; run < 8; run++) { // prepared by name from the fifth on
            one.setInt(1, run);
            try (ResultSet row = one.executeQuery()) {
              assertThat(row.next()).isTrue();
              assertThat(row.getInt(1)).isEqualTo(run + 1);
            }
          }
        }
        var savepoint = connection.setSavepoint();
        connection.rollback(savepoint);
        connection.commit();
      }
    }
  }

  @Test
  void psycopg() throws IOException {
    for (DemoIssuer.Identity caller : List.of(Callers.AGENT, Callers.CI_JOB)) {
      Optional<String> output =
          LocalClients.psycopg(
              stage.libpq(caller, "psycopg"),
              stage.token(caller),
              "select id from orders where id <= 10");
      assumeTrue(output.isPresent(), "neither psycopg nor psycopg2 is on this machine");

      assertThat(output.get()).isEqualTo("10\n");
    }
  }

  @Test
  void nodePostgres() throws IOException {
    Path modules =
        Path.of(System.getProperty("nestor.root"), "proxy-headless/target/node/node_modules");
    assumeTrue(
        LocalClients.find("node").isPresent() && Files.exists(modules.resolve("pg")),
        "node or node-postgres is not here; the tests of proxy-headless fetch it");

    Optional<String> output =
        LocalClients.node(
            modules,
            stage.token(Callers.AGENT),
            """
            const { Client } = require("pg");
            const fs = require("node:fs");
            const client = new Client({ host: "localhost", port: %d, database: "orders", user: "agent",
              password: process.env.PGPASSWORD, application_name: "node-postgres",
              ssl: { ca: fs.readFileSync("%s") } });
            (async () => {
              await client.connect();
              await client.query("begin read only");
              for (let round = 0; round < 3; round++) {
                await client.query({ name: "few", text: "select id from orders where id <= $1", values: [10] });
              }
              await client.query("commit");
              const all = await client.query("select id from orders where id <= $1", [10]);
              console.log(all.rows.length);
              await client.end();
            })();
            """
                .formatted(stage.gateway().port(), servers.gatewayCertificates().ca()));

    assertThat(output).contains("10\n");
  }
}
