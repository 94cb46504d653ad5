package dev.nestor.evidence.finding;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nestor.evidence.archive.StatementDetail.StatementFinding;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SecondOpinionTest {
  @Test
  void ordinaryStatementsAreReadAlike() {
    for (String sql :
        List.of(
            "select id, total from orders where id = $1 order by placed_at desc limit 10",
            "update carts set status = 'open' where id = 17",
            "insert into orders (id, total) values (1, 2.5)",
            "delete from carts where id in (select id from orders)")) {
      Set<String> relations =
          sql.contains("carts") && sql.contains("orders")
              ? Set.of("carts", "orders")
              : sql.contains("carts") ? Set.of("carts") : Set.of("orders");

      assertThat(SecondOpinion.compare(sql, relations)).as(sql).isEmpty();
    }
  }

  @Test // what follows is not seen by it, and PostgreSQL runs it
  void whatFollowsThreeBlankLinesIsMissed() {
    List<StatementFinding> findings =
        SecondOpinion.compare(
            "select id from orders\n\n\n\nunion select ssn from customers",
            Set.of("orders", "customers"));

    assertThat(findings).isNotEmpty();
    assertThat(findings).allMatch(f -> f.rule().equals(SecondOpinion.PARSERS_DISAGREE));
  }

  @Test
  void aRelationThatOnlyOneSeesIsAFinding() {
    assertThat(SecondOpinion.compare("select 1 from orders", Set.of("orders", "customers")))
        .extracting(StatementFinding::text)
        .containsExactly("the other parser misses the relation customers");
  }

  @Test
  void aTextThatItCannotReadIsAFindingAndNoError() {
    for (String sql : List.of("select from", "table orders where", "(".repeat(3_000), "")) {
      assertThat(SecondOpinion.compare(sql, Set.of())).as("%.20s", sql).hasSize(1);
    }
  }
}
