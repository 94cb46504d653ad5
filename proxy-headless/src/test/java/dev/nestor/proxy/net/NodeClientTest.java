package dev.nestor.proxy.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.nestor.testservers.PostgresServer;
import java.io.IOException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// node-postgres through the gateway, unchanged. Fetched by npm once, into `target/node`.
class NodeClientTest {
  private static final Path MODULES = Path.of("target", "node").toAbsolutePath();
  private static final String PACKAGE = "pg@8";

  @TempDir Path archive;

  @Test
  void nodePostgresPreparesPoolsListensAndHearsOfBlocks() throws Exception {
    assumeTrue(run(MODULES, "node", "--version").startsWith("v"), "node is not on this machine");
    if (Files.notExists(MODULES.resolve("node_modules/pg"))) {
      Files.createDirectories(MODULES);
      String fetched = run(MODULES, "npm", "install", "--no-audit", "--no-fund", PACKAGE);
      assumeTrue(
          Files.exists(MODULES.resolve("node_modules/pg")),
          () -> "npm cannot fetch node-postgres here: " + fetched);
    }
    URL resource = Objects.requireNonNull(NodeClientTest.class.getResource("client_node.js"));
    Path script =
        Files.copy(Path.of(resource.toURI()), MODULES.resolve(archive.getFileName() + ".js"));

    try (PostgresServer server = PostgresServer.start(PostgresServer.Access.TRUST);
        TestGateway gateway = new TestGateway(server, archive)) {
      String uri =
          "postgres://alice:%s@127.0.0.1:%d/postgres?sslmode=disable"
              .formatted(gateway.token(), gateway.port());
      assertThat(run(MODULES, "node", script.toString(), uri)).isEqualTo("done\n");
    } finally {
      Files.delete(script);
    }
  }

  /// Output of a program; what is wrong if it cannot be started.
  private static String run(Path folder, String... command) throws InterruptedException {
    try {
      Files.createDirectories(folder);
      Process process =
          new ProcessBuilder(List.of(command))
              .directory(folder.toFile())
              .redirectErrorStream(true)
              .start();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
      return output;
    } catch (IOException e) {
      return String.valueOf(e.getMessage());
    }
  }
}
