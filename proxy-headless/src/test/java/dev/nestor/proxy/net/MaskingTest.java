package dev.nestor.proxy.net;

import static dev.nestor.proxy.net.Frontend.all;
import static dev.nestor.proxy.net.Frontend.bind;
import static dev.nestor.proxy.net.Frontend.close;
import static dev.nestor.proxy.net.Frontend.describe;
import static dev.nestor.proxy.net.Frontend.execute;
import static dev.nestor.proxy.net.Frontend.parse;
import static dev.nestor.proxy.net.Frontend.query;
import static dev.nestor.proxy.net.Frontend.run;
import static dev.nestor.proxy.net.Frontend.sync;
import static org.assertj.core.api.Assertions.assertThat;

import dev.nestor.testservers.DemoIssuer;
import dev.nestor.testservers.PostgresServer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a caller sees for whom values are masked, and that nothing else of them reaches it. The
/// policy grants everything to everybody, so that only masks stand between the caller and the
/// values.
class MaskingTest {
  private static final String POLICY =
      """
      policy: masking
      state: active
      default: block
      labels:
        mail: [public.person.email]
        ssn: [public.person.ssn, public.part.ssn, public.child.extra]
        born: [public.person.born]
      rules:
        - id: all
          what: { verb: any, status: any }
          then: allow
        - id: masked
          who: { kind: service }
          what: { reads: [mail, ssn, born] }
          then: mask
          mask: { mail: partial, ssn: keep-last-4, born: truncate-year }
      """;

  private static final String SSN = "919-45-6001";
  private static final String MASKED_SSN = "*******6001";
  private static final String MAILBOX = "ada.lovelace";
  private static final String MASKED_MAIL = "***@example.com";

  /// What must never be seen: values, and what would tell parts of them.
  private static final List<String> SECRETS = List.of(SSN, MAILBOX, "919", "1815-12-10");

  @TempDir static Path archive;
  private static PostgresServer server;
  private static PolicyGateway gateway;

  private RawClient client;

  @BeforeAll
  static void start() throws Exception {
    server = PostgresServer.start(PostgresServer.Access.TRUST);
    try (Connection direct =
            DriverManager.getConnection(server.jdbcUrl("postgres"), "postgres", "");
        Statement setUp = direct.createStatement()) {
      for (String sql :
          List.of(
              "create table person (id int primary key, name text, email text unique, ssn text"
                  + " check (ssn like '9%'), born date)",
              "insert into person values (1, 'Ada', '"
                  + MAILBOX
                  + "@example.com', '"
                  + SSN
                  + "', '1815-12-10'), (2, 'Nobody', null, null, null)",
              "create table child (extra text) inherits (person)",
              "insert into child values (3, 'Kid', '"
                  + MAILBOX
                  + "@example.com', '"
                  + SSN
                  + "', '1815-12-10', '"
                  + SSN
                  + "')",
              "create table part (id int, ssn text) partition by range (id)",
              "create table part_1 (ssn text, id int)",
              "alter table part attach partition part_1 for values from (0) to (10)",
              "insert into part values (1, '" + SSN + "')",
              "create view contact as select id, email as address, ssn from only person",
              "create view contact2 as select address as a2, id from contact",
              "create view shouting as select id, upper(ssn) as loud from person",
              "create view both_ways as select ssn from person union all select ssn from part",
              "create materialized view kept as select id, ssn from only person",
              "create table plain (id int, v text)",
              "insert into plain values (1, 'plain')",
              "create table quiet (id int primary key, ssn text)",
              "create function leak() returns text language sql as 'select ssn from person'",
              "create function leaks() returns setof person language sql as"
                  + " 'select * from only person'",
              "create procedure give(inout v text) language sql as 'select ssn from person'")) {
        setUp.execute(sql);
      }
    }
    gateway = new PolicyGateway(server, archive, POLICY);
  }

  @AfterAll
  static void stop() throws Exception {
    gateway.close();
    server.close();
  }

  @BeforeEach
  void connect() throws IOException {
    client = gateway.raw(PolicyGateway.SERVICE);
  }

