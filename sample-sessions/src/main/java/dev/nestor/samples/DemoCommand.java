package dev.nestor.samples;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.nestor.cli.ExitCode;
import dev.nestor.evidence.archive.DecisionCounts;
import dev.nestor.evidence.archive.EvidenceArchive;
import dev.nestor.evidence.archive.EvidenceArchives;
import dev.nestor.evidence.integrity.IntegrityReport;
import dev.nestor.evidence.integrity.IntegrityState;
import dev.nestor.evidence.integrity.TrustedSigners;
import dev.nestor.evidence.integrity.VerificationProgress;
import dev.nestor.recorder.note.HostKey;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `nestor demo`: five stories, or with `--serve` the same servers for a client of one's own.
@Command(
    name = "demo",
    mixinStandardHelpOptions = true,
    description = {
      "Tells five stories by real clients through a real gateway to a real PostgreSQL, seals and",
      "verifies the recordings, and opens the workstation on them. Needs no Docker, no server, no",
      "account; leaves nothing running."
    },
    footer = {
      "",
      "Example: nestor demo --headless --out demo-out --json",
      "         nestor demo --serve --out demo-out    then connect with psql as it prints"
    })
final class DemoCommand implements Callable<Integer> {
  private static final ObjectMapper JSON = new ObjectMapper();

  /// A check that a story asks of nobody: the stories, in their order.
  static List<Story> stories() {
    return List.of(
        new SharedSuperuser(),
        new OffboardedContractor(),
        new QuietExport(),
        new CompromisedChild(),
        new AutonomousAgent());
  }

  @Option(names = "--headless", description = "Do not open the workstation.")
  private boolean headless;

  @Option(
      names = "--out",
      defaultValue = "demo-out",
      description = "Folder for the recordings (default: ${DEFAULT-VALUE}).")
  private Path out = Path.of("demo-out");

  @Option(names = "--json", description = "One JSON document as the last line of the output.")
  private boolean json;

  @Option(names = "--serve", description = "Run no story: serve until Ctrl-C.")
  private boolean serve;

  @Option(
      names = "--yes",
      description = "Install missing system libraries without asking; for the launcher.")
  @SuppressWarnings("UnusedVariable") // the launcher has acted on it; here it must only be known
  private boolean yes;

  @Option(
      names = "--sample-key",
      hidden = true,
      description = "Sign with the published key of the sample sessions.")
  private boolean sampleKey;

  @Override
  public Integer call() {
    long began = System.nanoTime();
    PrintStream err = System.err;
    HostKey key = sampleKey ? HostKey.test(1) : HostKey.generate("nestor-demo", new SecureRandom());
    try {
      Files.createDirectories(out);
      clean(out);
      Files.writeString(out.resolve("nestor.vkey"), key.verifierKey() + "\n");
    } catch (IOException e) {
      err.println("nestor: " + out + " cannot be written: " + e.getMessage());
      return ExitCode.INCOMPLETE;
    }
    err.println("nestor: starting PostgreSQL, an identity provider and certificates");
    try (DemoServers servers = DemoServers.start()) {
      if (serve) {
        return new DemoService(servers, key, out, json).run();
      }
      return tellAll(servers, key, began);
    } catch (IOException | SQLException e) {
      err.println("nestor: " + e.getMessage());
      return ExitCode.INCOMPLETE;
    }
  }

  /// Removes what an earlier run left, and nothing else.
  private static void clean(Path folder) throws IOException {
    try (var files = Files.newDirectoryStream(folder, "*.{pgrec,vkey}")) {
      for (Path file : files) {
        Files.delete(file);
      }
    }
    Files.deleteIfExists(folder.resolve("summary.json"));
  }

  private int tellAll(DemoServers servers, HostKey key, long began)
      throws IOException, SQLException {
    List<StoryResult> results = new ArrayList<>();
    for (Story story : stories()) {
      System.err.println("nestor: story " + story.id() + ", " + story.title());
      results.add(tell(servers, key, story));
    }
    double seconds = Duration.ofNanos(System.nanoTime() - began).toMillis() / 1000.0;
    ObjectNode summary = summary(results, seconds);
    Files.writeString(
        out.resolve("summary.json"),
        JSON.writerWithDefaultPrettyPrinter().writeValueAsString(summary) + "\n");
    boolean ok = results.stream().allMatch(StoryResult::ok);
    print(results, seconds);
    if (json) {
      System.out.println(JSON.writeValueAsString(summary));
    }
    if (ok && !headless) {
      Workstation.open(out);
    }
    return ok ? ExitCode.OK : ExitCode.NO;
  }

