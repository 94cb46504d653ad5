package dev.nestor.samples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.nestor.testservers.OrdersDatabase;
import dev.nestor.testservers.PostgresServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Runs the commands of `docs/first-ten-minutes.md`, in their order, in front of a server that asks
/// for a password. Only what no test can have is exchanged: the ports, and the server's password.
/// `nestor open` needs a display and is not run here.
class DocumentedCommandsTest {
  private static final Pattern BLOCK = Pattern.compile("```sh\n(.*?)```", Pattern.DOTALL);
  private static final Path REPOSITORY = Path.of("").toAbsolutePath().getParent();

  private final int port = freePort();
  private final int controlPort = freePort();

  @Test
  @Timeout(value = 3, unit = TimeUnit.MINUTES)
  void theFirstTenMinutesGoAsWritten(@TempDir Path folder) throws Exception {
    assumeTrue(Files.isExecutable(Path.of("/bin/sh")), "the commands are for a POSIX shell");
    assumeTrue(
        Files.isExecutable(Path.of("/usr/bin/psql")), "psql is not installed on this machine");
    writeLauncher(folder);
    Path page = REPOSITORY.resolve("docs/first-ten-minutes.md");
    try (PostgresServer server = PostgresServer.start(PostgresServer.Access.SCRAM)) {
      OrdersDatabase.create(server);
      List<String> blocks = blocks(Files.readString(page), server.port());
      assertThat(blocks).hasSize(7);

      assertThat(run(folder, blocks.get(0))).contains("nestor serve --config");
      assertThat(run(folder, blocks.get(1))).contains("no errors");
      Process gateway = start(folder, blocks.get(2));
      @Nullable Process helper = null;
      try {
        BufferedReader log = gateway.inputReader(StandardCharsets.UTF_8);
        awaitLine(log, "clients on");
        assertThat(run(folder, blocks.get(3) + " -Atc 'select 6 * 7'")).isEqualTo("42\n");
        helper = start(folder, blocks.get(4) + " -At");
        BufferedReader answers = helper.inputReader(StandardCharsets.UTF_8);
        say(helper, "select count(*) from public.orders;");
        assertThat(Integer.parseInt(answers.readLine())).isPositive();
        say(helper, "drop table public.orders;");
        assertThat(answers.readLine()).isEqualTo(promised(Files.readString(page)));
        awaitLine(answers, "HINT:");

        assertThat(run(folder, blocks.get(5))).contains("helper");
        say(helper, "select 1;");
        awaitLine(answers, "FATAL:");

        gateway.destroy(); // SIGTERM
        assertThat(gateway.waitFor(30, TimeUnit.SECONDS)).isTrue();
      } finally {
        gateway.destroyForcibly();
        if (helper != null) {
          helper.destroyForcibly();
        }
      }
      String[] reading = blocks.get(6).split("\n");
      assertThat(run(folder, reading[0])).contains("Verified");
      assertThat(run(folder, reading[1])).contains("drop table public.orders", "select 6 * 7");
      assertThat(reading[2]).isEqualTo("./nestor open gateway/archive");
    }
  }

  private List<String> blocks(String page, int serverPort) {
    List<String> blocks = new ArrayList<>();
    for (Matcher block = BLOCK.matcher(page); block.find(); ) {
      blocks.add(
          block
              .group(1)
              .strip()
              .replace(
                  "localhost:5432",
                  "localhost:" + serverPort + " --port " + port + " --control-port " + controlPort)
              .replace("the password of app_rw", OrdersDatabase.PASSWORD)
              .replace("port=6432", "port=" + port)
              .replace("--ca ", "--control https://localhost:" + controlPort + " --ca "));
    }
    return blocks;
  }

  /// What the page says that a blocked statement is answered with.
  private static String promised(String page) {
    Matcher error = Pattern.compile("```\n(ERROR:.*)\n```").matcher(page);
    assertThat(error.find()).isTrue();
    return error.group(1);
  }

  /// A launcher like the real one, for classes that are already built.
  private static void writeLauncher(Path folder) throws IOException {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    Path script =
        Files.writeString(
            folder.resolve("nestor"),
            """
            #!/bin/sh
            case $1 in serve | init | config) main=dev.nestor.proxy.app.Main ;; *) main=dev.nestor.cli.Main ;; esac
            exec '%s' --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow \
              -XX:TieredStopAtLevel=1 -cp '%s' "$main" "$@"
            """
                .formatted(java, System.getProperty("java.class.path")));
    assertThat(script.toFile().setExecutable(true)).isTrue();
  }

  private static Process start(Path folder, String commands) throws IOException {
    return new ProcessBuilder(
            "/bin/sh", "-ec", commands.replaceFirst("(\n|^)([^\n]*)$", "$1exec $2"))
        .directory(folder.toFile())
        .redirectErrorStream(true)
        .start();
  }

  private static String run(Path folder, String commands) throws Exception {
    Process process = start(folder, commands);
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as("%s%n%s", commands, output).isZero();
    return output;
  }

  private static void say(Process psql, String sql) throws IOException {
    psql.getOutputStream().write((sql + "\n").getBytes(StandardCharsets.UTF_8));
    psql.getOutputStream().flush();
  }

  private static void awaitLine(BufferedReader output, String part) throws IOException {
    StringBuilder said = new StringBuilder();
    for (String line = output.readLine(); line != null; line = output.readLine()) {
      said.append(line).append('\n');
      if (line.contains(part)) {
        return;
      }
    }
    throw new AssertionError("no line with \"" + part + "\" in:\n" + said);
  }

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new IllegalStateException("no free port", e);
    }
  }
}
