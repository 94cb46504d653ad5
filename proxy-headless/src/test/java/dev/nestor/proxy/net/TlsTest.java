package dev.nestor.proxy.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nestor.testservers.PostgresServer;
import dev.nestor.testservers.TestCertificates;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// TLS to the client, asked for and direct.
class TlsTest {
  @TempDir static Path folder;
  private static PostgresServer server;
  private static TestCertificates certificates;
  private static TestGateway gateway;

  @BeforeAll
  static void start() throws Exception {
    server = PostgresServer.start(PostgresServer.Access.TRUST);
    certificates = TestCertificates.write(folder.resolve("tls"));
    gateway =
        new TestGateway(
            server,
            folder.resolve("archive"),
            Optional.of(TlsContexts.forClients(certificates.certificate(), certificates.key())));
  }

  @AfterAll
  static void stop() throws Exception {
    gateway.close();
    server.close();
  }

  private static Connection connect(String sslMode, String negotiation) throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("user", "alice");
    properties.setProperty("password", gateway.token());
    properties.setProperty("sslmode", sslMode);
    properties.setProperty("sslNegotiation", negotiation);
    properties.setProperty("sslrootcert", certificates.ca().toString());
    return DriverManager.getConnection(
        "jdbc:postgresql://localhost:" + gateway.port() + "/postgres", properties);
  }

  @Test
  void tlsIsAskedForOrDirect() throws SQLException {
    for (String negotiation : new String[] {"postgres", "direct"}) {
      try (Connection connection = connect("verify-full", negotiation);
          ResultSet row = connection.createStatement().executeQuery("select 7")) {
        assertThat(row.next()).as(negotiation).isTrue();
      }
    }
  }

  @Test
  void aTokenIsNeverAskedForOutsideOfTls() {
    assertThatThrownBy(() -> connect("disable", "postgres"))
        .isInstanceOfSatisfying(
            SQLException.class,
            e -> {
              assertThat(e.getSQLState()).isEqualTo("28000");
              assertThat(e.getMessage()).contains("inside TLS");
            });
  }

  @Test
  void directTlsWithoutItsApplicationProtocolIsRefused() throws Exception {
    try (RawClient client = new RawClient(tls(Optional.empty()))) {
      client.out.write(
          Packets.startup(Packets.PROTOCOL_3_0, Map.of("user", "alice", "database", "postgres")));

      assertThat(client.until('.', 1).getFirst().toString()).contains("08P01");
    }
  }

  @Test
  void aCancelWorksInsideTlsAndInPlainText() throws Exception {
    for (boolean plain : new boolean[] {false, true}) {
      try (RawClient client = new RawClient(tls(Optional.of("postgresql")));
          RawClient canceller =
              plain
                  ? new RawClient(gateway.port())
                  : new RawClient(tls(Optional.of("postgresql")))) {
        client.start("alice", gateway.token());
        client.out.write(Frontend.query("select pg_sleep(30)"));
        Thread.sleep(200); // the statement must run before it can be cancelled
        canceller.out.write(Packets.cancelRequest(client.pid, client.secret));

        assertThat(client.until('Z', 1).toString()).as("plain: %s", plain).contains("C57014");
      }
    }
  }

  private static Socket tls(Optional<String> protocol) throws Exception {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust().getTrustManagers(), null);
    SSLSocket socket =
        (SSLSocket) context.getSocketFactory().createSocket("localhost", gateway.port());
    protocol.ifPresent(name -> {
      SSLParameters parameters = socket.getSSLParameters();
      parameters.setApplicationProtocols(new String[] {name});
      socket.setSSLParameters(parameters);
    });
    socket.startHandshake();
    return socket;
  }

  private static TrustManagerFactory trust() throws Exception {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    try (InputStream in = Files.newInputStream(certificates.ca())) {
      store.setCertificateEntry(
          "ca", CertificateFactory.getInstance("X.509").generateCertificate(in));
    } catch (IOException e) {
      throw new IllegalStateException("the test's own certificate cannot be read", e);
    }
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(store);
    return trust;
  }
}
