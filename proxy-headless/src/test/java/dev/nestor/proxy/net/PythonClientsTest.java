package dev.nestor.proxy.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.nestor.testservers.PostgresServer;
import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Python's clients through the gateway, unchanged. `./nestor test --yes` installs those that the
/// system's packages have.
class PythonClientsTest {
  private static final Path PYTHON = Path.of("/usr/bin/python3"); // the one that packages belong to

  @TempDir static Path archive;
  private static PostgresServer server;
  private static TestGateway gateway;

  @BeforeAll
  static void start() throws Exception {
    assumeTrue(Files.isExecutable(PYTHON), PYTHON + " is not on this machine");
    server = PostgresServer.start(PostgresServer.Access.TRUST);
    gateway = new TestGateway(server, archive);
  }

  @AfterAll
  static void stop() throws Exception {
    if (gateway != null) {
      gateway.close();
      server.close();
    }
  }

  @Test
  void psycopgCopiesWalksCursorsAndPipelines() throws Exception {
    runs("psycopg", "client_psycopg.py", uri());
  }

  @Test
  void psycopg2CopiesAndWalksCursors() throws Exception {
    runs("psycopg2", "client_psycopg2.py", uri());
  }

  @Test
  void asyncpgPreparesCopiesAndCancels() throws Exception {
    runs(
        "asyncpg",
        "client_asyncpg.py",
        "127.0.0.1",
        Integer.toString(gateway.port()),
        "alice",
        gateway.token());
  }

  private static String uri() {
    return "host=127.0.0.1 port=%d dbname=postgres user=alice sslmode=disable password=%s"
        .formatted(gateway.port(), gateway.token());
  }

  private static void runs(String module, String script, String... arguments)
      throws IOException, InterruptedException, URISyntaxException {
    assumeTrue(
        python(List.of("-c", "import " + module)).isEmpty(),
        "the Python module " + module + " is not on this machine (Debian: python3-" + module + ")");
    URL resource = Objects.requireNonNull(PythonClientsTest.class.getResource(script));
    List<String> command = new ArrayList<>(List.of(Path.of(resource.toURI()).toString()));
    command.addAll(List.of(arguments));

    assertThat(python(command)).isEqualTo("done\n");
  }

  private static String python(List<String> arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(PYTHON.toString()));
    command.addAll(arguments);
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return output;
  }
}
