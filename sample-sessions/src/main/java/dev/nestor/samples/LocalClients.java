package dev.nestor.samples;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Clients that may be installed on this machine: psql, pg_dump, Python with psycopg, and node.
final class LocalClients {
  private static final int SECONDS_MAX = 30;

  private LocalClients() {}

  static Optional<Path> find(String program) {
    return Stream.of(System.getenv().getOrDefault("PATH", "").split(":", -1))
        .map(folder -> Path.of(folder.isEmpty() ? "." : folder, program))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /// Runs a script by psql, if it is there.
  ///
  /// @return what it printed; empty if there is no psql
  static Optional<String> psql(String connection, String token, String script) throws IOException {
    Optional<Path> psql = find("psql");
    return psql.isEmpty()
        ? Optional.empty()
        : Optional.of(
            run(
                List.of(psql.get().toString(), connection, "-X", "-A", "-t"),
                Map.of("PGPASSWORD", token),
                script));
  }

  /// Dumps one table by pg_dump, if it is there and not older than the server: it refuses newer
  /// ones.
  ///
  /// @param serverMajor the server's major version
  /// @return what it printed, or why it was not run; empty if there is no pg_dump
  static Optional<String> pgDump(String connection, String token, int serverMajor, String table)
      throws IOException {
    Optional<Path> dump = find("pg_dump");
    if (dump.isEmpty()) {
      return Optional.empty();
    }
    String version = run(List.of(dump.get().toString(), "--version"), Map.of(), "");
    Matcher major = Pattern.compile("\\) (\\d+)").matcher(version);
    if (!major.find() || Integer.parseInt(major.group(1)) < serverMajor) {
      return Optional.of("not run: " + version.strip() + " refuses a server " + serverMajor);
    }
    String output =
        run(
            List.of(dump.get().toString(), connection, "--table", table),
            Map.of("PGPASSWORD", token),
            "");
    return Optional.of(output.lines().count() + " lines");
  }

  /// Runs a query by psycopg, if Debian's or another Python has it.
  static Optional<String> psycopg(String connection, String token, String sql) throws IOException {
    for (String python : List.of("/usr/bin/python3", "python3")) {
      String module =
          run(
              List.of(
                  python,
                  "-c",
                  "import importlib.util as u; print('psycopg' if u.find_spec('psycopg') else"
                      + " 'psycopg2' if u.find_spec('psycopg2') else '')"),
              Map.of(),
              "");
      String name = module.strip();
      if (name.equals("psycopg") || name.equals("psycopg2")) {
        String script =
            "import sys, "
                + name
                + " as p\nc = p.connect(sys.argv[1])\nk = c.cursor()\nk.execute(sys.argv[2])\n"
                + "print(len(k.fetchall()))\n";
        return Optional.of(
            run(List.of(python, "-c", script, connection, sql), Map.of("PGPASSWORD", token), ""));
      }
    }
    return Optional.empty();
  }

  /// Runs a script by node, if it is there.
  ///
  /// @param modules folder in which it finds what it requires
  static Optional<String> node(Path modules, String token, String script) throws IOException {
    Optional<Path> node = find("node");
    return node.isEmpty()
        ? Optional.empty()
        : Optional.of(
            run(
                List.of(node.get().toString(), "-"),
                Map.of("PGPASSWORD", token, "NODE_PATH", modules.toString()),
                script));
  }

  private static String run(List<String> command, Map<String, String> environment, String input)
      throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().putAll(environment);
    Process process;
    try {
      process = builder.start();
    } catch (IOException e) {
      return ""; // no such program
    }
    try (var in = process.getOutputStream()) {
      in.write(input.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      // it ended before it read everything; what it printed says why
    }
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    try {
      if (!process.waitFor(SECONDS_MAX, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
    return output;
  }
}
