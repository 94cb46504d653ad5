package dev.nestor.cli.archive;

import dev.nestor.cli.ExitCode;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/// `nestor archive verify|show|search|findings|pack|export`.
@Command(
    name = "archive",
    mixinStandardHelpOptions = true,
    description = "Verifies, shows, searches, examines, packs and exports recordings.",
    subcommands = {
      VerifyCommand.class,
      ShowCommand.class,
      SearchCommand.class,
      FindingsCommand.class,
      PackCommand.class,
      ExportCommand.class
    })
public final class ArchiveCommand implements Callable<Integer> {
  @Override
  public Integer call() {
    System.err.println(
        "usage: nestor archive verify|show|search|findings|pack|export; --help tells more");
    return ExitCode.USAGE;
  }
}
