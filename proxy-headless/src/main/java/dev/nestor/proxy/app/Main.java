package dev.nestor.proxy.app;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/// The gateway's commands.
@Command(
    name = "nestor",
    subcommands = {ServeCommand.class, InitCommand.class, ConfigCommand.class})
public final class Main implements Runnable {
  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  private Main() {
    spec = CommandLine.Model.CommandSpec.create();
  }

  /// Runs one command and exits with its code.
  public static void main(String[] arguments) {
    System.exit(new CommandLine(new Main()).execute(arguments));
  }

  @Override
  public void run() {
    spec.commandLine().usage(System.err);
  }
}
