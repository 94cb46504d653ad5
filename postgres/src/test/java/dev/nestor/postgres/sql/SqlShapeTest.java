package dev.nestor.postgres.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SqlShapeTest {
  private static final SqlAnalyzer ANALYZER = new SqlAnalyzer();

  private static Optional<SqlShape> shape(String sql) {
    return SqlShape.of(sql.getBytes(StandardCharsets.UTF_8), SqlSettings.DEFAULT);
  }

  private static SqlAnalyzer.Analysis analysis(String sql) {
    return ANALYZER.analysis(
        sql.getBytes(StandardCharsets.UTF_8),
        SqlSettings.DEFAULT,
        FactsTest.CATALOG,
        SessionNames.of("app_rw"));
  }

  @Test
  void textsThatDifferInConstantsBlanksAndCommentsHaveOneShape() {
    assertThat(shape("select id from carts where id = 1 and status = 'new'"))
        .isPresent()
        .isEqualTo(shape("select  id from carts /* x */ where id = 4711 and status = $$it's$$"));
    assertThat(shape("select 1")).isNotEqualTo(shape("select 1.5"));
    assertThat(shape("select 1")).isNotEqualTo(shape("select '1'"));
    assertThat(shape("select a b")).isNotEqualTo(shape("select ab"));
    assertThat(shape("select \"a b\"")).isNotEqualTo(shape("select a b"));
    assertThat(shape("select 'a' from carts")).isNotEqualTo(shape("select 'a' from customers"));
  }

  @Test
  void whatMustBeReadEveryTimeHasNone() {
    for (String sql :
        List.of(
            "select 1; select 2",
            "select 'never ends",
            "alter role a password 'x'",
            "select dblink('password=x', 'select 1')",
            "select dblink('postgres://a:b@c/d', 'select 1')")) {
      assertThat(shape(sql)).as(sql).isEmpty();
    }
    assertThat(shape("select 1;")).isPresent();
  }

  @Test // every statement that the suite of facts knows, with every constant exchanged
  void factsThatDependOnNoConstantAreThoseOfEveryTextOfTheShape() throws Exception {
    int compared = 0;
    String examples;
    try (InputStream in = FactsTest.class.getResourceAsStream("facts.txt")) {
      examples = new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
    }
    for (String line : examples.lines().filter(each -> each.startsWith("> ")).toList()) {
      String sql = line.substring(2);
      SqlAnalyzer.Analysis original = analysis(sql);
      String exchanged = exchanged(sql);
      if (shape(sql).isEmpty()
          || !original.independentOfConstants()
          || !shape(sql).equals(shape(exchanged))) {
        continue;
      }
      compared++;
      assertThat(withoutPlaces(analysis(exchanged).facts()))
          .as(exchanged)
          .isEqualTo(withoutPlaces(original.facts()));
    }
    assertThat(compared).isGreaterThan(50);
  }

  private static List<Facts> withoutPlaces(List<Facts> all) {
    return all.stream()
        .map(facts ->
            new Facts(
                0,
                0,
                facts.status(),
                Optional.empty(),
                facts.verbs(),
                facts.relations(),
                facts.columns(),
                facts.functions(),
                facts.flags(),
                facts.settings(),
                facts.names()))
        .toList();
  }

  private static String exchanged(String sql) {
    StringBuilder other = new StringBuilder();
    int at = 0;
    for (SqlToken token : SqlLexer.lex(sql).tokens()) {
      other.append(sql, at, token.start());
      String text = token.text(sql);
      other.append(
          switch (token.kind()) {
            case NUMBER -> text.matches("[0-9]+") ? "98765" : text + "9";
            case STRING -> text.startsWith("'") ? "'public.customers; something else'" : text;
            default -> text;
          });
      at = token.end();
    }
    return other.append(sql.substring(at)).toString();
  }
}
