package dev.nestor.cli.control;

import com.fasterxml.jackson.databind.JsonNode;
import dev.nestor.cli.ExitCode;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// How a command reaches a gateway, and how it says what came of it.
public final class ControlOptions {
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
      description = "File with the caller's token; else the variable NESTOR_TOKEN.")
  private @Nullable Path tokenFile;

  @Option(names = "--json", description = "One JSON document instead of words.")
  private boolean json;

  /// Whether the answer is wanted as JSON.
  public boolean json() {
    return json;
  }

  /// What a command asks of a gateway.
  public interface Question {
    /// Asks, and prints the answer.
    ///
    /// @return the exit code
    /// @throws IOException if the gateway refuses or does not answer
    int ask(ControlClient client) throws IOException;
  }

  /// Opens a client, asks, and turns what goes wrong into words and an exit code: 1 if the gateway
  /// refuses, 2 if the options are wrong, 3 if there is no gateway.
  public int ask(Question question) {
    String token;
    URI base;
    try {
      token =
          tokenFile == null
              ? Optional.ofNullable(System.getenv("NESTOR_TOKEN")).orElse("")
              : Files.readString(tokenFile).strip();
      base = URI.create(control);
      if (!"https".equals(base.getScheme()) || base.getHost() == null) {
        throw new IllegalArgumentException("expected https://HOST:PORT");
      }
    } catch (IOException e) {
      return usage("the token file " + tokenFile + " cannot be read");
    } catch (IllegalArgumentException e) {
      return usage("--control " + control + " is not a URL: " + e.getMessage());
    }
    if (token.isEmpty() || token.chars().anyMatch(c -> c <= ' ' || c > '~')) {
      return usage("no token: give --token-file FILE or set NESTOR_TOKEN");
    }
    try (ControlClient client = ControlClient.of(base, Optional.ofNullable(ca), token)) {
      return question.ask(client);
    } catch (ControlClient.RefusedException e) {
      if (json) {
        JsonNode answer = e.answer();
        System.out.println(answer);
      }
      System.err.println("nestor: " + e.getMessage());
      return ExitCode.NO;
    } catch (IOException e) {
      System.err.println("nestor: " + e.getMessage());
      return ExitCode.INCOMPLETE;
    }
  }

  private static int usage(String message) {
    System.err.println("nestor: " + message);
    return ExitCode.USAGE;
  }
}