  private StoryResult tell(DemoServers servers, HostKey key, Story story)
      throws IOException, SQLException {
    long mark = servers.log().mark();
    Path archive = out.resolve(story.name() + ".pgrec");
    Map<String, String> seen;
    List<String> missing = new ArrayList<>();
    ServerLog.Counts server;
    try (Stage stage = Stage.open(servers, story.name(), key.toPrivateText(), 0)) {
      seen = story.tell(stage);
      stage.seal();
      server = servers.log().since(mark, "app_rw");
      EvidenceArchives.pack(stage.archive(), archive);
      try (EvidenceArchive evidence = EvidenceArchives.open(archive)) {
        IntegrityReport report =
            evidence.verify(
                new TrustedSigners(List.of(key.verifierKey().toString())),
                VerificationProgress.SILENT);
        Recorded recorded = Recorded.of(evidence);
        missing.addAll(story.judge(stage, server, recorded));
        report.findings().forEach(finding -> missing.add(finding.what()));
        long completed = recorded.ranOnServer();
        if (server.statements() < completed
            || server.statements() > completed + recorded.inFlightAtKill()) {
          missing.add(
              "statements that ran: "
                  + completed
                  + " in the archive, "
                  + server.statements()
                  + " in the server's own log");
        }
        return new StoryResult(
            story,
            new LinkedHashMap<>(seen),
            List.copyOf(missing),
            archive,
            recorded.decisions(),
            recorded.statements().size(),
            recorded.frames(),
            report.state(),
            server);
      }
    }
  }

  private ObjectNode summary(List<StoryResult> results, double seconds) {
    ObjectNode summary = JSON.createObjectNode();
    ArrayNode stories = summary.putArray("stories");
    DecisionCounts decisions = DecisionCounts.NONE;
    long statements = 0;
    long frames = 0;
    IntegrityState worst = IntegrityState.VERIFIED;
    for (StoryResult result : results) {
      ObjectNode story = stories.addObject();
      story.put("id", result.story().id());
      story.put("title", result.story().title());
      story.put("ok", result.ok());
      story.put("archive", result.archive().getFileName().toString());
      if (!result.missing().isEmpty()) {
        story.put("reason", String.join("; ", result.missing()));
      }
      story.put("statements", result.statements());
      story.put("frames", result.frames());
      counts(story.putObject("decisions"), result.decisions());
      story
          .putObject("server")
          .put("statements", result.server().statements())
          .put("raised", result.server().raised())
          .put("errors", result.server().errors());
      decisions = decisions.plus(result.decisions());
      statements += result.statements();
      frames += result.frames();
      worst = worst.worse(result.state());
    }
    summary.put("statements", statements);
    summary.put("frames", frames);
    counts(summary.putObject("decisions"), decisions);
    summary.putObject("verification").put("state", worst.json()).put("key", "nestor.vkey");
    summary.put("seconds", seconds);
    return summary;
  }

  private static void counts(ObjectNode node, DecisionCounts counts) {
    node.put("allow", counts.allowed())
        .put("mask", counts.masked())
        .put("hold", counts.held())
        .put("block", counts.blocked())
        .put("kill", counts.killed());
  }

  private void print(List<StoryResult> results, double seconds) {
    PrintStream to = json ? System.err : System.out;
    for (StoryResult result : results) {
      to.println();
      to.printf(
          "%d  %s   %s, %s%n",
          result.story().id(),
          result.story().title(),
          result.ok() ? "as told" : "NOT AS TOLD",
          result.state().word());
      result.seen().forEach((who, what) -> to.printf("     %-22s %s%n", who, oneLine(what)));
      DecisionCounts counts = result.decisions();
      to.printf(
          "     %-22s %d statements: %d allowed, %d masked, %d held, %d blocked, %d killed; %d frames%n",
          "recorded",
          result.statements(),
          counts.allowed(),
          counts.masked(),
          counts.held(),
          counts.blocked(),
          counts.killed(),
          result.frames());
      result.missing().forEach(reason -> to.printf("     %-22s %s%n", "!", reason));
    }
    to.println();
    to.printf("%.1f s. Recordings, summary.json and nestor.vkey are in %s%n", seconds, out);
    to.printf(
        "Verify them:  ./nestor archive verify %s --key %s%n", out, out.resolve("nestor.vkey"));
    if (headless || !Workstation.hasDisplay()) {
      to.printf("Open them:    ./nestor open %s%n", out);
    }
  }

  private static String oneLine(String text) {
    String line = text.lines().findFirst().orElse("");
    return line.length() > 110 ? line.substring(0, 109) + "…" : line;
  }
}
