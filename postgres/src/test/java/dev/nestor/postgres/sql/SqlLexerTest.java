package dev.nestor.postgres.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SqlLexerTest {
  private static List<String> kinds(String sql) {
    List<String> kinds = new ArrayList<>();
    for (SqlToken token : SqlLexer.lex(sql).tokens()) {
      kinds.add(token.kind() + " " + token.text(sql));
    }
    return kinds;
  }

  /// Texts that a lexer other than PostgreSQL's reads otherwise.
  private static final List<String> TEXTS =
      List.of(
          "select $a$'$a$, ssn from secret --'",
          "select e'\\'' , ssn from secret --'",
          "select 'a\\', ssn from secret --'",
          "select 'a' --c\n 'b', ssn from secret",
          "select U&\"s\\0065cret\", U&'d!0061' uescape '!'",
          "select 1 /* /* nested */ */ from t -- end",
          "select a<-1, a @-1, b*-1, a->>'x', a #>> '{}', 1_000, 0x1F, 1.5e-3, .5, 1..2",
          "select x'41', b'1', n'z', $1, a::text, f(a := 1, b => 2)",
          "select 'ä€😀' as \"ö\", name, value from t where name <> 'ü'",
          "select not between, nulls first",
          "");

  @Test
  void nothingButBlanksStandsBetweenTokens() {
    for (String sql : TEXTS) {
      int end = 0;
      for (SqlToken token : SqlLexer.lex(sql).tokens()) {
        assertThat(sql.substring(end, token.start())).as(sql).isBlank();
        end = token.end();
      }
      assertThat(sql.substring(end)).as(sql).isBlank();
    }
  }

  @Test
  void stringsEndWherePostgresqlEndsThem() {
    assertThat(kinds("select $a$'$a$, ssn --'"))
        .containsExactly(
            "KEYWORD select", "STRING $a$'$a$", "PUNCTUATION ,", "IDENTIFIER ssn", "COMMENT --'");
    assertThat(kinds("select 'a' --c\n 'b'"))
        .containsExactly("KEYWORD select", "STRING 'a' --c\n 'b'");
  }

  @Test
  void aBackslashIsWhatTheSettingSays() {
    String sql = "select 'a\\', ssn from t --'";

    assertThat(SqlLexer.lex(sql, true).tokens()).hasSize(7);
    assertThat(SqlLexer.lex(sql, false).tokens()).hasSize(2);
  }

  @Test
  void wordsThatTheGrammarTakesAsNamesAreIdentifiers() {
    assertThat(kinds("select name, value from t"))
        .contains("IDENTIFIER name", "IDENTIFIER value", "KEYWORD from");
  }

  @Test
  void positionsAreCharacters() {
    String sql = "select 'ä😀', \"ö\"";

    assertThat(kinds(sql))
        .containsExactly(
            "KEYWORD select", "STRING 'ä😀'", "PUNCTUATION ,", "QUOTED_IDENTIFIER \"ö\"");
  }

  @Test
  void whatCannotBeReadIsOneTokenToTheEnd() {
    LexedSql lexed = SqlLexer.lex("select a, 'b");

    assertThat(lexed.tokens().getLast()).isEqualTo(new SqlToken(SqlTokenKind.UNREADABLE, 10, 12));
    assertThat(lexed.problem()).isPresent();
  }

  @Test // a reader must be able to trust what the screen shows
  void formattingLosesAndChangesNoToken() {
    List<String> texts = new ArrayList<>(TEXTS);
    texts.addAll(FactsTest.statements());
    texts.add(String.join(";\n", FactsTest.statements()));
    for (String sql : texts) {
      assertThat(kinds(SqlFormatter.format(sql))).as(sql).isEqualTo(kinds(sql));
    }
  }

  @Test
  void formattingPutsClausesOnLines() {
    assertThat(
            SqlFormatter.format(
                "select c.id, count(*) from customers c left join orders o on o.c = c.id where"
                    + " c.tier='gold' and c.id between 1 and 5 group by c.id; commit"))
        .isEqualTo(
            """
            select c.id, count(*)
            from customers c
              left join orders o on o.c = c.id
            where c.tier='gold'
              and c.id between 1 and 5
            group by c.id;
            commit\
            """);
  }

  @Test
  void templatesForgetConstantsCommentsAndBlanks() {
    SqlTemplate one = SqlTemplate.of("SELECT  id from T where a = 'x' and b=5 -- hi", true);
    SqlTemplate other = SqlTemplate.of("select id\nfrom t /* x */ where a = $1 and b = 6.5", true);

    assertThat(one).isEqualTo(other);
    assertThat(one.text()).isEqualTo("select id from t where a = $ and b = $");
  }

  @Test
  void templatesOfUnreadableTextsKeepNothingOfWhatIsUnreadable() {
    assertThat(SqlTemplate.of("select 'secret", true).text()).isEqualTo("select …");
  }

  @Test
  void theFingerprintIsTheStartOfTheHash() {
    // printf 'select $' | sha256sum
    assertThat(Long.toHexString(SqlTemplate.of("select 1", true).fingerprint()))
        .isEqualTo("f49509a41e0d5281");
  }
}
