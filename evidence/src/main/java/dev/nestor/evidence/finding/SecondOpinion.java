package dev.nestor.evidence.finding;

import dev.nestor.evidence.archive.StatementDetail;
import dev.nestor.evidence.archive.StatementDetail.StatementFinding;
import dev.nestor.postgres.sql.SqlLexer;
import dev.nestor.postgres.sql.SqlToken;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import net.sf.jsqlparser.JSQLParserException;
import net.sf.jsqlparser.parser.CCJSqlParserUtil;
import net.sf.jsqlparser.statement.Statement;
import net.sf.jsqlparser.util.TablesNamesFinder;

/// What another parser, JSqlParser, makes of a statement. It decides nothing: where it misses a
/// relation or a token that PostgreSQL's grammar sees, somebody may have counted on such a
/// difference, and the statement carries a finding.
public final class SecondOpinion {
  /// Name of the finding.
  public static final String PARSERS_DISAGREE = "parsers disagree";

  private static final int CHARACTERS_MAX = 20_000;
  private static final int TIMEOUT_MILLIS = 500;
  private static final int NAMED_MAX = 5;
  private static final Set<String> OUTLINED =
      Set.of("select", "insert", "update", "delete", "merge");

  private SecondOpinion() {}

  /// Findings about a statement; none where the facts are not known or the text was not kept, since
  /// then there is nothing to compare with.
  public static List<StatementFinding> of(StatementDetail detail) {
    if (!detail.sqlKept()
        || detail.sql().length() > CHARACTERS_MAX
        || !detail.decision().factsStatus().equals("ok")
        || !OUTLINED.contains(detail.decision().verb().toLowerCase(Locale.ROOT))) {
      return List.of();
    }
    Set<String> relations = new LinkedHashSet<>();
    detail.decision().reads().forEach(name -> relations.add(last(name)));
    detail.decision().writes().forEach(name -> relations.add(last(name)));
    return compare(detail.sql(), relations);
  }

  /// Compares JSqlParser's reading of a text with the relations that PostgreSQL's grammar sees.
  ///
  /// @param relations their names without schema, lower case
  static List<StatementFinding> compare(String sql, Set<String> relations) {
    Statement parsed;
    try {
      parsed = CCJSqlParserUtil.parse(sql, parser -> parser.withTimeOut(TIMEOUT_MILLIS));
    } catch (JSQLParserException | RuntimeException | StackOverflowError e) {
      return List.of(finding("only PostgreSQL's grammar can read it; there is no outline"));
    }
    if (parsed == null) {
      return List.of(finding("only PostgreSQL's grammar sees a statement here"));
    }
    List<StatementFinding> findings = new ArrayList<>();
    List<String> missed = missedRelations(parsed, relations);
    if (!missed.isEmpty()) {
      findings.add(finding("the other parser misses the relation " + named(missed)));
    }
    List<String> tokens = missedTokens(sql, parsed.toString());
    if (!tokens.isEmpty()) {
      findings.add(finding("the other parser drops " + named(tokens)));
    }
    return findings;
  }

  private static StatementFinding finding(String text) {
    return new StatementFinding(PARSERS_DISAGREE, text);
  }

  private static List<String> missedRelations(Statement parsed, Set<String> relations) {
    Set<String> seen = new LinkedHashSet<>();
    try {
      new TablesNamesFinder<Void>()
          .getTables(parsed)
          .forEach(name -> seen.add(last(name.replace("\"", ""))));
    } catch (RuntimeException e) {
      return List.of(); // of a kind whose tables it does not name
    }
    return relations.stream().filter(name -> !seen.contains(name)).toList();
  }

  private static String last(String qualified) {
    return qualified.substring(qualified.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
  }

  /// Names, constants and parameters that stand in the text more often than in what the parser made
  /// of it. Keywords and signs may be written differently.
  private static List<String> missedTokens(String sql, String understood) {
    Map<String, Integer> counts = new HashMap<>();
    tokens(understood).forEach(token -> counts.merge(token, 1, Integer::sum));
    List<String> missed = new ArrayList<>();
    for (String token : tokens(sql)) {
      if (counts.merge(token, -1, Integer::sum) < 0) {
        missed.add(token);
      }
    }
    return missed;
  }

  private static List<String> tokens(String sql) {
    List<String> tokens = new ArrayList<>();
    for (SqlToken token : SqlLexer.lex(sql).tokens()) {
      switch (token.kind()) {
        case IDENTIFIER, QUOTED_IDENTIFIER, NUMBER, PARAMETER ->
            tokens.add(token.text(sql).toLowerCase(Locale.ROOT).replace("\"", ""));
        case STRING -> tokens.add(token.text(sql));
        case KEYWORD, BIT_STRING, OPERATOR, PUNCTUATION, COMMENT, UNREADABLE -> {}
      }
    }
    return tokens;
  }

  private static String named(List<String> names) {
    String text = String.join(", ", names.subList(0, Math.min(NAMED_MAX, names.size())));
    return names.size() > NAMED_MAX ? text + " and " + (names.size() - NAMED_MAX) + " more" : text;
  }
}
