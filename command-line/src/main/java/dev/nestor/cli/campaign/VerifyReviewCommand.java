package dev.nestor.cli.campaign;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.nestor.cli.ExitCode;
import dev.nestor.cli.archive.ArchiveFiles;
import dev.nestor.evidence.campaign.ReviewerKey;
import dev.nestor.evidence.campaign.SignedReview;
import dev.nestor.evidence.integrity.TrustedSigners;
import java.io.IOException;
import java.nio.file.Path;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `nestor campaign verify`: whether a signed review is what was signed.
@Command(
    name = "verify",
    mixinStandardHelpOptions = true,
    description = {
      "Checks the signature of a review. With the reviewer's public key it says who signed; without, only",
      "that nothing was changed since. With --archives it also compares the recordings that were",
      "reviewed with those on disk. Exit code: 0 genuine, 1 changed, 4 genuine by the key in the file."
    },
    footer = {"", "Example: nestor campaign verify q4.review.json --key reviewer.pub"})
final class VerifyReviewCommand implements Callable<Integer> {
  @Parameters(paramLabel = "FILE", description = "The signed review.")
  private Path file = Path.of("");

  @Option(names = "--key", description = "Public key of the reviewer (PEM).")
  private @Nullable Path key;

  @Option(
      names = "--archives",
      description = "Recordings, or folders of them, to compare with those that were reviewed.")
  private List<Path> archives = new ArrayList<>();

  @Option(names = "--signer", description = "Verifier key of a recorder, for --archives.")
  private List<Path> signers = new ArrayList<>();

  @Option(names = "--json", description = "One JSON document instead of words.")
  private boolean json;

  @Override
  public Integer call() {
    SignedReview.Check check;
    List<String> different = List.of();
    try {
      Optional<PublicKey> trusted =
          key == null ? Optional.empty() : Optional.of(ReviewerKey.publicKey(key));
      check = SignedReview.verify(file, trusted);
      if (check.genuine() && !archives.isEmpty()) {
        different = SignedReview.compare(check, files(), trusted());
      }
    } catch (IOException e) {
      System.err.println("nestor: " + e.getMessage());
      return ExitCode.USAGE;
    }
    if (json) {
      ObjectNode node = new ObjectMapper().createObjectNode();
      node.put("genuine", check.genuine());
      node.put("trusted", check.genuine() && key != null);
      node.put("problem", check.problem());
      node.put("keyId", check.keyId());
      node.put("title", check.title());
      node.put("items", check.items());
      node.put("populationSha256", check.populationSha256());
      node.put("archivesCompared", check.genuine() && !archives.isEmpty());
      different.forEach(node.putArray("archivesDifferent")::add);
      System.out.println(node);
    } else if (check.genuine()) {
      System.out.printf(
          "Genuine: %s, %d items, signed by key %s%s%n",
          check.title(),
          check.items(),
          check.keyId(),
          key == null ? " (the key in the file; name the reviewer's with --key)" : "");
    } else {
      System.out.println("Changed: " + check.problem());
    }
    if (!json && check.genuine() && !archives.isEmpty()) {
      different.forEach(each -> System.out.println("Changed: " + each));
      if (different.isEmpty()) {
        System.out.printf("The same %d recordings are there.%n", check.archives().size());
      }
    }
    return !check.genuine() || !different.isEmpty()
        ? ExitCode.NO
        : key == null ? ExitCode.UNTRUSTED : ExitCode.OK;
  }

  private List<Path> files() throws IOException {
    List<Path> files = new ArrayList<>();
    for (Path each : archives) {
      files.addAll(ArchiveFiles.of(each));
    }
    return files;
  }

  private TrustedSigners trusted() throws IOException {
    TrustedSigners trusted = TrustedSigners.NONE;
    for (Path each : signers) {
      trusted = trusted.and(TrustedSigners.read(each));
    }
    return trusted;
  }
}
