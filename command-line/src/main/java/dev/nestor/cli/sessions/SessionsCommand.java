package dev.nestor.cli.sessions;

import com.fasterxml.jackson.databind.JsonNode;
import dev.nestor.cli.ExitCode;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `nestor sessions list|kill`.
@Command(
    name = "sessions",
    mixinStandardHelpOptions = true,
    description = "Lists and ends the sessions of a running gateway.",
    subcommands = {SessionsCommand.ListThem.class, SessionsCommand.Kill.class})
public final class SessionsCommand implements Callable<Integer> {
  @Override
  public Integer call() {
    System.err.println("usage: nestor sessions list|kill; --help tells more");
    return ExitCode.USAGE;
  }

  /// How to reach a gateway.
  static final class Connection {
    @Option(
        names = "--control",
        defaultValue = "https://127.0.0.1:8443",
        description = "The gateway's control API (default: ${DEFAULT-VALUE}).")
    private String control = "https://127.0.0.1:8443";

    @Option(
        names = "--ca",
        description = "Certificate of its authority: server.crt of `nestor init`.")
    private @Nullable Path ca;

    @Option(
        names = "--token-file",
        description = "File with a token of the control group; else the variable NESTOR_TOKEN.")
    private @Nullable Path tokenFile;

    @Option(names = "--json", description = "One JSON document instead of words.")
    private boolean json;

    ControlClient open() throws IOException {
      String token =
          tokenFile == null
              ? Optional.ofNullable(System.getenv("NESTOR_TOKEN")).orElse("")
              : Files.readString(tokenFile).strip();
      if (token.isEmpty()) {
        throw new IOException("no token: give --token-file FILE or set NESTOR_TOKEN");
      }
      return ControlClient.of(URI.create(control), Optional.ofNullable(ca), token);
    }
  }

  @Command(
      name = "list",
      mixinStandardHelpOptions = true,
      description = "Lists live sessions, oldest first.",
      footer = {"", "Example: nestor sessions list --ca gateway/server.crt --token-file admin.jwt"})
  static final class ListThem implements Callable<Integer> {
    @Mixin private Connection connection = new Connection();

    @Override
    public Integer call() {
      try (ControlClient client = connection.open()) {
        JsonNode answer = client.sessions();
        PrintStream out = System.out;
        if (connection.json) {
          out.println(answer);
          return ExitCode.OK;
        }
        out.printf(
            "%7s  %-8s %-24s %-12s %-20s %8s %8s%n",
            "SESSION", "KIND", "NAME", "DATABASE", "APPLICATION", "ALLOWED", "BLOCKED");
        for (JsonNode session : answer.path("sessions")) {
          out.printf(
              "%7d  %-8s %-24s %-12s %-20s %8d %8d%n",
              session.path("session").asLong(),
              session.path("kind").asText(),
              session.path("name").asText(),
              session.path("database").asText(),
              session.path("application").asText(),
              session.path("statements").path("allow").asLong(),
              session.path("statements").path("block").asLong());
        }
        return ExitCode.OK;
      } catch (IOException | IllegalArgumentException e) {
        System.err.println("nestor: " + e.getMessage());
        return ExitCode.INCOMPLETE;
      }
    }
  }

  @Command(
      name = "kill",
      mixinStandardHelpOptions = true,
      description = "Ends a session: its client gets FATAL 57P01, its statement is cancelled.",
      footer = {
        "",
        "Example: nestor sessions kill 12 --ca gateway/server.crt --token-file admin.jwt"
      })
  static final class Kill implements Callable<Integer> {
    @Mixin private Connection connection = new Connection();

    @Parameters(paramLabel = "SESSION", description = "Number, as `sessions list` shows it.")
    private long session;

    @Override
    public Integer call() {
      try (ControlClient client = connection.open()) {
        JsonNode answer = client.kill(session);
        System.out.println(
            connection.json
                ? answer
                : "session " + session + ": " + answer.path("result").asText());
        return ExitCode.OK;
      } catch (IOException | IllegalArgumentException e) {
        System.err.println("nestor: " + e.getMessage());
        return ExitCode.NO;
      }
    }
  }
}
