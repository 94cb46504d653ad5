package dev.nestor.proxy.net;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nestor.testservers.PostgresServer;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A transaction that defines things keeps locks on them, and who reads the catalog waits for
/// those. So the transaction must not wait for the reader.
class OpenDefinitionsTest {
  @TempDir Path archive;

  @Test
  @Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void doNotMakeTheirOwnTransactionWaitForTheReaderOfTheCatalog() throws Exception {
    try (PostgresServer server = PostgresServer.start(PostgresServer.Access.TRUST)) {
      server.run("postgres", "create table t (a int); create view v as select a from t");
      try (PolicyGateway gateway =
              new PolicyGateway(
                  server,
                  archive,
                  """
                  policy: everything
                  state: active
                  rules:
                    - { id: all, what: { verb: any, status: any }, then: allow }
                  """);
          Connection connection = gateway.connect(PolicyGateway.SERVICE);
          Statement statement = connection.createStatement()) {
        connection.setAutoCommit(false);
        statement.execute("alter table t add column b int"); // locks t, which v's text names
        server.run("postgres", "create table past (a int)"); // makes the reader read v
        statement.execute("alter table t add column c int");
        try (ResultSet row = statement.executeQuery("select count(*) from t where b is null")) {
          assertThat(row.next()).isTrue();
        }
        connection.commit();
        connection.setAutoCommit(true);
        try (ResultSet row = statement.executeQuery("select c from t")) {
          assertThat(row.getMetaData().getColumnName(1)).isEqualTo("c");
        }
      }
    }
  }
}
