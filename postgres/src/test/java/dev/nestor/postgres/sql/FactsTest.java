package dev.nestor.postgres.sql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nestor.postgres.catalog.CatalogSnapshot;
import dev.nestor.postgres.catalog.Column;
import dev.nestor.postgres.catalog.Function;
import dev.nestor.postgres.catalog.Relation;
import dev.nestor.postgres.catalog.RelationKind;
import dev.nestor.postgres.catalog.RelationName;
import dev.nestor.postgres.sql.SessionNames.Certainty;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/// What the analyzer finds in statements. `facts.txt` pairs statements with facts, in the form that
/// [#render] gives them; whoever changes a line there has read the statement.
class FactsTest {
  static final CatalogSnapshot CATALOG =
      CatalogSnapshot.builder()
          .table("public", "customers", "id", "name", "email", "ssn")
          .table("public", "orders", "id", "customer_id", "total")
          .table("public", "carts", "id", "status")
          .table("app", "settings", "key", "value")
          .table("evil", "carts", "id", "status")
          .view(
              "public",
              "contacts",
              "SELECT customers.id, customers.email AS address, upper(customers.ssn) AS number"
                  + " FROM public.customers WHERE customers.name IS NOT NULL",
              "id",
              "address",
              "number")
          .view("public", "contacts2", "SELECT contacts.address FROM public.contacts", "address")
          .table("public", "events", "id", "body")
          .relation(
              new Relation(
                  new RelationName("public", "events_2026"),
                  30001,
                  RelationKind.TABLE,
                  List.of(new Column(1, "body", 25), new Column(2, "id", 25)),
                  Optional.empty(),
                  List.of(new RelationName("public", "events")),
                  false))
          .function(new Function("public", "mine", 40001, "plpgsql", 'v', true, "owner", List.of()))
          .build();

  private static final SqlAnalyzer ANALYZER = new SqlAnalyzer();

  private static List<Facts> facts(String sql) {
    return ANALYZER.analyze(sql, SqlSettings.DEFAULT, CATALOG, SessionNames.of("app_rw"));
  }

  private record Example(String sql, String expected) {}

