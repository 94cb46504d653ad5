package dev.nestor.proxy.config;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// A secret by reference. The value never stands in a configuration, a log or `toString`.
public sealed interface Secret {
  /// Content of a file, without the line end at its end.
  record InFile(Path file) implements Secret {}

  /// An environment variable.
  record InEnvironment(String name) implements Secret {}

  /// First line that a command prints.
  record FromCommand(List<String> command) implements Secret {
    /// Copies the list.
    public FromCommand {
      command = List.copyOf(command);
    }
  }

  /// Fetches the value. May block for up to ten seconds.
  ///
  /// @throws IOException if it is not there; the message names the reference, never the value
  default String read() throws IOException {
    return switch (this) {
      case InFile(Path file) -> {
        if (!Files.isReadable(file)) {
          throw new IOException("secret file " + file + " is missing or not readable");
        }
        yield Files.readString(file).stripTrailing();
      }
      case InEnvironment(String name) -> {
        String value = System.getenv(name);
        if (value == null || value.isEmpty()) {
          throw new IOException("environment variable " + name + " is not set");
        }
        yield value;
      }
      case FromCommand(List<String> command) -> run(command);
    };
  }

  private static String run(List<String> command) throws IOException {
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    try {
      process.getOutputStream().close();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (!process.waitFor(10, TimeUnit.SECONDS) || process.exitValue() != 0) {
        throw new IOException("secret command " + command.getFirst() + " failed");
      }
      return output.lines().findFirst().orElse("");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while a secret command ran", e);
    } finally {
      process.destroyForcibly();
    }
  }
}