  @AfterEach
  void leave() throws IOException {
    client.close();
  }

  // ---- what is seen

  private List<RawClient.Message> exchange(byte[] bytes) throws IOException {
    client.out.write(bytes);
    return client.until('Z', 1);
  }

  private static List<String> rows(List<RawClient.Message> messages) {
    List<String> rows = new ArrayList<>();
    for (RawClient.Message message : messages) {
      if (message.type() == 'D') {
        List<String> cells = new ArrayList<>();
        ByteBuffer body = ByteBuffer.wrap(message.body());
        for (int left = body.getShort(); left > 0; left--) {
          int length = body.getInt();
          byte[] cell = new byte[Math.max(0, length)];
          body.get(cell);
          cells.add(length < 0 ? "NULL" : new String(cell, StandardCharsets.UTF_8));
        }
        rows.add(String.join("|", cells));
      }
    }
    return rows;
  }

  private static String types(List<RawClient.Message> messages) {
    StringBuilder types = new StringBuilder();
    messages.forEach(message -> types.append(message.type()));
    return types.toString();
  }

  /// Runs a statement by both protocols, and finds the same rows by both.
  private List<String> seen(String sql) throws IOException {
    List<RawClient.Message> simple = exchange(query(sql));
    List<RawClient.Message> extended = exchange(all(run(sql), sync()));
    List<RawClient.Message> blind =
        exchange(all(parse("", sql), bind("", ""), execute("", 0), sync()));
    assertThat(rows(extended)).as(sql).isEqualTo(rows(simple));
    assertThat(rows(blind)).as(sql).isEqualTo(rows(simple));
    assertThat(types(blind)).as(sql).doesNotContain("T");
    return rows(simple);
  }

  @Test
  void valuesAreMaskedInBothProtocolsAndNullStaysNull() throws Exception {
    assertThat(seen("select id, name, email, ssn, born from only person order by id"))
        .containsExactly(
            "1|Ada|" + MASKED_MAIL + "|" + MASKED_SSN + "|1815-01-01", "2|Nobody|NULL|NULL|NULL");
  }

  @Test
  void masksFollowColumnsThroughWhateverKeepsThem() throws Exception {
    for (String sql :
        List.of(
            "select ssn from only person where id = 1",
            "select p.ssn as harmless from only person p where id = 1",
            "select x from (select ssn as x, id from only person) s where id = 1",
            "select x from (select y as x, i from (select ssn y, id i from only person) a) b"
                + " where i = 1",
            "with c as (select ssn, id from only person) select ssn from c where id = 1",
            "with c as materialized (select ssn, id from only person) select ssn from c"
                + " where id = 1",
            "select b from only person as e(a, n, m, b) where a = 1",
            "select (ssn) from only person where id = 1",
            "select ssn::text from only person where id = 1",
            "select l.ssn from plain d, lateral (select ssn from only person where id = d.id) l",
            "select p.ssn from plain join only person p on p.id = plain.id",
            "select ssn from contact where id = 1",
            "select ssn from kept where id = 1",
            "select ssn from part",
            "select ssn from part_1",
            "select ssn from child",
            "select extra from child",
            "update person set name = name where id = 1 returning ssn",
            "with u as (update person set name = name where id = 1 returning ssn) select * from u")) {
      List<String> rows = seen(sql);
      assertThat(rows).as(sql).containsOnly(MASKED_SSN);
    }
    assertThat(
            rows(
                exchange(
                    query(
                        "begin; insert into person values (9, 'x', null, '"
                            + SSN
                            + "') returning ssn; rollback"))))
        .containsExactly(MASKED_SSN);
    assertThat(seen("select a2 from contact2 where id = 1")).containsExactly(MASKED_MAIL);
    assertThat(seen("select * from only person where id = 1"))
        .containsExactly("1|Ada|" + MASKED_MAIL + "|" + MASKED_SSN + "|1815-01-01");
    assertThat(String.join(" ", seen("table only person"))).contains(MASKED_SSN, MASKED_MAIL);
    assertThat(seen("select ssn from person where id = 3")).containsExactly(MASKED_SSN);
  }

