package dev.nestor.postgres.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CorpusTest {

  @Test // only the real server is an authority on its grammar
  void nothingThatTheServerAcceptsIsRejected() {
    assumeTrue(Corpus.folder().isPresent(), "needs -Dnestor.sql.corpus=FOLDER, see Corpus");
    Path folder = Corpus.folder().orElseThrow();
    Map<String, Boolean> verdicts = Corpus.verdicts(folder.resolve("pg18.oracle18.jsonl.gz"));
    List<String> falseRejects = new ArrayList<>();
    int accepted = 0;
    int parserOnly = 0;

    for (Corpus.Entry entry : Corpus.statements(folder.resolve("pg18.jsonl.gz"))) {
      boolean ours = parses(entry.sql());
      boolean theirs = verdicts.getOrDefault(entry.id(), false);
      if (theirs && !ours) {
        falseRejects.add(entry.sql());
      }
      accepted += ours ? 1 : 0;
      parserOnly += ours && !theirs ? 1 : 0;
    }
    for (Corpus.Entry entry : Corpus.statements(folder.resolve("realv.jsonl.gz"))) {
      if (!parses(entry.sql())) {
        falseRejects.add(entry.sql());
      }
    }

    System.out.println("accepted " + accepted + ", of which the server rejects " + parserOnly);
    assertThat(falseRejects).isEmpty();
  }

  @Test // what a client sends must never be an exception
  void everyStatementHasFacts() {
    assumeTrue(Corpus.folder().isPresent(), "needs -Dnestor.sql.corpus=FOLDER, see Corpus");
    Path folder = Corpus.folder().orElseThrow();
    SqlAnalyzer analyzer = new SqlAnalyzer();

    for (String file : List.of("pg18.jsonl.gz", "realv.jsonl.gz")) {
      for (Corpus.Entry entry : Corpus.statements(folder.resolve(file))) {
        assertThat(
                analyzer.analyze(
                    entry.sql(), SqlSettings.DEFAULT, FactsTest.CATALOG, SessionNames.of("r")))
            .as(entry.sql())
            .isNotEmpty();
        assertThat(SqlFormatter.format(SqlFormatter.format(entry.sql())))
            .as(entry.sql())
            .isEqualTo(SqlFormatter.format(entry.sql()));
      }
    }
  }

  private static boolean parses(String sql) {
    byte[] bytes = sql.getBytes(StandardCharsets.UTF_8);
    try {
      Parser.parse(
          bytes,
          new SqlSettings(true, new SqlLimits(1 << 24, 1 << 20, 10_000, 100)),
          new ParseTree(bytes));
      return true;
    } catch (UnreadableSqlException e) {
      return false;
    }
  }
}
