package dev.nestor.testservers;

import java.io.IOException;
import java.nio.file.Files;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.postgresql.PostgreSQLContainer;
import org.testcontainers.utility.MountableFile;

/// PostgreSQL in a container, by Testcontainers. Runs only where Docker does.
public final class ContainerServer implements PostgresServer {
  private static final String IMAGE = "postgres:18";
  private static final int PORT = 5432;

  private final PostgreSQLContainer container;
  private final TestCertificates certificates;

  private ContainerServer(PostgreSQLContainer container, TestCertificates certificates) {
    this.container = container;
    this.certificates = certificates;
  }

  static ContainerServer start(Access access) throws IOException {
    if (!DockerClientFactory.instance().isDockerAvailable()) {
      throw new IOException(
          "nestor.postgres=container needs Docker, which does not answer here;"
              + " leave the property out for the embedded server");
    }
    TestCertificates certificates =
        TestCertificates.write(Files.createTempDirectory("nestor-container-"));
    String rules =
        switch (access) {
          case TRUST -> "host all all all trust";
          case SCRAM_OVER_TLS -> "host all postgres all trust\nhostssl all all all scram-sha-256";
          case SCRAM -> "host all postgres all trust\nhost all all all scram-sha-256";
        };
    PostgreSQLContainer container =
        new PostgreSQLContainer(IMAGE)
            .withUsername("postgres")
            .withPassword("postgres")
            .withDatabaseName("postgres");
    container.withCopyFileToContainer(
        MountableFile.forHostPath(certificates.certificate(), 0644), "/tls/server.crt");
    container.withCopyFileToContainer(
        MountableFile.forHostPath(certificates.key(), 0644), "/tls/server.key.in");
    container.withCreateContainerCmdModifier(command ->
        command
            .withEntrypoint("sh", "-c")
            .withCmd(
                "install -m 600 -o postgres /tls/server.key.in /tls/server.key;"
                    + " exec docker-entrypoint.sh postgres -c ssl=on"
                    + " -c ssl_cert_file=/tls/server.crt -c ssl_key_file=/tls/server.key"
                    + " -c max_connections=200 -c max_prepared_transactions=4"));
    container.start();
    ContainerServer server = new ContainerServer(container, certificates);
    try {
      container.execInContainer(
          "sh", "-c", "printf '%s\\n' \"" + rules + "\" > \"$PGDATA/pg_hba.conf\"");
      server.run("postgres", "select pg_reload_conf()");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while the container started", e);
    } catch (java.sql.SQLException e) {
      throw new IOException("the container refused its first statement", e);
    }
    return server;
  }

  @Override
  public String host() {
    return container.getHost();
  }

  @Override
  public int port() {
    return container.getMappedPort(PORT);
  }

  @Override
  public TestCertificates certificates() {
    return certificates;
  }

  @Override
  public void close() {
    container.stop();
  }
}
