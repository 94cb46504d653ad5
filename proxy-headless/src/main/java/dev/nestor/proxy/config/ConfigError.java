package dev.nestor.proxy.config;

import dev.nestor.policy.document.DocumentError;
import java.nio.file.Path;

/// One thing that is wrong in a configuration file.
///
/// @param file the file
/// @param line from 1; 0 if the whole file is meant
/// @param column from 1
/// @param message what was found, what was expected, and the fix
public record ConfigError(Path file, int line, int column, String message) {
  static ConfigError of(Path file, DocumentError error) {
    return new ConfigError(file, error.line(), error.column(), error.message());
  }

  @Override
  public String toString() {
    return line == 0 ? file + ": " + message : file + ":" + line + ":" + column + ": " + message;
  }
}
