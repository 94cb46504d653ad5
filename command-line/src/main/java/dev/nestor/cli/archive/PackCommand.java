package dev.nestor.cli.archive;

import dev.nestor.cli.ExitCode;
import dev.nestor.evidence.archive.EvidenceArchives;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `nestor archive pack`: one file of a recorder's directory.
@Command(
    name = "pack",
    mixinStandardHelpOptions = true,
    description =
        "Puts the segments of an archive into one file, byte for byte; nothing is changed.",
    footer = {"", "Example: nestor archive pack gateway/archive --out monday.pgrec"})
final class PackCommand implements Callable<Integer> {
  @Parameters(paramLabel = "PATH", description = "A recorder's directory, or a file.")
  private Path path = Path.of(".");

  @Option(names = "--out", required = true, description = "The new file; must not exist.")
  private Path out = Path.of("archive.pgrec");

  @Override
  public Integer call() {
    try {
      System.out.println(out + ": " + EvidenceArchives.pack(path, out) + " bytes");
      return ExitCode.OK;
    } catch (IOException e) {
      System.err.println("nestor: " + e.getMessage());
      return ExitCode.NO;
    }
  }
}
