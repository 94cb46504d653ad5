package dev.nestor.samples;

import com.fasterxml.jackson.databind.JsonNode;
import dev.nestor.cli.Main;
import dev.nestor.cli.control.ControlClient;
import dev.nestor.testservers.DemoIssuer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// People and programs that use the gateway's control API in a story: by the command line, as at a
/// prompt, and for what a story must know by the same client.
final class Operators {
  private static final int TRIES_MAX = 500;
  private static final int PAUSE_MILLIS = 20;

  private final Stage stage;

  Operators(Stage stage) {
    this.stage = stage;
  }

  private URI control() {
    return URI.create("https://localhost:" + stage.gateway().controlPort().orElseThrow());
  }

  private Path ca() {
    return stage.servers().gatewayCertificates().ca();
  }

  /// Runs one command of the command line.
  ///
  /// @return its exit code
  int run(DemoIssuer.Identity caller, String... command) throws IOException {
    Path token = stage.archive().resolveSibling(caller.name() + ".jwt");
    Files.writeString(token, stage.token(caller));
    String[] arguments =
        Stream.concat(
                Stream.of(command),
                Stream.of(
                    "--control",
                    control().toString(),
                    "--ca",
                    ca().toString(),
                    "--token-file",
                    token.toString(),
                    "--json"))
            .toArray(String[]::new);
    PrintStream out = System.out;
    System.setOut(new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8));
    try {
      return Main.run(arguments);
    } finally {
      System.setOut(out); // standard output is for the demo's own document
    }
  }

  /// A client in the name of whoever has a token.
  ControlClient client(String token) throws IOException {
    return ControlClient.of(control(), Optional.of(ca()), token);
  }

  /// A child's token in exchange for a parent's.
  ///
  /// @throws ControlClient.RefusedException if the gateway issues none
  String exchange(String parent, String name, String scope) throws IOException {
    try (ControlClient client = client(parent)) {
      return client.exchange(Map.of("name", name, "scope", scope)).path("access_token").asText();
    }
  }

  /// The name of the newest good credential of somebody.
  Optional<String> credential(String name) throws IOException {
    try (ControlClient client = client(stage.token(Callers.ADMINISTRATOR))) {
      Optional<String> found = Optional.empty();
      for (JsonNode each : client.credentials().path("credentials")) {
        if (each.path("name").asText().equals(name) && each.path("state").asText().equals("live")) {
          found = Optional.of(each.path("credential").asText());
        }
      }
      return found;
    }
  }

  /// Waits until a statement that contains a text waits for people.
  ///
  /// @return the name of the request; empty if none comes
  Optional<String> heldStatement(String text) throws IOException {
    try (ControlClient client = client(stage.token(Callers.APPROVER))) {
      for (int tries = 0; tries < TRIES_MAX; tries++) {
        for (JsonNode each : client.approvals().path("approvals")) {
          if (each.path("sql").asText().contains(text)) {
            return Optional.of(each.path("approval").asText());
          }
        }
        TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return Optional.empty();
  }

  /// What an exit code says.
  static String word(int exitCode, String done) {
    return exitCode == 0 ? done : "exit code " + exitCode;
  }
}