  @Test
  void othersSeeEverything() throws Exception {
    try (RawClient dba = gateway.raw(TestGateway.ALICE)) {
      dba.out.write(query("select ssn from only person where id = 1"));
      assertThat(rows(dba.until('Z', 1))).containsExactly(SSN);
      dba.out.write(query("copy (select ssn from person where id = 1) to stdout"));
      assertThat(text(dba.until('Z', 1))).contains(SSN);
    }
  }

  @Test
  void binaryResultsAreMaskedInBinary() throws Exception {
    byte[] binary =
        ByteBuffer.allocate(15)
            .put((byte) 'B')
            .putInt(14)
            .put(new byte[6]) // unnamed, no parameters
            .putShort((short) 1)
            .putShort((short) 1)
            .array();
    List<RawClient.Message> messages =
        exchange(
            all(
                parse("", "select id, ssn, born from only person where id = 1"),
                binary,
                execute("", 0),
                sync()));
    ByteBuffer row =
        ByteBuffer.wrap(
            messages.stream().filter(m -> m.type() == 'D').findFirst().orElseThrow().body());

    assertThat(row.getShort()).isEqualTo((short) 3);
    assertThat(row.getInt()).isEqualTo(4);
    assertThat(row.getInt()).isEqualTo(1);
    byte[] ssn = new byte[row.getInt()];
    row.get(ssn);
    assertThat(new String(ssn, StandardCharsets.UTF_8)).isEqualTo(MASKED_SSN);
    assertThat(row.getInt()).isEqualTo(4);
    assertThat(java.time.LocalDate.of(2000, 1, 1).plusDays(row.getInt()))
        .isEqualTo(java.time.LocalDate.of(1815, 1, 1));
  }

  // ---- portals, cursors, prepared statements

  @Test
  void aSuspendedPortalKeepsItsPlan() throws Exception {
    List<RawClient.Message> messages =
        exchange(
            all(
                parse("", "select ssn from only person order by id"),
                bind("", ""),
                execute("", 1),
                execute("", 1),
                execute("", 1),
                execute("", 0),
                sync()));

    assertThat(types(messages)).isEqualTo("12DsDsCCZ".replace("sCC", "sCC"));
    assertThat(rows(messages)).containsExactly(MASKED_SSN, "NULL");
  }

  @Test
  void aStatementThatWasDescribedEarlierIsDescribedAgain() throws Exception {
    List<RawClient.Message> messages =
        exchange(
            all(
                parse("s", "select ssn from only person where id = 1"),
                describe('S', "s"),
                bind("p", "s"),
                describe('P', "p"),
                bind("q", "s"),
                execute("q", 0),
                execute("p", 0),
                close('P', "p"),
                close('S', "s"),
                sync()));

    assertThat(types(messages)).isEqualTo("1tT2T2DCDC33Z");
    assertThat(rows(messages)).containsExactly(MASKED_SSN, MASKED_SSN);
  }

  @Test
  void cursorsAreMaskedWhicheverWayTheyAreReadAndHoweverOftenTheirNameIsUsed() throws Exception {
    exchange(query("begin"));
    exchange(query("declare c cursor for select ssn from only person where id = 1"));
    assertThat(rows(exchange(query("fetch all from c")))).containsExactly(MASKED_SSN);
    exchange(query("move absolute 0 from c"));
    assertThat(rows(exchange(all(execute("c", 0), sync())))).containsExactly(MASKED_SSN);
    exchange(query("close c"));
    exchange(query("declare c scroll cursor for select v, id from plain"));
    exchange(all(parse("f", "fetch all from c"), sync()));
    assertThat(rows(exchange(all(bind("", "f"), describe('P', ""), sync())))).isEmpty();
    exchange(query("close c"));
    exchange(query("declare c cursor for select email, ssn from only person where id = 1"));
    List<RawClient.Message> last = exchange(all(bind("", "f"), execute("", 0), sync()));
    assertThat(last.toString()).doesNotContain(SECRETS);
    exchange(query("rollback"));
  }

