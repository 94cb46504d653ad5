package dev.nestor.testservers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Properties;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class PostgresServerTest {
  private static PostgresServer server;

  @BeforeAll
  static void start() throws Exception {
    server = PostgresServer.start(PostgresServer.Access.SCRAM_OVER_TLS);
    OrdersDatabase.create(server);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Test
  void theSharedRoleGetsInByScramOverVerifiedTlsWithChannelBinding() throws SQLException {
    Properties properties = credentials();
    properties.setProperty("sslmode", "verify-full");
    properties.setProperty("sslrootcert", server.certificates().ca().toString());
    properties.setProperty("channelBinding", "require");

    try (Connection connection =
            DriverManager.getConnection(server.jdbcUrl(OrdersDatabase.NAME), properties);
        ResultSet rows =
            connection.createStatement().executeQuery("select count(*) from customers")) {
      assertThat(rows.next()).isTrue();
      assertThat(rows.getInt(1)).isEqualTo(1200);
    }
  }

  @Test
  void theSharedRoleIsRefusedWithoutTls() {
    Properties properties = credentials();
    properties.setProperty("sslmode", "disable");

    assertThatThrownBy(
            () -> DriverManager.getConnection(server.jdbcUrl(OrdersDatabase.NAME), properties))
        .isInstanceOf(SQLException.class)
        .hasMessageContaining("no encryption");
  }

  private static Properties credentials() {
    Properties properties = new Properties();
    properties.setProperty("user", OrdersDatabase.ROLE);
    properties.setProperty("password", OrdersDatabase.PASSWORD);
    return properties;
  }
}
