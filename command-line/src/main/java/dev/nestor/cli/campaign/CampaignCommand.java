package dev.nestor.cli.campaign;

import dev.nestor.cli.ExitCode;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/// `nestor campaign prepare|verify`.
@Command(
    name = "campaign",
    mixinStandardHelpOptions = true,
    description = "Prepares access reviews from recordings, and checks signed ones.",
    subcommands = {PrepareCommand.class, VerifyReviewCommand.class})
public final class CampaignCommand implements Callable<Integer> {
  @Override
  public Integer call() {
    System.err.println("usage: nestor campaign prepare|verify; --help tells more");
    return ExitCode.USAGE;
  }
}
