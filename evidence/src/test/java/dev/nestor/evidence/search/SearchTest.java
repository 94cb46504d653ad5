package dev.nestor.evidence.search;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nestor.evidence.archive.DecisionKind;
import dev.nestor.evidence.archive.EvidenceArchive;
import dev.nestor.evidence.archive.EvidenceArchives;
import dev.nestor.evidence.archive.StatementFact;
import dev.nestor.evidence.testing.AgentsStory;
import dev.nestor.evidence.testing.RecordedStory;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SearchTest {
  private static final List<LocalDate> DAY = List.of(LocalDate.of(2026, 1, 1));
  @TempDir static Path folder;
  private static List<EvidenceArchive> archives;

  @BeforeAll
  static void write() throws Exception {
    archives =
        List.of(
            EvidenceArchives.open(AgentsStory.write(folder, "agents", 80).file()),
            EvidenceArchives.open(RecordedStory.write(folder, "story", 81).file()));
  }

  @AfterAll
  static void close() throws Exception {
    for (EvidenceArchive each : archives) {
      each.close();
    }
  }

  private static SearchAnswer ask(String text) throws Exception {
    ParsedQuery parsed = QueryParser.parse(text, ZoneOffset.UTC, DAY);
    assertThat(parsed).as(text).isInstanceOf(ParsedQuery.Ok.class);
    return Search.ask((ParsedQuery.Ok) parsed, archives, () -> true);
  }

  private static ParsedQuery.Wrong wrong(String text) {
    ParsedQuery parsed = QueryParser.parse(text, ZoneOffset.UTC, DAY);
    assertThat(parsed).as(text).isInstanceOf(ParsedQuery.Wrong.class);
    return (ParsedQuery.Wrong) parsed;
  }

  /// An independent count: a plain loop over the flat statements.
  private static long count(java.util.function.Predicate<StatementFact> wanted) throws Exception {
    long[] count = {0};
    for (EvidenceArchive each : archives) {
      each.statements(fact -> {
        count[0] += wanted.test(fact) ? 1 : 0;
        return true;
      });
    }
    return count[0];
  }

  @Test
  void theAnswerIsASentence() throws Exception {
    SearchAnswer answer = ask("verb:delete table:carts time:00:00..03:00");

    assertThat(answer.answer()).isEqualTo("1 statement. 1 ran (78 rows deleted).");
    assertThat(answer.who())
        .isEqualTo(
            "All by migration-helper, through release-agent, on behalf of maria.lopez@acme.");
    assertThat(answer.readsAs())
        .isEqualTo(
            "verb DELETE · table carts · 2026-01-01 00:00:00 UTC ≤ time < 2026-01-01 03:00:00 UTC");
  }

  @Test
  void countsAreThoseOfAPlainLoop() throws Exception {
    assertThat(ask("").statements()).isEqualTo(count(_ -> true));
    assertThat(ask("decision:blocked,killed").statements())
        .isEqualTo(
            count(f -> f.decision() == DecisionKind.BLOCK || f.decision() == DecisionKind.KILL));
    assertThat(ask("table:public.customers").statements())
        .isEqualTo(count(f -> f.relations().contains("public.customers")));
    assertThat(ask("rows>1000").statements()).isEqualTo(count(f -> f.rows().orElse(0) > 1_000));
    assertThat(ask("-verb:select").statements()).isEqualTo(count(f -> !f.verb().equals("select")));
    assertThat(ask("is:exception OR rows>=900").statements())
        .isEqualTo(count(f -> f.decision().isException() || f.rows().orElse(0) >= 900));
    assertThat(ask("sqlstate:42501").statements())
        .isEqualTo(count(f -> f.sqlState().equals("42501")));
  }

  @Test
  void namesAreFoundByTheirLastPartAndByWildcards() throws Exception {
    assertThat(ask("table:customers").statements())
        .isEqualTo(ask("table:public.customers").statements())
        .isPositive();
    assertThat(ask("subject:ana* actor:csv*").statements()).isEqualTo(2);
    assertThat(ask("actor[0]:csv-export").statements()).isEqualTo(2);
    assertThat(ask("via:release-agent>migration-helper").statements()).isPositive();
    assertThat(ask("via:migration-helper>release-agent").statements()).isZero();
  }

  @Test // constants are replaced in templates; the text that the client sent has them
  void textFindsConstantsToo() throws Exception {
    assertThat(ask("\"id = 17\"").statements()).isEqualTo(1);
    assertThat(ask("text:migr_admin").statements()).isEqualTo(1);
  }

  @Test
  void timeIsHalfOpen() throws Exception {
    java.time.Instant at = ask("cred:c-77d0").hits().getFirst().fact().at();

    assertThat(ask("cred:c-77d0 time>=" + at).statements()).isEqualTo(1);
    assertThat(ask("cred:c-77d0 time:2026-01-01T00:00Z.." + at).statements()).isZero();
  }

  @Test // A14
  void errorsHavePositionsAndFixes() {
    ParsedQuery.Wrong field = wrong("verb:delete tabel:customers");
    assertThat(field.position()).isEqualTo(12);
    assertThat(field.message()).isEqualTo("Unknown field `tabel`. Did you mean `table`?");
    assertThat(field.fixes()).containsExactly("verb:delete table:customers");

    assertThat(wrong("actor!=x").fixes()).containsExactly("-actor:x", "-actor[0]:x");
    assertThat(wrong("rows>many").position()).isEqualTo(5);
    assertThat(wrong("(verb:select").position()).isZero();
    assertThat(wrong("verb:select)").position()).isEqualTo(11);
    assertThat(wrong("text:\"open").message()).isEqualTo("This quote is not closed.");
    assertThat(wrong("decision:denied").message()).contains("allowed, masked, held");
    assertThat(wrong("time:yesterday").message()).startsWith("A time is");
  }

  @Test
  void everyFixIsUnderstood() {
    for (String text : List.of("tabel:x", "actor!=x", "verb>x", "sort:verb", "text:\"open")) {
      for (String fix : wrong(text).fixes()) {
        assertThat(QueryParser.parse(fix, ZoneOffset.UTC, DAY))
            .as(fix)
            .isInstanceOf(ParsedQuery.Ok.class);
      }
    }
  }

  @Test // whatever is typed is either understood or has a place
  void noTypingThrowsSeed6() {
    Random random = new Random(6);
    List<String> pieces =
        List.of(
            "verb", ":", "delete", " ", "(", ")", "-", "OR", "NOT", "\"", ",", "..", "time",
            "02:00", "actor", "[0]", "!=", ">", "rows", "5s", "sort", "*", "\u202e", "is", "via",
            "AND");
    for (int i = 0; i < 50_000; i++) {
      StringBuilder text = new StringBuilder();
      for (int j = random.nextInt(10); j > 0; j--) {
        text.append(pieces.get(random.nextInt(pieces.size())));
      }
      if (QueryParser.parse(text.toString(), ZoneOffset.UTC, DAY)
          instanceof ParsedQuery.Wrong(int position, int length, String message, var _)) {
        assertThat(position).as(text.toString()).isBetween(0, text.length());
        assertThat(length).isPositive();
        assertThat(message).isNotBlank();
      }
    }
  }

  @Test
  void aPatternOfManyStarsEnds() {
    assertThat(Matches.like("*a".repeat(200) + "b", "a".repeat(5_000))).isFalse();
  }

  @Test
  void sortingIsByWhatWasAskedFor() throws Exception {
    List<Long> rows = new ArrayList<>();
    ask("rows>0 sort:rows-").hits().forEach(hit -> rows.add(hit.fact().rows().orElse(0)));

    assertThat(rows).isSortedAccordingTo(java.util.Comparator.reverseOrder());
  }

  @Test
  void completenessIsAlwaysSaid() throws Exception {
    assertThat(ask("verb:nothing").answer()).isEqualTo("No statement matches.");
    assertThat(ask("verb:nothing").completeness())
        .startsWith("Searched 62 statements in 2 archives.");
  }

  @Test
  void hitsAreReadAgainWhereTheirAddressesSay() throws Exception {
    for (String query : List.of("rows>0 sort:rows-", "rows>=0", "rows>=0 sort:session-")) {
      SearchHits hits = ask(query).hits();
      assertThat(hits).as(query).isNotEmpty();
      assertThat(hits.citations(1_000))
          .isEqualTo(hits.stream().map(hit -> hit.ref().citation()).toList());
      assertThat(hits.citations(1)).hasSize(1);
    }
  }
}