  private static List<Example> examples() {
    List<Example> examples = new ArrayList<>();
    try (InputStream in = FactsTest.class.getResourceAsStream("facts.txt")) {
      if (in == null) {
        throw new AssertionError("facts.txt is missing");
      }
      List<String> lines =
          new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8)).lines().toList();
      for (int i = 0; i + 1 < lines.size(); i++) {
        if (lines.get(i).startsWith("> ")) {
          examples.add(new Example(lines.get(i).substring(2), lines.get(i + 1).strip()));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return examples;
  }

  /// The statements of all examples, for other tests.
  static List<String> statements() {
    return examples().stream().map(Example::sql).toList();
  }

  /// `status verbs | reads … writes … | column: uses … | calls … | flags … | settings …`
  static String render(Facts facts) {
    StringBuilder text = new StringBuilder(facts.status().word());
    facts.verbs().forEach(verb -> text.append(' ').append(verb));
    for (RelationUse use : facts.relations()) {
      text.append(use.writes() ? " | writes " : " | reads ").append(shortName(use.relation()));
      use.via().ifPresent(via -> text.append(" by ").append(shortName(via)));
    }
    for (ColumnUse use : facts.columns()) {
      List<String> words =
          use.uses().stream().filter(each -> each != Use.READ).map(Use::word).toList();
      text.append(" | ").append(shortName(use.relation())).append('.').append(use.column());
      use.via().ifPresent(via -> text.append(" by ").append(shortName(via)));
      text.append(words.isEmpty() ? "" : ": " + String.join(" ", words));
    }
    facts.functions().stream()
        .filter(function -> !function.harmless())
        .forEach(function -> text.append(" | calls ").append(function));
    new TreeSet<>(facts.flags()).forEach(flag -> text.append(" | ").append(flag));
    new TreeSet<>(facts.settings()).forEach(setting -> text.append(" | setting ").append(setting));
    return text.toString();
  }

  private static String shortName(RelationName name) {
    return name.schema().equals("public") ? name.name() : name.toString();
  }

  @Test
  void everyExampleHasTheFactsThatItsLineSays() {
    List<Example> examples = examples();

    assertThat(examples).hasSizeGreaterThan(60);
    for (Example example : examples) {
      String found =
          String.join(" ;; ", facts(example.sql()).stream().map(FactsTest::render).toList());
      assertThat(found).as(example.sql()).isEqualTo(example.expected());
    }
  }

  @Test
  void statementsOfOneTextAreSplitWithTheirPlaces() {
    String sql = "select 1; ; select 'a;b' /* ; */ ;update carts set status = 'x'";

    List<Facts> all = facts(sql);

    assertThat(all)
        .extracting(each -> sql.substring(each.start(), each.end()))
        .containsExactly("select 1", "select 'a;b'", "update carts set status = 'x'");
  }

  @Test
  void aSyntaxErrorHasALineAndAColumnInCharacters() {
    SqlProblem problem =
        facts("select 'äöü',\n  from from carts").getFirst().problem().orElseThrow();

    assertThat(problem.line()).isEqualTo(2);
    assertThat(problem.column()).isEqualTo(3);
    assertThat(problem.message()).isEqualTo("syntax error");
  }

  @Test
  void aSearchPathDecidesWhichRelationANameMeans() {
    SessionNames names = SessionNames.of("app_rw", "evil, \"$user\", public");

    Facts facts =
        ANALYZER.analyze("select id from carts", SqlSettings.DEFAULT, CATALOG, names).getFirst();

    assertThat(facts.relations())
        .extracting(use -> use.relation().toString())
        .containsExactly("evil.carts");
  }

  @Test
  void namesWithoutASchemaAreUnresolvedWhileTheSearchPathIsNotKnown() {
    SessionNames names = SessionNames.of("app_rw").withTemporary(List.of(), Certainty.HIDDEN);

    assertThat(status("select id from carts", names)).isEqualTo(FactsStatus.UNRESOLVED);
    assertThat(status("select now()", names)).isEqualTo(FactsStatus.UNRESOLVED);
    assertThat(status("select id from public.carts", names)).isEqualTo(FactsStatus.OK);
  }

  private static FactsStatus status(String sql, SessionNames names) {
    return ANALYZER.analyze(sql, SqlSettings.DEFAULT, CATALOG, names).getFirst().status();
  }

  @Test
  void aTemporaryTableHidesAnotherOfItsName() {
    Relation temporary =
        Relation.table(
            new RelationName("pg_temp", "carts"), 50001, List.of(new Column(1, "secret", 25)));
    SessionNames names =
        SessionNames.of("app_rw", "public").withTemporary(List.of(temporary), Certainty.CERTAIN);

    Facts facts =
        ANALYZER
            .analyze("select secret from carts", SqlSettings.DEFAULT, CATALOG, names)
            .getFirst();

    assertThat(render(facts))
        .isEqualTo("ok select | reads pg_temp.carts | pg_temp.carts.secret: output");
  }

  @Test
  void executeAndFetchHaveTheFactsOfWhatTheyName() {
    Facts prepared = facts("select ssn from customers").getFirst();
    SessionNames names =
        SessionNames.of("app_rw", "public").withNamed(Map.of("p", prepared), Map.of("c", prepared));

    for (String sql : List.of("execute p(1)", "fetch all from c")) {
      Facts facts = ANALYZER.analyze(sql, SqlSettings.DEFAULT, CATALOG, names).getFirst();
      assertThat(facts.status()).as(sql).isEqualTo(FactsStatus.OK);
      assertThat(facts.columns()).as(sql).extracting(ColumnUse::column).containsExactly("ssn");
    }
  }

  @Test
  void statementsAndCursorsThatTheSameTextNamesAreKnownBehindIt() {
    List<Facts> facts =
        facts("prepare p as select ssn from customers; execute p; declare c cursor for table p0");

    assertThat(render(facts.get(1)))
        .isEqualTo("ok execute select | reads customers | customers.ssn: output");
  }

  @Test
  void nothingIsResolvedInATransactionThatHasChangedDefinitions() {
    SessionNames names = SessionNames.of("app_rw").withTemporary(List.of(), Certainty.UNCOMMITTED);

    assertThat(status("select id from public.carts", names)).isEqualTo(FactsStatus.UNRESOLVED);
    assertThat(status("commit", names)).isEqualTo(FactsStatus.OK);
  }

  @Test
  void whatIsCreatedAsTemporaryIsInTheSchemaOfTemporaryThings() {
    for (String sql :
        List.of(
            "create temp table t (a int)",
            "create local temporary table t (a int)",
            "create table pg_temp.t (a int)",
            "create temp table t as select 1 as a",
            "create table pg_temp.t as select 1 as a",
            "select 1 as a into temp t",
            "create temp view t as select 1 as a",
            "create temp sequence t")) {
      Facts facts = facts(sql).getFirst();
      assertThat(facts.flags()).as(sql).contains(Flag.TEMPORARY);
      assertThat(facts.relations())
          .as(sql)
          .extracting(use -> use.relation().toString())
          .contains("pg_temp.t");
    }
    for (String sql : List.of("create table t (a int)", "create unlogged table t (a int)")) {
      assertThat(facts(sql).getFirst().flags()).as(sql).doesNotContain(Flag.TEMPORARY);
    }
  }

  @Test // each of these exhausts a parser that recurses
  void deepTextsAreRefusedOrRead() {
    for (String sql :
        List.of(
            "select " + "(".repeat(100_000) + "1" + ")".repeat(100_000),
            "select " + "(".repeat(100_000),
            "select " + "f(".repeat(50_000),
            "select * from " + "(select * from ".repeat(20_000),
            "select " + "case when a then ".repeat(20_000),
            "/*".repeat(10_000) + "*/".repeat(10_000) + "select 1")) {
      assertThat(facts(sql).getFirst().status())
          .as(sql.substring(0, 20))
          .isEqualTo(FactsStatus.TOO_DEEP);
    }
    for (String sql :
        List.of(
            "select 1" + " + 1".repeat(50_000),
            "select 1" + " + 1 - 1".repeat(50_000),
            "select 1 where 'a' = 'b'" + " and 'a' = 'b' or 'a' = 'c'".repeat(10_000),
            "select 1" + " union all select 1".repeat(20_000),
            "select 1" + " union all select 1 except select 2".repeat(10_000),
            "select 1 from carts" + " cross join carts".repeat(2_000),
            "insert into carts values (1, 2)" + ", (1, 2)".repeat(30_000),
            "select 1;".repeat(20_000))) {
      assertThat(facts(sql).getFirst().status()).as(sql.substring(0, 24)).isEqualTo(FactsStatus.OK);
    }
  }

  @Test
  void limitsOfSizeAreStatuses() {
    SqlSettings small = new SqlSettings(true, new SqlLimits(100, 20, 500, 32));

    assertThat(ANALYZER.analyze("select " + "x".repeat(100), small, CATALOG, SessionNames.of("a")))
        .extracting(Facts::status)
        .containsExactly(FactsStatus.TOO_LONG);
    assertThat(ANALYZER.analyze("select 1" + ",1".repeat(12), small, CATALOG, SessionNames.of("a")))
        .extracting(Facts::status)
        .containsExactly(FactsStatus.TOO_LONG);
  }

  @Test // whatever a client sends is a value, never an exception
  void everyCutAndEveryChangedByteOfAStatementHasFacts() {
    byte[] sql =
        ("with d as (delete from carts c using orders o where c.id = o.id returning c.*, U&\"\\0061\")"
                + " select $1, E'\\u0061', $a$b$a$, sum(x.total) over (order by 1) from orders x"
                + " natural join d as e(id) where x.id in (select id from contacts) -- äö")
            .getBytes(StandardCharsets.UTF_8);
    for (int cut = 0; cut <= sql.length; cut++) {
      byte[] head = java.util.Arrays.copyOf(sql, cut);
      assertThat(ANALYZER.analyze(head, SqlSettings.DEFAULT, CATALOG, SessionNames.of("a")))
          .as("cut %d", cut)
          .isNotEmpty();
    }
    for (int at = 0; at < sql.length; at++) {
      for (int value : new int[] {0, ' ', '\'', '"', '$', '(', ')', ';', '\\', '/', '*', 0xFF}) {
        byte[] changed = sql.clone();
        changed[at] = (byte) value;
        assertThat(ANALYZER.analyze(changed, SqlSettings.DEFAULT, CATALOG, SessionNames.of("a")))
            .as("byte %d = %d", at, value)
            .isNotEmpty();
      }
    }
  }
}
