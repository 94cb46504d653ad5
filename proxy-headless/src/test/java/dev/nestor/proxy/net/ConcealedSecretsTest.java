package dev.nestor.proxy.net;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nestor.recorder.archive.Archive;
import dev.nestor.testservers.PostgresServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A password inside of SQL reaches the server and nothing else.
class ConcealedSecretsTest {
  private static final String POLICY =
      """
      policy: secrets
      state: active
      recording: fail-closed
      default: block
      rules:
        - id: everything
          what: { verb: any, status: any }
          then: allow
      """;

  @Test
  void aPasswordInSqlIsNotInTheArchive(@TempDir Path archive) throws Exception {
    try (PostgresServer server = PostgresServer.start(PostgresServer.Access.TRUST)) {
      try (PolicyGateway gateway = new PolicyGateway(server, archive, POLICY);
          Connection connection = gateway.connect(PolicyGateway.SERVICE);
          Statement statement = connection.createStatement()) {
        statement.execute("select 'in the clear'; create role a login password 'tops3cret-1'");
        try (PreparedStatement extended =
            connection.prepareStatement("alter role a password 'tops3cret-2'")) {
          extended.execute();
        }
      }
      try (Connection direct = server.superuser("postgres");
          Statement statement = direct.createStatement();
          ResultSet row =
              statement.executeQuery(
                  "select rolpassword is not null from pg_authid where rolname = 'a'")) {
        row.next();
        assertThat(row.getBoolean(1)).isTrue();
      }
    }
    String recorded = commands(archive);

    assertThat(recorded)
        .contains("in the clear", "create role a login password '???????????'")
        .doesNotContain("tops3cret");
  }

  private static String commands(Path directory) throws IOException {
    StringBuilder all = new StringBuilder();
    try (Archive archive = Archive.open(directory)) {
      archive
          .frames(1)
          .forEach(frame ->
              all.append(new String(frame.payload().orElseThrow(), StandardCharsets.UTF_8)));
    }
    return all.toString();
  }
}
