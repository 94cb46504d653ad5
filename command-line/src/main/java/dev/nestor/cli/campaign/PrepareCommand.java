package dev.nestor.cli.campaign;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.nestor.cli.ExitCode;
import dev.nestor.evidence.archive.EvidenceArchive;
import dev.nestor.evidence.archive.EvidenceArchives;
import dev.nestor.evidence.campaign.Campaign;
import dev.nestor.evidence.campaign.CampaignFile;
import dev.nestor.evidence.campaign.CampaignPreparation;
import dev.nestor.evidence.integrity.TrustedSigners;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `nestor campaign prepare`: a campaign from recordings.
@Command(
    name = "prepare",
    mixinStandardHelpOptions = true,
    description = {
      "Makes a campaign from recordings: one item for each credential, identical ones as one, with what",
      "was granted beside what was used. The file has the hash of the population and of each recording.",
      "It is reviewed and signed in the workstation (nestor open FILE)."
    },
    footer = {"", "Example: nestor campaign prepare sample-sessions --out q4.pgreview"})
final class PrepareCommand implements Callable<Integer> {
  @Parameters(paramLabel = "PATH", arity = "1..*", description = "Recordings, or folders of them.")
  private List<Path> paths = new ArrayList<>();

  @Option(names = "--out", required = true, description = "File to write, NAME.pgreview.")
  private Path out = Path.of("campaign.pgreview");

  @Option(names = "--title", defaultValue = "Agent access", description = "Title of the campaign.")
  private String title = "Agent access";

  @Option(names = "--key", description = "Public key of the recorder (vkey) that is trusted.")
  private @Nullable Path key;

  @Option(names = "--json", description = "One JSON document instead of words.")
  private boolean json;

  @Override
  public Integer call() {
    List<EvidenceArchive> archives = new ArrayList<>();
    try {
      if (Files.exists(out)) {
        System.err.println("nestor: " + out + " is there already; a campaign is not written over");
        return ExitCode.USAGE;
      }
      for (Path path : paths) {
        for (Path file : files(path)) {
          archives.add(EvidenceArchives.open(file));
        }
      }
      Campaign campaign =
          CampaignPreparation.of(
              title,
              archives,
              key == null ? TrustedSigners.NONE : TrustedSigners.read(key),
              Instant.now());
      CampaignFile.write(campaign, out);
      if (json) {
        ObjectNode node = new ObjectMapper().createObjectNode();
        node.put("file", out.toString());
        node.put("items", campaign.items().size());
        node.put("populationSha256", campaign.populationSha256());
        node.put("archives", campaign.archives().size());
        System.out.println(node);
      } else {
        System.out.printf(
            "%s: %d items from %d recordings, population %s%n",
            out, campaign.items().size(), archives.size(), campaign.populationSha256());
      }
      return ExitCode.OK;
    } catch (IOException e) {
      System.err.println("nestor: " + e.getMessage());
      return ExitCode.USAGE;
    } finally {
      for (EvidenceArchive each : archives) {
        try {
          each.close();
        } catch (IOException e) {
          // read-only: nothing can be lost
        }
      }
    }
  }

  private static List<Path> files(Path path) throws IOException {
    if (!Files.isDirectory(path)) {
      return List.of(path);
    }
    try (Stream<Path> files = Files.list(path)) {
      return files.filter(each -> each.toString().endsWith(".pgrec")).sorted().toList();
    }
  }
}
