package dev.nestor.cli;

import dev.nestor.cli.access.AccessCommand;
import dev.nestor.cli.approvals.ApprovalsCommand;
import dev.nestor.cli.archive.ArchiveCommand;
import dev.nestor.cli.campaign.CampaignCommand;
import dev.nestor.cli.catalog.CatalogCommand;
import dev.nestor.cli.credentials.CredentialsCommand;
import dev.nestor.cli.policy.PolicyCommand;
import dev.nestor.cli.sessions.SessionsCommand;
import dev.nestor.cli.token.TokenCommand;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/// Entry of every command that is not a program of its own.
@Command(
    name = "nestor",
    subcommands = {
      AccessCommand.class,
      ApprovalsCommand.class,
      ArchiveCommand.class,
      CatalogCommand.class,
      CredentialsCommand.class,
      CampaignCommand.class,
      PolicyCommand.class,
      SessionsCommand.class,
      TokenCommand.class
    })
public final class Main implements Callable<Integer> {
  private Main() {}

  /// Runs one command and exits with its code.
  public static void main(String[] arguments) {
    System.exit(run(arguments));
  }

  /// Runs one command in this process.
  ///
  /// @return the exit code
  public static int run(String... arguments) {
    return new CommandLine(new Main()).execute(arguments);
  }

  @Override
  public Integer call() {
    System.err.println("nestor: a command is missing; `nestor help` lists them");
    return ExitCode.USAGE;
  }
}
