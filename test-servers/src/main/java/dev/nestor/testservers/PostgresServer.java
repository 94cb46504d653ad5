package dev.nestor.testservers;

import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;

/// A PostgreSQL server under test. The one seam between tests and where the server comes from:
/// [EmbeddedServer] by default, [ContainerServer] where the system property `nestor.postgres` is
/// `container` (needs Docker).
public sealed interface PostgresServer extends AutoCloseable
    permits EmbeddedServer, ContainerServer {

  /// How clients of the server prove who they are.
  enum Access {
    /// Everybody is let in without a password, with or without TLS; for transcripts.
    TRUST,
    /// `postgres` is trusted; every other role needs TLS and SCRAM-SHA-256, as in production.
    SCRAM_OVER_TLS,
    /// `postgres` is trusted; every other role needs SCRAM-SHA-256, with or without TLS.
    SCRAM
  }

  /// Address on which the server listens.
  String host();

  /// Port on which it listens.
  int port();

  /// Certificates of its TLS; a client with `verify-full` trusts [TestCertificates#ca].
  TestCertificates certificates();

  /// Ends the server and removes its data.
  @Override
  void close();

  /// Starts a server of its own, with an empty cluster.
  ///
  /// @throws IOException if it does not start; the message says why
  static PostgresServer start(Access access) throws IOException {
    return "container".equals(System.getProperty("nestor.postgres"))
        ? ContainerServer.start(access)
        : EmbeddedServer.start(access);
  }

  /// URL for pgJDBC, without options.
  default String jdbcUrl(String database) {
    return "jdbc:postgresql://" + host() + ":" + port() + "/" + database;
  }

  /// Connects as the superuser `postgres`, past any gateway: how tests count what really happened.
  ///
  /// @throws SQLException if the server refuses
  default Connection superuser(String database) throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("user", "postgres");
    properties.setProperty("password", "postgres");
    return DriverManager.getConnection(jdbcUrl(database), properties);
  }

  /// Runs a script as the superuser.
  ///
  /// @throws SQLException as the server reports it
  default void run(String database, String script) throws SQLException {
    try (Connection connection = superuser(database);
        Statement statement = connection.createStatement()) {
      statement.execute(script);
    }
  }
}