  @Test
  void aCursorThatOutlivesItsTransactionIsMaskedToo() throws Exception {
    exchange(query("begin"));
    exchange(query("declare h cursor with hold for select ssn from only person where id = 1"));
    exchange(query("commit"));
    assertThat(rows(exchange(query("fetch 1 from h")))).containsExactly(MASKED_SSN);
    exchange(query("close h"));
  }

  @Test
  void preparedStatementsAreMaskedByEitherNameAndAfterTheirMeaningChanged() throws Exception {
    exchange(query("prepare q as select ssn from only person where id = $1"));
    assertThat(rows(exchange(query("execute q(1)")))).containsExactly(MASKED_SSN);
    exchange(all(parse("w", "select v from plain"), sync()));
    assertThat(rows(exchange(query("execute w")))).containsExactly("plain");
    exchange(query("create temp table plain as select 1 as id, 'own'::text as v"));
    assertThat(rows(exchange(all(bind("", "w"), execute("", 0), sync())))).containsExactly("own");
    exchange(query("drop table pg_temp.plain"));
  }

  @Test
  void anErrorOfOurDescribeIsTheErrorOfTheExecute() throws Exception {
    exchange(all(parse("s", "select ssn from only person where id = 1"), sync()));
    exchange(query("begin"));
    exchange(all(bind("p", "s"), sync()));
    exchange(query("select 1/0"));
    List<RawClient.Message> failed = exchange(all(execute("p", 0), sync()));

    assertThat(types(failed)).isEqualTo("EZ");
    exchange(query("rollback"));
  }

  @Test
  void manyRowsAndManyStatementsInOneQueryAreMaskedEach() throws Exception {
    assertThat(
            rows(
                exchange(
                    query(
                        "select v from plain; select ssn from only person where id = 1;"
                            + " select id, email from only person where id = 1; select 7"))))
        .containsExactly("plain", MASKED_SSN, "1|" + MASKED_MAIL, "7");
    List<String> many =
        rows(
            exchange(
                query("select g, ssn from only person, generate_series(1, 20000) g where id = 1")));
    assertThat(many).hasSize(20000);
    assertThat(many.get(19999)).isEqualTo("20000|" + MASKED_SSN);
    assertThat(String.join("", many)).doesNotContain(SSN);
  }

  @Test
  void aRowThatIsLongerThanABatchIsMasked() throws Exception {
    server.run(
        "postgres",
        "insert into person (id, ssn) values (50, '9' || repeat('x', 300000) || '" + SSN + "')");
    try {
      List<String> rows = rows(exchange(query("select id, ssn from person where id = 50")));

      assertThat(rows).hasSize(1);
      assertThat(rows.getFirst()).hasSize(3 + 1 + 300_000 + SSN.length());
      assertThat(rows.getFirst()).startsWith("50|****").endsWith("*6001");
    } finally {
      server.run("postgres", "delete from person where id = 50");
    }
  }

  // ---- what is not

  private void leaksNothing(String sql) throws IOException {
    for (byte[] bytes : List.of(query(sql), all(run(sql), sync()))) {
      List<RawClient.Message> messages = exchange(bytes);
      if (types(messages).endsWith(".") || types(messages).endsWith("?")) {
        client.close();
        client = gateway.raw(PolicyGateway.SERVICE);
      } else if (messages.getLast().body()[0] != 'I') {
        exchange(query("rollback"));
      }
      String all = text(messages);
      assertThat(all).as(sql).doesNotContain(SECRETS);
      assertThat(types(messages)).as("%s: %s", sql, all).doesNotContain("?");
    }
  }

  private static String text(List<RawClient.Message> messages) {
    StringBuilder text = new StringBuilder();
    for (RawClient.Message message : messages) {
      text.append(message.type())
          .append(' ')
          .append(new String(message.body(), StandardCharsets.UTF_8))
          .append('\n');
    }
    return text.toString();
  }

