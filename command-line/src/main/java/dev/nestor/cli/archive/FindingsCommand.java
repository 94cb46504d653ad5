package dev.nestor.cli.archive;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.nestor.cli.ExitCode;
import dev.nestor.evidence.archive.EvidenceArchive;
import dev.nestor.evidence.archive.EvidenceArchives;
import dev.nestor.evidence.credential.HygieneRules;
import dev.nestor.evidence.finding.Finding;
import dev.nestor.evidence.finding.StatementRef;
import dev.nestor.evidence.survey.Survey;
import java.io.IOException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `nestor archive findings`: what somebody should look at.
@Command(
    name = "findings",
    mixinStandardHelpOptions = true,
    description = {
      "Looks at recordings together: stale credentials, use after revocation, statements blocked"
          + " and",
      "then rephrased, bulk reads, tables seen for the first time, connections past the gateway."
          + " Each",
      "finding lists its statements. Absence of use is claimed only where the recording is whole."
    },
    footer = {"", "Example: nestor archive findings sample-sessions --json"})
final class FindingsCommand implements Callable<Integer> {
  private static final ObjectMapper JSON = new ObjectMapper();

  @Parameters(
      paramLabel = "PATH",
      arity = "1..*",
      description = "Recordings, or folders of them; looked at together.")
  private List<Path> paths = new ArrayList<>();

  @Option(names = "--as-of", description = "Moment that \"unused since\" counts to (ISO 8601).")
  private @Nullable String asOf;

  @Option(
      names = "--unused-days",
      defaultValue = "14",
      description = "Days without a successful statement that are too many (${DEFAULT-VALUE}).")
  private int unusedDays = 14;

  @Option(
      names = "--lifetime-hours",
      defaultValue = "24",
      description = "Hours that a credential may be good for (${DEFAULT-VALUE}).")
  private int lifetimeHours = 24;

  @Option(
      names = "--places",
      defaultValue = "2",
      description = "Client addresses that one credential may have (${DEFAULT-VALUE}).")
  private int places = 2;

  @Option(
      names = "--coverage",
      defaultValue = "90",
      description =
          "Percent of a time that must be recorded before absence of use is claimed"
              + " (${DEFAULT-VALUE}).")
  private int coverage = 90;

  @Option(
      names = "--observed-minutes",
      defaultValue = "60",
      description = {
        "Minutes that must be recorded before absence of use is claimed (${DEFAULT-VALUE}),",
        "unless all of a shorter life is recorded."
      })
  private int observedMinutes = 60;

  @Option(
      names = "--schedule",
      description = "Hours in which work is expected, UTC, such as 06:00-20:00.")
  private @Nullable String schedule;

  @Option(names = "--json", description = "One JSON document instead of words.")
  private boolean json;

  @Override
  public Integer call() {
    HygieneRules rules;
    Optional<Instant> at;
    try {
      at = asOf == null ? Optional.empty() : Optional.of(Instant.parse(asOf));
      rules =
          new HygieneRules(
              Duration.ofDays(unusedDays),
              Duration.ofHours(lifetimeHours),
              places,
              HygieneRules.standard().blockedRepeatsMax(),
              coverage / 100.0,
              Duration.ofMinutes(observedMinutes),
              schedule == null ? Optional.empty() : Optional.of(schedule(schedule)));
    } catch (DateTimeException | IllegalArgumentException e) {
      System.err.println(
          "nestor: "
              + e.getMessage()
              + "; --as-of is a time such as 2026-11-20T09:00:00Z,"
              + " --schedule hours such as 06:00-20:00");
      return ExitCode.USAGE;
    }
    List<EvidenceArchive> archives = new ArrayList<>();
    try {
      for (Path path : paths) {
        for (Path file : ArchiveFiles.of(path)) {
          archives.add(EvidenceArchives.open(file));
        }
      }
      Survey survey = Survey.of(archives, rules, at, () -> true);
      if (json) {
        System.out.println(document(survey, archives));
      } else {
        print(survey);
      }
      return survey.complete() ? ExitCode.OK : ExitCode.INCOMPLETE;
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

  private static HygieneRules.Schedule schedule(String text) {
    int dash = text.indexOf('-');
    if (dash < 0) {
      throw new IllegalArgumentException("no hours: " + text);
    }
    return new HygieneRules.Schedule(
        LocalTime.parse(text.substring(0, dash)), LocalTime.parse(text.substring(dash + 1)));
  }

  private static ObjectNode document(Survey survey, List<EvidenceArchive> archives) {
    ObjectNode document = JSON.createObjectNode();
    ArrayNode list = document.putArray("findings");
    survey.findings().forEach(each -> list.add(node(each)));
    ArrayNode looked = document.putArray("archives");
    archives.forEach(each ->
        looked
            .addObject()
            .put("path", each.card().path().toString())
            .put("id", each.card().id())
            .put("state", each.card().state().json()));
    ObjectNode window = document.putObject("coverage");
    window.put("from", survey.coverage().from().toString());
    window.put("to", survey.coverage().to().toString());
    window.put("gapsSeconds", survey.coverage().gaps().toSeconds());
    document.put("asOf", survey.asOf().toString());
    document.put("rules", HygieneRules.VERSION);
    document.put("credentials", survey.credentials().size());
    document.put("statements", survey.statements());
    document.put("complete", survey.complete());
    return document;
  }

  private static ObjectNode node(Finding finding) {
    ObjectNode node = JSON.createObjectNode();
    node.put("key", finding.key());
    node.put("rule", finding.rule());
    node.put("severity", finding.severity().json());
    node.put("reason", finding.reason());
    ArrayNode why = node.putArray("why");
    finding.why().forEach(why::add);
    node.put("credential", finding.credential());
    node.put("holder", finding.holder());
    node.put("subject", finding.subject());
    node.put("at", finding.at().toString());
    node.put("observed", finding.observed());
    node.put("statementCount", finding.statementCount());
    ArrayNode statements = node.putArray("statements");
    for (StatementRef each : finding.statements()) {
      statements
          .addObject()
          .put("archive", String.valueOf(each.archive().getFileName()))
          .put("session", each.session())
          .put("statement", each.statement())
          .put("firstFrame", each.frame())
          .put("at", each.at().toString())
          .put("decision", each.decision().json())
          .put("text", each.text())
          .put("citation", each.citation());
    }
    return node;
  }

  private static void print(Survey survey) {
    for (Finding finding : survey.findings()) {
      System.out.printf(
          "%-8s  %-24s %s%s%n",
          finding.severity().word(),
          finding.rule(),
          finding.credential().isEmpty()
              ? ""
              : finding.credential() + " (" + finding.holder() + "): ",
          finding.reason());
      finding.why().forEach(each -> System.out.println("            " + each));
      finding.statements().stream()
          .limit(5)
          .forEach(each ->
              System.out.printf(
                  "            %s  frame %d, %s: %s%n",
                  each.archive().getFileName(),
                  each.frame(),
                  each.decision().word().toLowerCase(java.util.Locale.ROOT),
                  each.text()));
      if (finding.statementCount() > 5) {
        System.out.printf("            … %d more%n", finding.statementCount() - 5);
      }
    }
    System.out.printf(
        "%d findings over %d credentials and %d statements, %s to %s, as of %s, %s%n",
        survey.findings().size(),
        survey.credentials().size(),
        survey.statements(),
        survey.coverage().from(),
        survey.coverage().to(),
        survey.asOf(),
        HygieneRules.VERSION);
  }
}
