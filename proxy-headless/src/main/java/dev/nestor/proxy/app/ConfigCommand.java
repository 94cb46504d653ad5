package dev.nestor.proxy.app;

import dev.nestor.policy.PolicyFile;
import dev.nestor.policy.document.DocumentError;
import dev.nestor.proxy.config.ConfigError;
import dev.nestor.proxy.config.ConfigException;
import dev.nestor.proxy.config.GatewayConfig;
import dev.nestor.proxy.config.GatewayConfigFile;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// `nestor config check`.
@Command(
    name = "config",
    mixinStandardHelpOptions = true,
    description = "Checks a configuration.",
    subcommands = ConfigCommand.Check.class)
final class ConfigCommand implements Callable<Integer> {
  @Override
  public Integer call() {
    System.err.println("usage: nestor config check FILE");
    return 2;
  }

  @Command(
      name = "check",
      mixinStandardHelpOptions = true,
      description =
          "Reads a gateway's configuration and the policies that it names; starts nothing.",
      footer = {"", "Example: nestor config check gateway/nestor.yaml"})
  static final class Check implements Callable<Integer> {
    @Parameters(paramLabel = "FILE", description = "The gateway's YAML file.")
    private Path file = Path.of("nestor.yaml");

    @Override
    public Integer call() {
      PrintStream err = System.err;
      GatewayConfig config;
      try {
        config = GatewayConfigFile.read(file);
      } catch (ConfigException e) {
        e.errors().forEach(error -> err.println("nestor: " + error));
        return 2;
      }
      List<ConfigError> errors = new ArrayList<>();
      config
          .databases()
          .forEach((_, database) -> {
            if (PolicyFile.read(database.policy())
                instanceof PolicyFile.Invalid(List<DocumentError> found)) {
              found.forEach(error ->
                  errors.add(
                      new ConfigError(
                          database.policy(), error.line(), error.column(), error.message())));
            }
          });
      errors.forEach(error -> err.println("nestor: " + error));
      if (!errors.isEmpty()) {
        return 2;
      }
      System.out.println(
          file
              + ": "
              + config.databases().size()
              + " database(s), "
              + config.issuers().size()
              + " issuer(s), no errors");
      return 0;
    }
  }
}