  @Test
  void nothingComputedFromAMaskedColumnIsSeen() throws Exception {
    for (String sql :
        List.of(
            "select upper(ssn) from person",
            "select ssn || '' from person",
            "select ssn::varchar from person",
            "select ssn::varchar(3) from person",
            "select ssn collate \"C\" from person",
            "select coalesce(ssn, '') from person",
            "select case when true then ssn end from person",
            "select nullif(ssn, '') from person",
            "select greatest(ssn) from person",
            "select (select ssn from person limit 1)",
            "select array(select ssn from person)",
            "select array_agg(ssn) from person",
            "select string_agg(ssn, ',') from person",
            "select min(ssn) from person",
            "select lag(ssn) over () from person",
            "select p from person p",
            "select (p).ssn || '' from person p",
            "select row_to_json(p) from person p",
            "select to_jsonb(p) ->> 'ssn' from person p",
            "select json_agg(p) from person p",
            "select row(ssn) from person",
            "select p::text from person p",
            "select (array[ssn])[1] from person",
            "select unnest(array[ssn]) from person",
            "select ssn from person union select v from plain",
            "select ssn from person union all select ssn from person",
            "select ssn from person intersect select ssn from person",
            "select ssn from person except select v from plain",
            "with recursive c as (select ssn from person union all select ssn from c where false)"
                + " select ssn from c",
            "select ssn from only person full join quiet using (ssn)",
            "select ssn from quiet join only person using (ssn)",
            "select s.ssn from person p, lateral jsonb_to_record(to_jsonb(p)) as s(ssn text)",
            "select ssn from leaks()",
            "select leak()",
            "select * from (values ((select ssn from person limit 1))) v",
            "select loud from shouting",
            "select ssn from both_ways",
            "select xmlforest(ssn) from person",
            "select ssn like '9%', 'x' from person where false or ssn like '919%'",
            "call give('')")) {
      leaksNothing(sql);
    }
  }

  @Test
  void nothingIsLearnedFromConditionsOrdersAndCounts() throws Exception {
    for (String sql :
        List.of(
            "select id from person where ssn = '" + SSN + "'",
            "select id from person where ssn like '919%'",
            "select id from person order by ssn",
            "select count(*) from person group by ssn",
            "select count(distinct ssn) from person",
            "select distinct on (ssn) id from person",
            "select length(ssn) from person",
            "select exists(select 1 from person where ssn like '9%')",
            "select id, row_number() over (order by ssn) from person",
            "select count(*) filter (where ssn like '9%') from person",
            "select p.id from plain p join person q on q.ssn = p.v",
            "select id from person natural join quiet",
            "delete from person where ssn = 'x'",
            "update person set name = ssn",
            "update person set name = 'x' where ssn = 'y'",
            "update plain set v = p.ssn from person p returning v",
            "insert into plain select 5, ssn from person",
            "insert into plain select 5, (select ssn from person limit 1) returning v",
            "merge into plain using person p on p.ssn = plain.v when matched then delete")) {
      List<RawClient.Message> messages = exchange(query(sql));
      assertThat(types(messages)).as(sql).isEqualTo("EZ");
      assertThat(text(messages)).as(sql).contains("42501").contains("ssn");
    }
  }

  @Test
  void statementsWhoseAnswersCannotBeLookedAtDoNotRun() throws Exception {
    for (String sql :
        List.of(
            "copy person to stdout",
            "copy person (id) to stdout",
            "copy (select id from person) to stdout",
            "copy (select ssn from person) to stdout (format binary)",
            "copy part_1 to stdout",
            "copy child to stdout",
            "copy kept to stdout",
            "create table stolen as select ssn as x from person",
            "select ssn as x into stolen from person",
            "create temp table stolen as select * from person",
            "create view stolen as select ssn as x from person",
            "create materialized view stolen as select id from person",
            "create index stolen on person (ssn)",
            "create rule stolen as on insert to plain do also select ssn from person",
            "alter table person rename ssn to harmless",
            "alter table person alter ssn type varchar",
            "explain select ssn from person",
            "explain analyze select id from person",
            "explain verbose select id from person where ssn like '919%'",
            "do $$ begin raise notice '%', (select ssn from person limit 1); end $$",
            "declare c cursor for select upper(ssn) from person",
            "prepare p as select upper(ssn) from person",
            "execute nobody_prepared_this",
            "fetch all from nobody_declared_this",
            "select lo_from_bytea(0, convert_to(ssn, 'UTF8')) from person",
            "select set_config('application_name', ssn, false) from person",
            "select pg_notify('c', ssn) from person",
            "select setval('s', ascii(ssn)) from person",
            "select pg_advisory_lock(ascii(ssn)) from person",
            "comment on table plain is 'x'; select ssn || 'x' from person",
            "select pg_input_error_info(ssn, 'int4') from person",
            "select query_to_xml('select ssn from person', true, true, '')",
            "select * from dblink('', 'select ssn from person') as t(x text)")) {
      leaksNothing(sql);
    }
    try (Connection direct =
            DriverManager.getConnection(server.jdbcUrl("postgres"), "postgres", "");
        Statement check = direct.createStatement();
        java.sql.ResultSet found =
            check.executeQuery("select count(*) from pg_class where relname = 'stolen'")) {
      found.next();
      assertThat(found.getInt(1)).isZero();
    }
  }

