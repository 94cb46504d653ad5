package dev.nestor.benchmarks.sql;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPInputStream;
import net.sf.jsqlparser.parser.CCJSqlParserUtil;
import net.sf.jsqlparser.parser.ParseException;

/// Parse, facts and decision of many statements, against JSqlParser's parse of the same, warm and
/// in turn; the answer is the geometric mean of the ratios of the medians. Statements that
/// JSqlParser cannot read are counted and left out.
public final class CorpusComparison {
  private static final int WARM_UP_ROUNDS = 30;
  private static final int ROUNDS = 15;
  private static final long SLICE_NANOS = 200_000;

  private long sink;

  private CorpusComparison() {}

  /// Compares.
  ///
  /// @param args a file of JSON lines with a field `sql`, gzip by its name; without one the
  ///   statements that come with this program
  public static void main(String[] args) throws IOException, ParseException {
    List<String> statements = args.length > 0 ? corpus(Path.of(args[0])) : own();
    List<String> readable = statements.stream().filter(DecisionBenchmark::readable).toList();
    new CorpusComparison().compare(readable, statements.size() - readable.size());
  }

  private static List<String> corpus(Path file) throws IOException {
    List<String> statements = new ArrayList<>();
    ObjectMapper json = new ObjectMapper();
    try (InputStream raw = Files.newInputStream(file);
        BufferedReader lines =
            new BufferedReader(
                new InputStreamReader(
                    file.toString().endsWith(".gz") ? new GZIPInputStream(raw) : raw,
                    StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        JsonNode sql = json.readTree(line).path("sql");
        if (sql.isTextual()) {
          statements.add(sql.asText());
        }
      }
    }
    return statements;
  }

  private static List<String> own() throws IOException {
    try (InputStream in = CorpusComparison.class.getResourceAsStream("statements.sql")) {
      if (in == null) {
        throw new IllegalStateException("statements.sql is missing from the class path");
      }
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return Arrays.stream(text.split("\n\n"))
          .map(String::strip)
          .filter(s -> !s.isEmpty())
          .toList();
    }
  }

  private void compare(List<String> statements, int unreadable) throws ParseException {
    Decider decider = new Decider();
    List<byte[]> texts =
        statements.stream().map(sql -> sql.getBytes(StandardCharsets.UTF_8)).toList();
    for (int round = 0; round < WARM_UP_ROUNDS; round++) {
      for (int i = 0; i < statements.size(); i++) {
        nestor(decider, texts.get(i));
        parse(statements.get(i));
      }
    }
    double logs = 0;
    double[] ours = new double[statements.size()];
    double[] theirs = new double[statements.size()];
    for (int i = 0; i < statements.size(); i++) {
      double[] mine = new double[ROUNDS];
      double[] peer = new double[ROUNDS];
      for (int round = 0; round < ROUNDS; round++) {
        mine[round] = timeNestor(decider, texts.get(i));
        peer[round] = timeParse(statements.get(i));
      }
      Arrays.sort(mine);
      Arrays.sort(peer);
      ours[i] = mine[ROUNDS / 2];
      theirs[i] = peer[ROUNDS / 2];
      logs += Math.log(theirs[i] / ours[i]);
    }
    Arrays.sort(ours);
    Arrays.sort(theirs);
    System.out.printf(
        "{\"statements\":%d,\"unreadableByJsqlparser\":%d,\"nestorMedianMicros\":%.2f,"
            + "\"jsqlparserMedianMicros\":%.2f,\"geometricMeanRatio\":%.2f,\"sink\":%d}%n",
        statements.size(),
        unreadable,
        ours[ours.length / 2] / 1000,
        theirs[theirs.length / 2] / 1000,
        Math.exp(logs / statements.size()),
        sink & 1);
  }

  private double timeNestor(Decider decider, byte[] sql) {
    long start = System.nanoTime();
    long now = start;
    int runs = 0;
    while (now - start < SLICE_NANOS) {
      nestor(decider, sql);
      runs++;
      now = System.nanoTime();
    }
    return (double) (now - start) / runs;
  }

  private double timeParse(String sql) throws ParseException {
    long start = System.nanoTime();
    long now = start;
    int runs = 0;
    while (now - start < SLICE_NANOS) {
      parse(sql);
      runs++;
      now = System.nanoTime();
    }
    return (double) (now - start) / runs;
  }

  private void nestor(Decider decider, byte[] sql) {
    sink += System.identityHashCode(decider.decide(sql));
  }

  private void parse(String sql) throws ParseException {
    sink +=
        System.identityHashCode(
            CCJSqlParserUtil.newParser(sql).withAllowComplexParsing(false).Statement());
  }
}
