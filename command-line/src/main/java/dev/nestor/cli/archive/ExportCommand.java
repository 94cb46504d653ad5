package dev.nestor.cli.archive;

import dev.nestor.cli.ExitCode;
import dev.nestor.evidence.archive.EvidenceArchive;
import dev.nestor.evidence.archive.EvidenceArchives;
import dev.nestor.evidence.campaign.ReviewExhibit;
import dev.nestor.evidence.credential.HygieneRules;
import dev.nestor.evidence.finding.Finding;
import dev.nestor.evidence.finding.StatementRef;
import dev.nestor.evidence.pack.EvidencePackage;
import dev.nestor.evidence.search.ParsedQuery;
import dev.nestor.evidence.search.QueryParser;
import dev.nestor.evidence.search.Search;
import dev.nestor.evidence.search.SearchAnswer;
import dev.nestor.evidence.survey.Survey;
import java.io.IOException;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `nestor archive export`: an evidence package of some statements.
@Command(
    name = "export",
    mixinStandardHelpOptions = true,
    description = {
      "Writes an evidence package: statements and their frames with the proofs that lead to what"
          + " the",
      "recorder signed, as JSON, CSV and a page to read, and Verify.java, which checks all of it"
          + " with a",
      "JDK alone: java Verify.java PACKAGE KEY. Name what goes in by --query, --cite, --finding or",
      "--review; several add up. Exit code: 0 written, 1 something cannot be found or proved."
    },
    footer = {
      "",
      "Example: nestor archive export sample-sessions --query decision:blocked --out blocked.zip"
    })
final class ExportCommand implements Callable<Integer> {
  /// Work that takes longer says how far it is.
  private static final long QUIET_NANOS = 2_000_000_000L;

  @Parameters(paramLabel = "PATH", description = "A recording, or a folder of them.")
  private Path path = Path.of(".");

  @Option(
      names = "--out",
      required = true,
      description = "The new folder, or zip file if it ends in .zip; must not exist.")
  private Path out = Path.of("package");

  @Option(names = "--query", description = "Statements that a search finds.")
  private @Nullable String query;

  @Option(names = "--cite", description = "A citation, pgrec:…/s/…/f/…; may be repeated.")
  private List<String> cited = new ArrayList<>();

  @Option(
      names = "--finding",
      description = "Statements of a finding: its key as nestor archive findings --json has it.")
  private @Nullable String finding;

  @Option(
      names = "--review",
      description = {
        "Statements behind the items of a campaign, and its signed record if it lies beside it; or"
            + " a",
        "signed record (.review.json) itself. The package then holds the record and its decisions,",
        "and Verify.java takes the reviewer's public key as a third argument."
      })
  private @Nullable Path review;

  @Option(names = "--title", defaultValue = "", description = "What it is about; not proved.")
  private String title = "";

  @Override
  public Integer call() {
    if (query == null && cited.isEmpty() && finding == null && review == null) {
      System.err.println("nestor: name what goes in: --query, --cite, --finding or --review");
      return ExitCode.USAGE;
    }
    List<EvidenceArchive> archives = new ArrayList<>();
    try {
      List<Path> files = ArchiveFiles.of(path);
      Optional<byte[]> signed = Optional.empty();
      Set<String> citations = new LinkedHashSet<>(cited);
      if (query != null || finding != null) {
        for (Path file : files) {
          archives.add(EvidenceArchives.open(file));
        }
      }
      if (query != null) {
        citations.addAll(found(query, archives));
      }
      if (finding != null) {
        citations.addAll(ofFinding(finding, archives));
      }
      if (review != null) {
        ReviewExhibit exhibit = ReviewExhibit.of(review);
        citations.addAll(exhibit.citations());
        signed = exhibit.signed();
      }
      long begun = System.nanoTime();
      EvidencePackage.Written written =
          EvidencePackage.write(
              files,
              List.copyOf(citations),
              title.isEmpty() ? String.valueOf(out.getFileName()) : title,
              signed,
              out,
              (done, of) -> {
                if (done % 50 == 49 && System.nanoTime() - begun > QUIET_NANOS) {
                  System.err.printf("%,d of %,d statements%n", done + 1, of);
                }
                return true;
              });
      System.out.printf(
          "%s: %,d statements, %,d frames, %,d bytes; check it with java Verify.java %s KEY%s%n",
          written.path(),
          written.statements(),
          written.frames(),
          written.bytes(),
          written.path(),
          signed.isPresent() ? " REVIEWER" : "");
      return ExitCode.OK;
    } catch (IOException e) {
      System.err.println("nestor: " + e.getMessage());
      return ExitCode.NO;
    } finally {
      archives.forEach(ExportCommand::close);
    }
  }

  private static List<String> found(String query, List<EvidenceArchive> archives)
      throws IOException {
    return switch (QueryParser.parse(
        query, ZoneOffset.UTC, Search.days(archives, ZoneOffset.UTC))) {
      case ParsedQuery.Wrong wrong ->
          throw new IOException("the query is not understood: " + wrong.message());
      case ParsedQuery.Ok ok -> {
        SearchAnswer answer = Search.ask(ok, archives, () -> true);
        if (answer.statements() > EvidencePackage.CITATIONS_MAX) {
          throw new IOException(
              "%,d statements match, more than a package has; ask more closely"
                  .formatted(answer.statements()));
        }
        if (answer.hits().isEmpty()) {
          throw new IOException("no statement matches " + query);
        }
        yield answer.hits().citations(EvidencePackage.CITATIONS_MAX);
      }
    };
  }

  private static List<String> ofFinding(String key, List<EvidenceArchive> archives)
      throws IOException {
    Finding finding =
        Survey.of(archives, HygieneRules.standard(), Optional.empty(), () -> true)
            .findings()
            .stream()
            .filter(each -> each.key().equals(key))
            .findFirst()
            .orElseThrow(() -> new IOException("there is no finding " + key));
    if (finding.statements().isEmpty()) {
      throw new IOException("this finding rests on no statement: " + key);
    }
    return finding.statements().stream().map(StatementRef::citation).toList();
  }

  private static void close(EvidenceArchive archive) {
    try {
      archive.close();
    } catch (IOException e) {
      // read-only: nothing can be lost
    }
  }
}