  @Test
  void statisticsOfTheServerAreNotOpenByAWildcard() throws Exception {
    server.run("postgres", "analyze person");
    for (String sql :
        List.of(
            "select ssn::int from person",
            "select ssn::date from person",
            "select ssn::uuid from person",
            "select ssn::regclass from person",
            "select ssn::json from person",
            "select now() at time zone ssn from person")) {
      leaksNothing(sql);
    }
  }

  @Test
  void codeThatNoStatementNamesIsOpaqueUntilARuleNamesIt(@TempDir Path other) throws Exception {
    String table = "create table %s (id int, v text)";
    for (String sql :
        List.of(
            "create function tell() returns trigger language plpgsql as"
                + " $$ begin raise notice '%', (select ssn from person limit 1);"
                + " return new; end $$",
            "create function peek() returns text language sql as"
                + " 'select ssn from person limit 1'",
            "create function sees(text) returns bool language plpgsql as"
                + " $$ begin raise notice '%', $1; return true; end $$",
            table.formatted("triggered"),
            "create trigger t before insert or update on triggered for each row"
                + " execute function tell()",
            table.formatted("defaulted"),
            "alter table defaulted alter v set default peek()",
            table.formatted("checked"),
            "alter table checked add check (sees(v))",
            table.formatted("guarded"),
            "create policy p on guarded using (sees(v)); alter table guarded enable row level"
                + " security",
            "create domain seen_text as text check (sees(value));"
                + " create table typed (id int, v seen_text)",
            table.formatted("parent") + "; create table sub () inherits (parent)",
            "create trigger t before insert or update on sub for each row execute function"
                + " tell()")) {
      server.run("postgres", sql);
    }
    List<String> hidden =
        List.of(
            "insert into triggered values (1, 'x')",
            "update triggered set v = 'y'",
            "insert into defaulted (id) values (1) returning v",
            "insert into checked values (1, 'x')",
            "insert into typed values (1, 'x')",
            "select id from guarded",
            "update parent set v = 'x'",
            "copy triggered from stdin");
    try (PolicyGateway fresh = new PolicyGateway(server, other, POLICY);
        RawClient caller = fresh.raw(PolicyGateway.SERVICE)) {
      for (String sql : hidden) {
        caller.out.write(query(sql));
        List<RawClient.Message> messages = caller.until('Z', 1);
        assertThat(types(messages)).as("%s: %s", sql, text(messages)).isEqualTo("EZ");
        assertThat(text(messages)).as(sql).contains("public.").contains("no rule names");
      }
      caller.out.write(query("select id, v from triggered"));
      assertThat(types(caller.until('Z', 1))).isEqualTo("TCZ");
    }
  }

