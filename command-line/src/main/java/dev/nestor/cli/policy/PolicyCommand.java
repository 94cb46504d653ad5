package dev.nestor.cli.policy;

import dev.nestor.cli.ExitCode;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/// `nestor policy check|explain`.
@Command(
    name = "policy",
    mixinStandardHelpOptions = true,
    description = "Checks and explains policies.",
    subcommands = {CheckCommand.class, ExplainCommand.class})
public final class PolicyCommand implements Callable<Integer> {
  @Override
  public Integer call() {
    System.err.println("usage: nestor policy check|explain; --help tells more");
    return ExitCode.USAGE;
  }
}
