package dev.nestor.benchmarks.sql;

import dev.nestor.policy.Judgement;
import dev.nestor.postgres.sql.Facts;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import net.sf.jsqlparser.parser.CCJSqlParserUtil;
import net.sf.jsqlparser.parser.ParseException;
import net.sf.jsqlparser.statement.Statement;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// Statements of pgbench: facts, facts and decision, and JSqlParser's parse alone.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 3, time = 2)
@Fork(1)
public class DecisionBenchmark {
  /// The statement.
  @Param({
    "SELECT abalance FROM pgbench_accounts WHERE aid = 4711;",
    "UPDATE pgbench_accounts SET abalance = abalance + -42 WHERE aid = 4711;",
    "INSERT INTO pgbench_history (tid, bid, aid, delta, mtime) VALUES (1, 1, 4711, -42, CURRENT_TIMESTAMP);"
  })
  public String sql = "";

  private final Decider decider = new Decider();

  /// Parse and facts.
  @Benchmark
  public List<Facts> nestorFacts() {
    return decider.facts(sql.getBytes(StandardCharsets.UTF_8));
  }

  /// Parse, facts and decision.
  @Benchmark
  public Judgement nestorDecision() {
    return decider.decide(sql.getBytes(StandardCharsets.UTF_8));
  }

  /// JSqlParser's fastest call, parse alone.
  ///
  /// @throws ParseException never, for these
  @Benchmark
  public Statement jsqlparserParse() throws ParseException {
    return CCJSqlParserUtil.newParser(sql).withAllowComplexParsing(false).Statement();
  }

  static boolean readable(String text) {
    try {
      return CCJSqlParserUtil.newParser(text).withAllowComplexParsing(false).Statement() != null;
    } catch (ParseException | RuntimeException | Error e) {
      return false;
    }
  }
}
