package dev.nestor.testservers;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// PostgreSQL 18 from Maven artifacts, as processes of this machine.
///
/// A watchdog process holds the other end of a pipe: when this JVM ends in any way, `kill -9`
/// included, the pipe closes, the watchdog stops the server and removes its data.
public final class EmbeddedServer implements PostgresServer {
  private final EmbeddedPostgres postgres;
  private final TestCertificates certificates;
  private final Path directory;
  private final @Nullable Process watchdog;

  private EmbeddedServer(
      EmbeddedPostgres postgres,
      TestCertificates certificates,
      Path directory,
      @Nullable Process watchdog) {
    this.postgres = postgres;
    this.certificates = certificates;
    this.directory = directory;
    this.watchdog = watchdog;
  }

  static EmbeddedServer start(Access access) throws IOException {
    return start(access, Map.of());
  }

  /// Starts with settings of `postgresql.conf`.
  ///
  /// @throws IOException if the server does not start
  public static EmbeddedServer start(Access access, Map<String, String> settings)
      throws IOException {
    Path directory = Files.createTempDirectory("nestor-postgres-");
    Path data = directory.resolve("data");
    TestCertificates certificates = TestCertificates.write(directory.resolve("tls"));
    Process watchdog = watch(directory, data);
    try {
      EmbeddedPostgres.Builder builder =
          EmbeddedPostgres.builder()
              .setOverrideWorkingDirectory(binaries().toFile())
              .setDataDirectory(data)
              .setCleanDataDirectory(true)
              .setOutputRedirector(Redirect.DISCARD)
              .setErrorRedirector(Redirect.DISCARD)
              .setLocaleConfig("locale", "C.UTF-8")
              .setServerConfig("ssl", "on")
              .setServerConfig("ssl_cert_file", certificates.certificate().toString())
              .setServerConfig("ssl_key_file", certificates.key().toString())
              .setServerConfig("max_connections", "200")
              .setServerConfig("fsync", "off")
              .setServerConfig("unix_socket_directories", "")
              .setServerConfig("max_prepared_transactions", "4")
              .setServerConfig("listen_addresses", "127.0.0.1");
      settings.forEach(builder::setServerConfig);
      EmbeddedServer server =
          new EmbeddedServer(builder.start(), certificates, directory, watchdog);
      Files.write(data.resolve("pg_hba.conf"), rules(access));
      server.run("postgres", "select pg_reload_conf()");
      return server;
    } catch (IOException | RuntimeException e) {
      release(watchdog);
      throw new IOException("the embedded PostgreSQL did not start: " + e.getMessage(), e);
    } catch (java.sql.SQLException e) {
      release(watchdog);
      throw new IOException("the embedded PostgreSQL refused its first statement", e);
    }
  }

  /// Unpacked once a machine, not once a run.
  private static Path binaries() throws IOException {
    return Files.createDirectories(
        Path.of(System.getProperty("user.home"), ".cache", "nestor", "postgres"));
  }

  private static List<String> rules(Access access) {
    return switch (access) {
      case TRUST -> List.of("host all all 127.0.0.1/32 trust");
      case SCRAM_OVER_TLS ->
          List.of(
              "host all postgres 127.0.0.1/32 trust", "hostssl all all 127.0.0.1/32 scram-sha-256");
      case SCRAM ->
          List.of(
              "host all postgres 127.0.0.1/32 trust", "host all all 127.0.0.1/32 scram-sha-256");
    };
  }

  private static @Nullable Process watch(Path directory, Path data) throws IOException {
    if (System.getProperty("os.name", "").startsWith("Windows")) {
      return null; // no sh; the shutdown hook of the library remains
    }
    String script =
        """
        trap '' INT TERM HUP
        cat > /dev/null
        pid=$(head -n 1 "$1/postmaster.pid" 2> /dev/null)
        if [ -n "$pid" ]; then
          kill -QUIT "$pid" 2> /dev/null
          n=0; while kill -0 "$pid" 2> /dev/null && [ $n -lt 50 ]; do sleep 0.1; n=$((n + 1)); done
          kill -KILL "$pid" 2> /dev/null
        fi
        rm -rf "$0"
        """;
    return new ProcessBuilder("sh", "-c", script, directory.toString(), data.toString())
        .redirectOutput(Redirect.DISCARD)
        .redirectError(Redirect.DISCARD)
        .start();
  }

  private static void release(@Nullable Process watchdog) throws IOException {
    if (watchdog != null) {
      watchdog.getOutputStream().close();
    }
  }

  /// A folder that vanishes with the server, however it ends; for what belongs to it.
  public Path directory() {
    return directory;
  }

  @Override
  public String host() {
    return "127.0.0.1";
  }

  @Override
  public int port() {
    return postgres.getPort();
  }

  @Override
  public TestCertificates certificates() {
    return certificates;
  }

  @Override
  public void close() {
    try {
      postgres.close();
      release(watchdog);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
