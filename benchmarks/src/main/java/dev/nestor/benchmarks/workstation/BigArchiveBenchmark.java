package dev.nestor.benchmarks.workstation;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.nestor.evidence.archive.DecisionKind;
import dev.nestor.evidence.archive.EvidenceArchive;
import dev.nestor.evidence.archive.EvidenceArchives;
import dev.nestor.evidence.archive.SessionCard;
import dev.nestor.evidence.archive.SessionReplay;
import dev.nestor.evidence.credential.HygieneRules;
import dev.nestor.evidence.integrity.TrustedSigners;
import dev.nestor.evidence.lineage.LineageTree;
import dev.nestor.evidence.search.ParsedQuery;
import dev.nestor.evidence.search.QueryParser;
import dev.nestor.evidence.search.Search;
import dev.nestor.evidence.search.SearchAnswer;
import dev.nestor.evidence.survey.Survey;
import java.io.IOException;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/// What the workstation asks of a large archive, timed without its window: opening, indexing, the
/// list of statements in pages of a screen's cache, a step to the next exception, lineage, search.
public final class BigArchiveBenchmark {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int PAGE = 128;
  private static final int PAGES = 200;

  private final Map<String, Object> found = new LinkedHashMap<>();
  private long begun = System.nanoTime();

  private void lap(String what) {
    long now = System.nanoTime();
    found.put(what, Math.round((now - begun) / 1e5) / 10.0);
    begun = System.nanoTime();
  }

  /// Arguments: the archive, the cache folder, the verifier key's file. Prints one JSON document.
  public static void main(String[] arguments) throws IOException {
    BigArchiveBenchmark benchmark = new BigArchiveBenchmark();
    benchmark.run(Path.of(arguments[0]), Path.of(arguments[1]), Path.of(arguments[2]));
    System.out.println(JSON.writeValueAsString(benchmark.found));
  }

  private void run(Path file, Path cache, Path key) throws IOException {
    try (EvidenceArchive archive = EvidenceArchives.open(file, Optional.of(cache))) {
      lap("openMillis");
      found.put("frames", archive.card().frames());
      found.put("statements", archive.card().statements());
      boolean indexed = archive.isIndexed();
      archive.index((_, _) -> true);
      if (!indexed) {
        lap("indexMillis");
      }
      SessionCard largest =
          archive.sessions().stream()
              .max(Comparator.comparingLong(SessionCard::statements))
              .orElseThrow();
      begun = System.nanoTime();
      SessionReplay replay = archive.replay(largest.number());
      lap("sessionMillis");
      found.put("sessionRows", replay.size());
      pages(replay);
      begun = System.nanoTime();
      replay.next(0, Set.of(DecisionKind.KILL), true);
      lap("stepToNothingMillis");
      replay.detail(replay.size() / 2);
      lap("detailMillis");
      lineage(archive, replay);
      search(archive, "verb:delete table:customers", "searchRareMillis");
      search(archive, "decision:blocked", "searchBlockedMillis");
      search(archive, "text:region", "searchTextMillis");
      search(archive, "verb:select", "searchMillionsMillis");
      begun = System.nanoTime();
      archive.verify(TrustedSigners.read(key), (_, _) -> true);
      lap("verifyContentMillis");
      found.put("readingHeapUsedMiB", WindowBenchmark.heapUsed() >> 20);
    }
  }

  private void pages(SessionReplay replay) throws IOException {
    Random random = new Random(11);
    double[] millis = new double[PAGES];
    for (int i = 0; i < PAGES; i++) {
      long from = random.nextLong(Math.max(1, replay.size() / PAGE)) * PAGE;
      long start = System.nanoTime();
      for (long at = from; at < Math.min(from + PAGE, replay.size()); at++) {
        replay.row(at);
      }
      millis[i] = (System.nanoTime() - start) / 1e6;
    }
    Arrays.sort(millis);
    found.put("pageMillisMedian", Math.round(millis[PAGES / 2] * 10) / 10.0);
    found.put("pageMillisMax", Math.round(millis[PAGES - 1] * 10) / 10.0);
  }

  private void lineage(EvidenceArchive archive, SessionReplay replay) throws IOException {
    begun = System.nanoTime();
    Survey survey =
        Survey.of(List.of(archive), HygieneRules.standard(), Optional.empty(), () -> true);
    lap("surveyMillis");
    String key = replay.session().credential().map(each -> each.tokenSha256()).orElse("");
    LineageTree.path(LineageTree.of(survey.credentials(), true), key);
    lap("lineageMillis");
  }

  private void search(EvidenceArchive archive, String query, String name) throws IOException {
    ParsedQuery parsed =
        QueryParser.parse(query, ZoneOffset.UTC, Search.days(List.of(archive), ZoneOffset.UTC));
    begun = System.nanoTime();
    SearchAnswer answer = Search.ask((ParsedQuery.Ok) parsed, List.of(archive), () -> true);
    lap(name);
    found.put(name.replace("Millis", "Hits"), answer.statements());
    if (!answer.hits().isEmpty()) {
      begun = System.nanoTime();
      int last = answer.hits().size() - 1;
      for (int i = Math.max(0, last - PAGE); i <= last; i++) {
        answer.hits().get(i);
      }
      lap(name.replace("Millis", "LastPageMillis"));
    }
  }
}