  @Test
  void errorsAndNoticesTellNothingOfValues() throws Exception {
    for (String sql :
        List.of(
            "insert into person values (77, 'x', '" + MAILBOX + "@example.com')",
            "update person set id = 2 where id = 1",
            "update only person set ssn = '8' where id = 1",
            "update only person set id = null where id = 1",
            "insert into person (id) values (1)",
            "insert into part values (99, 'x')")) {
      List<RawClient.Message> messages = exchange(query(sql));
      assertThat(types(messages)).as(sql).isEqualTo("EZ");
      String error = text(messages);
      assertThat(error).as(sql).doesNotContain(SECRETS).doesNotContain("Failing row", "Key (");
    }
    List<RawClient.Message> duplicate = exchange(query("insert into person (id) values (1)"));
    assertThat(text(duplicate))
        .contains("C23505\0")
        .contains("Mduplicate key value violates unique constraint\0")
        .contains("nperson_pkey\0");
    assertThat(text(exchange(query("select 1/0")))).contains("Mdivision by zero\0");
    assertThat(text(exchange(query("selec 1")))).contains("blocked").doesNotContain("selec 1");
    assertThat(text(exchange(query("select v from plain where nothing = 1"))))
        .doesNotContain(SECRETS);
  }

  @Test
  void notificationsAndSettingsComeWithoutTheirTexts() throws Exception {
    exchange(query("listen c"));
    server.run("postgres", "notify c, '" + SSN + "'");
    List<RawClient.Message> after = new ArrayList<>();
    for (int i = 0; i < 50 && !types(after).contains("A"); i++) {
      after.addAll(exchange(query("select 1")));
    }
    assertThat(types(after)).contains("A");
    assertThat(text(after)).doesNotContain(SSN);

    List<RawClient.Message> set = exchange(query("set application_name = '" + SSN + "'"));
    assertThat(types(set)).isEqualTo("CSZ");
    assertThat(text(set)).contains("application_name\0\0").doesNotContain(SSN);
    assertThat(text(exchange(query("set datestyle = 'German'")))).contains("German, DMY");
    exchange(query("unlisten c"));
  }

  // ---- the policy's own words

  @Test
  void whatIsComputedBecomesNullWhereThePolicySaysSo(@TempDir Path other) throws Exception {
    String policy = POLICY.replace("then: mask", "derived: 'null'\n    then: mask");
    try (PolicyGateway nulling = new PolicyGateway(server, other, policy);
        RawClient caller = nulling.raw(PolicyGateway.SERVICE)) {
      caller.out.write(query("select id, upper(ssn), ssn, p from only person p where id = 1"));
      assertThat(rows(caller.until('Z', 1))).containsExactly("1|NULL|" + MASKED_SSN + "|NULL");
      caller.out.write(query("select ssn from only person union select v from plain"));
      assertThat(rows(caller.until('Z', 1))).containsOnly("NULL");
      caller.out.write(query("select count(*) from only person"));
      assertThat(rows(caller.until('Z', 1))).containsExactly("2");
      caller.out.write(query("select id from only person where ssn = 'x'"));
      assertThat(types(caller.until('Z', 1))).isEqualTo("EZ");
    }
  }

  @Test
  void conditionsAreOpenWhereAGrantSaysSo(@TempDir Path other) throws Exception {
    String policy =
        POLICY + "  - id: may-search\n    what: { predicate-on: [mail] }\n    then: allow\n";
    try (PolicyGateway opened = new PolicyGateway(server, other, policy);
        RawClient caller = opened.raw(PolicyGateway.SERVICE)) {
      caller.out.write(
          query("select id, email from only person where email = '" + MAILBOX + "@example.com'"));
      assertThat(rows(caller.until('Z', 1))).containsExactly("1|" + MASKED_MAIL);
      caller.out.write(query("select id from person where ssn = 'x'"));
      assertThat(types(caller.until('Z', 1))).isEqualTo("EZ");
    }
  }

  @Test
  void agentsAndPeopleOfAnotherKindAreNotConcerned() throws Exception {
    DemoIssuer.Identity agent = new DemoIssuer.Identity("bot", "agent", List.of(), "");
    try (RawClient caller = gateway.raw(agent)) {
      caller.out.write(query("select ssn from only person where id = 1"));
      assertThat(rows(caller.until('Z', 1))).containsExactly(SSN);
      caller.out.write(query("insert into person (id) values (1)"));
      assertThat(text(caller.until('Z', 1))).contains("Key (id)=(1) already exists");
    }
  }
}
