package dev.nestor.proxy.config;

import java.util.List;
import java.util.stream.Collectors;

/// A configuration that cannot be used, with every reason that was found.
public final class ConfigException extends Exception {
  private final transient List<ConfigError> errors;

  /// @param errors at least one
  public ConfigException(List<ConfigError> errors) {
    super(errors.stream().map(ConfigError::toString).collect(Collectors.joining("\n")));
    this.errors = List.copyOf(errors);
  }

  /// The reasons, in the order of the file.
  public List<ConfigError> errors() {
    return errors;
  }
}
