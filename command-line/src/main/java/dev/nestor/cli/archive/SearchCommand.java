package dev.nestor.cli.archive;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.nestor.cli.ExitCode;
import dev.nestor.evidence.archive.EvidenceArchive;
import dev.nestor.evidence.archive.EvidenceArchives;
import dev.nestor.evidence.archive.Party;
import dev.nestor.evidence.search.ParsedQuery;
import dev.nestor.evidence.search.QueryParser;
import dev.nestor.evidence.search.Search;
import dev.nestor.evidence.search.SearchAnswer;
import dev.nestor.evidence.search.SearchHit;
import java.io.IOException;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `nestor archive search`: questions about statements.
@Command(
    name = "search",
    mixinStandardHelpOptions = true,
    description = {
      "Finds statements by what they do, who asked, what was decided and when. A space means AND; OR,",
      "NOT, - and brackets may be used; a comma means any of. Times without a zone are UTC, and without",
      "a date those of the recording. Fields: verb table schema column label db rows dur sqlstate text",
      "decision rule masked flag subject actor actor[0] via depth role app session cred time archive",
      "frame is:exception is:unparsed is:error sort:time sort:rows-."
    },
    footer = {
      "",
      "Example: nestor archive search sample-sessions 'verb:delete table:customers time:02:00..03:00'"
    })
final class SearchCommand implements Callable<Integer> {
  private static final ObjectMapper JSON = new ObjectMapper();

  @Parameters(index = "0", paramLabel = "PATH", description = "A recording, or a folder of them.")
  private Path path = Path.of(".");

  @Parameters(
      index = "1..*",
      paramLabel = "QUERY",
      description = "What is asked; several words are joined by a space.")
  private List<String> query = new ArrayList<>();

  @Option(
      names = "--limit",
      defaultValue = "100",
      description = "Hits to print (${DEFAULT-VALUE}); all are counted.")
  private int limit = 100;

  @Option(
      names = "--json",
      description = "A JSON document a line for each hit, then one with the answer.")
  private boolean json;

  @Override
  public Integer call() {
    List<EvidenceArchive> archives = new ArrayList<>();
    try {
      for (Path file : ArchiveFiles.of(path)) {
        archives.add(EvidenceArchives.open(file));
      }
      String text = String.join(" ", query);
      return switch (QueryParser.parse(
          text, ZoneOffset.UTC, Search.days(archives, ZoneOffset.UTC))) {
        case ParsedQuery.Wrong wrong -> {
          tell(text, wrong);
          yield ExitCode.USAGE;
        }
        case ParsedQuery.Ok ok -> {
          SearchAnswer answer = Search.ask(ok, archives, () -> true);
          if (json) {
            answer.hits().stream().limit(limit).forEach(hit -> System.out.println(node(hit)));
            System.out.println(node(answer));
          } else {
            print(answer);
          }
          yield ExitCode.OK;
        }
      };
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

  private static void tell(String text, ParsedQuery.Wrong wrong) {
    System.err.println("nestor: " + wrong.message());
    System.err.println("  " + text);
    System.err.println("  " + " ".repeat(wrong.position()) + "^".repeat(wrong.length()));
    wrong.fixes().forEach(fix -> System.err.println("  try: " + fix));
  }

  private void print(SearchAnswer answer) {
    System.out.println("Reads as: " + answer.readsAs());
    System.out.println(answer.answer());
    if (!answer.who().isEmpty()) {
      System.out.println(answer.who());
    }
    for (SearchHit hit : answer.hits().stream().limit(limit).toList()) {
      System.out.printf(
          Locale.ROOT,
          "%-24s %8d  %s  %-8s %8s  %-28s %s%n",
          hit.ref().archive().getFileName(),
          hit.ref().frame(),
          hit.ref().at(),
          hit.fact().decision().word(),
          hit.fact().rows().isPresent() ? hit.fact().rows().getAsLong() : "–",
          String.join(" > ", hit.chain()),
          hit.text());
    }
    if (answer.statements() > limit) {
      System.out.printf(Locale.ROOT, "… %,d more%n", answer.statements() - limit);
    }
    System.out.println(answer.completeness());
  }

  private static ObjectNode node(SearchHit hit) {
    ObjectNode node = JSON.createObjectNode();
    node.put("archive", hit.ref().archive().toString());
    node.put("session", hit.fact().session());
    node.put("statement", hit.fact().statement());
    node.put("firstFrame", hit.fact().frame());
    node.put("startedAt", hit.fact().at().toString());
    node.put("subject", hit.session().subject().map(Party::name).orElse(""));
    ArrayNode actors = node.putArray("actors");
    hit.session().actors().forEach(each -> actors.add(each.name()));
    node.put("credential", hit.session().credential().map(each -> each.label()).orElse(""));
    node.put("application", hit.session().application());
    node.put("verb", hit.fact().verb());
    ArrayNode relations = node.putArray("relations");
    hit.fact().relations().forEach(relations::add);
    node.put("sql", hit.text());
    node.put("decision", hit.fact().decision().json());
    ArrayNode rules = node.putArray("rules");
    hit.fact().rules().forEach(rules::add);
    if (hit.fact().rows().isPresent()) {
      node.put("rows", hit.fact().rows().getAsLong());
    } else {
      node.putNull("rows");
    }
    node.put("tag", hit.fact().tag());
    node.put("sqlState", hit.fact().sqlState());
    if (hit.fact().durationMicros().isPresent()) {
      node.put("durationMicros", hit.fact().durationMicros().getAsLong());
    } else {
      node.putNull("durationMicros");
    }
    node.put("citation", hit.ref().citation());
    return node;
  }

  private static ObjectNode node(SearchAnswer answer) {
    ObjectNode node = JSON.createObjectNode();
    node.put("readsAs", answer.readsAs());
    node.put("answer", answer.answer());
    node.put("who", answer.who());
    node.put("completeness", answer.completeness());
    node.put("statements", answer.statements());
    node.put("ran", answer.ran());
    node.put("rows", answer.rows());
    ObjectNode decisions = node.putObject("decisions");
    for (var kind : dev.nestor.evidence.archive.DecisionKind.values()) {
      decisions.put(kind.json(), answer.decisions().of(kind));
    }
    node.put("searched", answer.searched());
    node.put("unparsed", answer.unparsed());
    node.put("complete", answer.complete());
    return node;
  }
}
