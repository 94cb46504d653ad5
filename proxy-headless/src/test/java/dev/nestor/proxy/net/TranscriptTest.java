package dev.nestor.proxy.net;

import static dev.nestor.proxy.net.Frontend.all;
import static dev.nestor.proxy.net.Frontend.bind;
import static dev.nestor.proxy.net.Frontend.close;
import static dev.nestor.proxy.net.Frontend.copyData;
import static dev.nestor.proxy.net.Frontend.copyDone;
import static dev.nestor.proxy.net.Frontend.copyFail;
import static dev.nestor.proxy.net.Frontend.describe;
import static dev.nestor.proxy.net.Frontend.execute;
import static dev.nestor.proxy.net.Frontend.flush;
import static dev.nestor.proxy.net.Frontend.functionCall;
import static dev.nestor.proxy.net.Frontend.parse;
import static dev.nestor.proxy.net.Frontend.query;
import static dev.nestor.proxy.net.Frontend.run;
import static dev.nestor.proxy.net.Frontend.sync;
import static dev.nestor.proxy.net.Frontend.terminate;
import static org.assertj.core.api.Assertions.assertThat;

import dev.nestor.testservers.PostgresServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/// The same script directly and through the gateway: the streams of backend messages are equal. And
/// scripts with something blocked: what the client then sees is what PostgreSQL's own error would
/// have made of it.
class TranscriptTest {
  @TempDir static Path archive;
  private static PostgresServer server;
  private static TestGateway gateway;

  /// What the scripts use.
  static final String SCHEMA =
      """
      create table kept (a int primary key, b text);
      insert into kept select g, 'row ' || g from generate_series(1, 50) g;
      create function talk(text) returns int language plpgsql as
        $$ begin raise notice 'said %', $1; return 1; end $$;
      create procedure twice(inout n int) language plpgsql as $$ begin n := n * 2; end $$;
      """;

  @BeforeAll
  static void start() throws Exception {
    server = PostgresServer.start(PostgresServer.Access.TRUST);
    server.run("postgres", SCHEMA);
    gateway = new TestGateway(server, archive);
  }

  @AfterAll
  static void stop() throws Exception {
    gateway.close();
    server.close();
  }

  /// Bytes to send, and how much to read before the next turn.
  ///
  /// @param type message type to wait for
  /// @param count how many of it
  record Turn(byte[] send, char type, int count) {}

  record Script(String name, List<Turn> turns) {}

  private static Turn turn(byte[]... messages) {
    return new Turn(all(messages), 'Z', 1);
  }

  private static Turn until(char type, int count, byte[]... messages) {
    return new Turn(all(messages), type, count);
  }

  private static Script script(String name, Turn... turns) {
    return new Script(name, List.of(turns));
  }

  static List<Script> scripts() {
    String many = "select g, repeat('x', 50) from generate_series(1, 2000) g";
    return List.of(
        // simple queries
        script("simple select", turn(query("select 1 as one, null as nothing, '' as empty"))),
        script("empty query", turn(query(""))),
        script("blanks and a comment only", turn(query("  /* nothing */ ; ; "))),
        script("several statements", turn(query("select 1; select 2; select 3"))),
        script(
            "several statements, the second fails", turn(query("select 1; select 1/0; select 3"))),
        script("syntax error", turn(query("selec 1"))),
        script("unknown relation", turn(query("select * from nowhere"))),
        script("transaction", turn(query("begin")), turn(query("select 1")), turn(query("commit"))),
        script(
            "failed transaction",
            turn(query("begin")),
            turn(query("select 1/0")),
            turn(query("select 1")),
            turn(query("rollback"))),
        script(
            "savepoints",
            turn(query("begin")),
            turn(query("savepoint s")),
            turn(query("select 1/0")),
            turn(query("rollback to s")),
            turn(query("select 'alive'")),
            turn(query("commit"))),
        script(
            "begin and failure in one message",
            turn(query("begin; select 1/0")),
            turn(query("rollback"))),
        script("many rows", turn(query(many))),
        script("a cell of a megabyte", turn(query("select repeat('m', 1000000), 1"))),
        script(
            "rows of 40 KiB each",
            turn(query("select repeat('k', 40000) from generate_series(1, 20)"))),
        script("notice", turn(query("select talk('hello')"))),
        script(
            "notices and rows mixed",
            turn(query("select talk('n' || g), g from generate_series(1, 5) g"))),
        script(
            "parameter status",
            turn(query("set datestyle = 'German'")),
            turn(query("reset datestyle"))),
        script(
            "set and show with settings in doubt",
            turn(query("set /*settings*/ search_path = pg_catalog")),
            turn(query("show search_path"))),
        script(
            "isolation level after settings in doubt",
            turn(query("begin")),
            turn(query("set /*settings*/ local search_path = pg_catalog")),
            turn(query("set transaction isolation level serializable")),
            turn(query("show transaction_isolation")),
            turn(query("rollback")),
            turn(query("show search_path"))),
        script(
            "listen and notify in one session",
            turn(query("listen ch")),
            turn(query("notify ch, 'payload'")),
            turn(query("unlisten ch"))),
        script("call with an output", turn(query("call twice(21)"))),
        script("do block", turn(query("do $$ begin raise notice 'in do'; end $$"))),
        script("explain", turn(query("explain (costs off) select 1"))),
        // extended queries
        script("extended select", turn(run("select $1::int + 1", "41"), sync())),
        script("extended without result", turn(run("set application_name = 'x'"), sync())),
        script("extended empty", turn(run(""), sync())),
        script("extended syntax error skips to sync", turn(run("selec"), run("select 2"), sync())),
        script(
            "bind with the wrong number of values", turn(run("select $1::int", "1", "2"), sync())),
        script(
            "execute error skips what follows",
            turn(run("select 1/0"), run("select 2"), sync()),
            turn(run("select 3"), sync())),
        script(
            "named statement, bound three times",
            turn(parse("s", "select $1::int * 2"), sync()),
            turn(
                bind("", "s", "1"),
                execute("", 0),
                bind("", "s", "2"),
                execute("", 0),
                bind("", "s", "3"),
                execute("", 0),
                sync())),
        script(
            "describe a statement",
            turn(parse("ds", "select a, b from kept where a = $1"), describe('S', "ds"), sync())),
        script("describe what does not exist", turn(describe('S', "nobody"), sync())),
        script(
            "parse a name twice",
            turn(parse("dup", "select 1"), sync()),
            turn(parse("dup", "select 2"), sync())),
        script(
            "close a statement, then bind it",
            turn(parse("gone", "select 1"), close('S', "gone"), sync()),
            turn(bind("", "gone"), execute("", 0), sync())),
        script("close what does not exist", turn(close('P', "nobody"), sync())),
        script("unknown portal", turn(execute("nobody", 0), sync())),
        script("unknown statement", turn(bind("", "nobody"), sync())),
        script(
            "suspended portal",
            turn(
                parse("", "select g from generate_series(1, 5) g"),
                bind("p", ""),
                execute("p", 2),
                execute("p", 2),
                execute("p", 2),
                execute("p", 2),
                sync())),
        script(
            "suspended portal across sync inside a transaction",
            turn(query("begin")),
            turn(
                parse("", "select g from generate_series(1, 5) g"),
                bind("p", ""),
                execute("p", 2),
                sync()),
            turn(execute("p", 2), sync()),
            turn(query("commit")),
            turn(execute("p", 2), sync())),
        script(
            "flush brings answers before sync",
            until('2', 1, parse("", "select 1"), bind("", ""), flush()),
            turn(execute("", 0), sync())),
        script(
            "pipeline of three cycles",
            until(
                'Z', 3, run("select 1"), sync(), run("select 2"), sync(), run("select 3"), sync())),
        script(
            "pipeline with an error in the second cycle",
            until(
                'Z',
                3,
                run("select 1"),
                sync(),
                run("select 1/0"),
                run("select 9"),
                sync(),
                run("select 3"),
                sync())),
        script(
            "implicit transaction is rolled back by an error",
            turn(query("create temp table i (a int)")),
            turn(
                run("insert into i values (1)"),
                run("insert into i values (2)"),
                run("select 1/0"),
                sync()),
            turn(query("select count(*) from i"))),
        script(
            "query inside a cycle without sync",
            turn(parse("", "select 1"), query("select 2")),
            turn(bind("", ""), execute("", 0), sync())),
        script(
            "query in a failed cycle is skipped",
            turn(run("select 1/0"), query("select 2"), sync())),
        script(
            "function call in a failed cycle is skipped",
            turn(run("select 1/0"), functionCall(1610), sync())),
        script("two syncs", until('Z', 2, sync(), sync())),
        script(
            "sync alone in a failed transaction",
            turn(query("begin")),
            turn(query("select 1/0")),
            turn(sync()),
            turn(query("rollback"))),
        script(
            "simple query drops the unnamed statement",
            turn(parse("", "select 1"), sync()),
            turn(query("select 2")),
            turn(bind("", ""), sync())),
        script(
            "sql prepare and execute",
            turn(query("prepare sp as select 7")),
            turn(query("execute sp")),
            turn(query("deallocate sp"))),
        script(
            "sql prepared statement bound by protocol",
            turn(query("prepare shared(int) as select $1 + 1")),
            turn(bind("", "shared", "1"), execute("", 0), sync())),
        script(
            "cursor",
            turn(query("begin")),
            turn(query("declare c cursor for select g from generate_series(1, 9) g")),
            turn(query("fetch 3 from c")),
            turn(query("move 2 in c")),
            turn(query("fetch all from c")),
            turn(query("close c")),
            turn(query("commit"))),
        script(
            "cursor executed as a portal",
            turn(query("begin")),
            turn(query("declare c2 cursor for select 1")),
            turn(execute("c2", 0), sync()),
            turn(query("commit"))),
        script(
            "cursor with hold",
            turn(query("declare h cursor with hold for select 5")),
            turn(query("fetch all from h")),
            turn(query("close h"))),
        script("function call", turn(functionCall(1610))), // pi()
        script("function call of nothing", turn(functionCall(0))),
        // copy
        script(
            "copy out",
            turn(query("copy (select g, 'v' || g from generate_series(1, 300) g) to stdout"))),
        script("copy out extended", turn(run("copy (select 1, 2) to stdout"), sync())),
        script(
            "copy in",
            turn(query("create temp table ci (a int, b text)")),
            until('G', 1, query("copy ci from stdin")),
            turn(copyData("1\tone\n2\ttw"), copyData("o\n"), copyDone()),
            turn(query("select * from ci"))),
        script(
            "copy in, everything sent at once",
            turn(query("create temp table cj (a int)")),
            turn(query("copy cj from stdin"), copyData("1\n2\n"), copyDone()),
            turn(query("select count(*) from cj"))),
        script(
            "copy in fails on a bad row",
            turn(query("create temp table ck (a int)")),
            until('G', 1, query("copy ck from stdin")),
            turn(copyData("1\nnot a number\n"), copyDone()),
            turn(query("select count(*) from ck"))),
        script(
            "copy fail",
            turn(query("create temp table cl (a int)")),
            until('G', 1, query("copy cl from stdin")),
            turn(copyData("1\n"), copyFail("changed my mind")),
            turn(query("select count(*) from cl"))),
        script(
            "copy in extended with an early sync, as libpq sends it",
            turn(query("create temp table cm (a int)")),
            until('G', 1, parse("", "copy cm from stdin"), bind("", ""), execute("", 0), sync()),
            turn(copyData("5\n"), copyDone(), sync()),
            turn(query("select * from cm"))),
        script(
            "copy in extended, all at once with two syncs",
            turn(query("create temp table cn (a int)")),
            turn(
                parse("", "copy cn from stdin"),
                bind("", ""),
                execute("", 0),
                sync(),
                copyData("6\n"),
                copyDone(),
                sync()),
            turn(query("select * from cn"))),
        script(
            "copy in extended fails, then sync",
            turn(query("create temp table co (a int)")),
            until('G', 1, parse("", "copy co from stdin"), bind("", ""), execute("", 0), flush()),
            turn(copyData("x\n"), copyDone(), sync()),
            turn(query("select count(*) from co"))),
        script(
            "copy into what does not exist, data sent blindly",
            turn(query("copy nowhere from stdin"), copyData("1\n"), copyDone()),
            turn(query("select 1"))),
        script(
            "copy data outside of a copy is ignored",
            turn(copyData("stray"), copyDone(), query("select 1"))),
        script(
            "copy large lines",
            turn(query("create temp table cp (a text)")),
            until('G', 1, query("copy cp from stdin")),
            turn(copyData("y".repeat(200_000) + "\n"), copyDone()),
            turn(query("select length(a) from cp"))),
        script(
            "an unnamed statement lives until the next parse",
            turn(parse("", "select 'first'"), sync()),
            turn(bind("", ""), execute("", 0), sync()),
            turn(bind("", ""), execute("", 0), sync())),
        script(
            "returning",
            turn(query("create temp table r (a int)")),
            turn(run("insert into r values (1), (2) returning a"), sync())),
        script(
            "error at commit",
            turn(query("create temp table dc (a int primary key deferrable initially deferred)")),
            turn(run("insert into dc values (1)"), run("insert into dc values (1)"), sync())));
  }

  @TestFactory
  Stream<DynamicTest> streamsAreEqualDirectAndThroughTheGateway() {
    List<Script> scripts = scripts();
    assertThat(scripts).hasSizeGreaterThan(60);
    return scripts.stream()
        .map(script ->
            DynamicTest.dynamicTest(
                script.name(),
                () -> {
                  List<String> direct = play(script, server.port(), "postgres", "");
                  List<String> through = play(script, gateway.port(), "alice", gateway.token());

                  assertThat(through).isEqualTo(direct);
                }));
  }

  private static List<String> play(Script script, int port, String user, String password)
      throws IOException {
    return exchanged(script, port, user, password).stream()
        .map(RawClient.Message::toString)
        .toList();
  }

  static List<RawClient.Message> exchanged(Script script, int port, String user, String password)
      throws IOException {
    try (RawClient client = new RawClient(port)) {
      client.start(user, password);
      List<RawClient.Message> seen = new ArrayList<>();
      for (Turn turn : script.turns()) {
        client.out.write(turn.send());
        seen.addAll(client.until(turn.type(), turn.count()));
      }
      client.out.write(terminate());
      seen.addAll(client.until('.', 1));
      return seen;
    }
  }

  /// @param types of what the client sees, turn by turn, with `-` between turns
  private record Blocked(String name, String types, List<Turn> turns) {}

  private static Blocked blocked(String name, String types, Turn... turns) {
    return new Blocked(name, types, List.of(turns));
  }

  private static List<Blocked> blockedScripts() {
    return List.of(
        blocked("query", "EZ", turn(query("select /*block*/ 1"))),
        blocked(
            "query, then another",
            "EZ-TDCZ",
            turn(query("select /*block*/ 1")),
            turn(query("select 2"))),
        blocked(
            "query in a transaction fails it",
            "CZ-EZ-EZ-CZ",
            turn(query("begin")),
            turn(query("select /*block*/ 1")),
            turn(query("select 1")),
            turn(query("rollback"))),
        blocked(
            "query of several statements: all or nothing",
            "EZ",
            turn(query("begin; select /*block*/ 1; commit"))),
        blocked(
            "parse skips to sync", "EZ", turn(run("select /*block*/ 1"), run("select 2"), sync())),
        blocked(
            "parse, the next cycle runs",
            "EZ-12TDCZ",
            turn(run("select /*block*/ 1"), sync()),
            turn(run("select 2"), sync())),
        blocked(
            "named parse: the older statement of that name stays",
            "1Z-EZ-2DCZ",
            turn(parse("k", "select 1"), sync()),
            turn(parse("k", "select /*block*/ 2"), sync()),
            turn(bind("", "k"), execute("", 0), sync())),
        blocked(
            "unnamed parse: the older unnamed one is gone",
            "1Z-EZ-EZ",
            turn(parse("", "select 1"), sync()),
            turn(parse("", "select /*block*/ 2"), sync()),
            turn(bind("", ""), sync())),
        blocked(
            "blocked behind an error is skipped",
            "1EZ",
            turn(run("select 1/0"), run("select /*block*/ 1"), sync())),
        blocked(
            "the implicit transaction is rolled back",
            "CZ-12nCEZ-TDCZ",
            turn(query("create temp table bi (a int)")),
            turn(
                parse("", "insert into bi values (1)"),
                bind("", ""),
                describe('P', ""),
                execute("", 0),
                parse("", "select /*block*/ 1"),
                sync()),
            turn(query("select count(*) from bi"))),
        blocked(
            "copy in blocked at its start, data sent blindly",
            "EZ-TDCZ",
            turn(query("copy /*block*/ kept from stdin"), copyData("1\n"), copyDone()),
            turn(query("select 1"))),
        blocked(
            "a thousand executions and one block: one error, one ready",
            "1EZ",
            turn(all(manyBinds()), sync())),
        blocked(
            "pipeline: a block in the second of three cycles",
            "12TDCZEZ12TDCZ",
            until(
                'Z',
                3,
                run("select 1"),
                sync(),
                run("select /*block*/ 1"),
                sync(),
                run("select 3"),
                sync())),
        blocked(
            "query inside a cycle without sync",
            "1EZ",
            turn(parse("", "select 1"), query("select /*block*/ 1"))));
  }

  private static byte[][] manyBinds() {
    List<byte[]> messages = new ArrayList<>();
    messages.add(parse("m", "select 1"));
    messages.add(parse("", "select /*block*/ 1"));
    for (int i = 0; i < 1000; i++) {
      messages.add(bind("", "m"));
      messages.add(describe('P', ""));
      messages.add(execute("", 0));
    }
    return messages.toArray(byte[][]::new);
  }

  @TestFactory
  Stream<DynamicTest> blockedStatementsEndAsPostgresqlsOwnErrorsDo() {
    return blockedScripts().stream()
        .map(script ->
            DynamicTest.dynamicTest(
                script.name(),
                () -> {
                  try (RawClient client = new RawClient(gateway.port())) {
                    client.start("alice", gateway.token());
                    List<String> types = new ArrayList<>();
                    List<RawClient.Message> all = new ArrayList<>();
                    for (Turn turn : script.turns()) {
                      client.out.write(turn.send());
                      List<RawClient.Message> seen = client.until(turn.type(), turn.count());
                      all.addAll(seen);
                      types.add(
                          seen.stream()
                              .map(message -> String.valueOf(message.type()))
                              .collect(Collectors.joining()));
                    }

                    assertThat(String.join("-", types)).isEqualTo(script.types());
                    assertThat(all.toString()).doesNotContain("nestor-");
                  }
                }));
  }

  @Test
  void everyCutOfTheStreamGivesTheSameAnswers() throws Exception {
    byte[] bytes =
        all(
            parse("s", "select $1::text"),
            bind("p", "s", "value"),
            describe('P', "p"),
            execute("p", 0),
            close('P', "p"),
            sync(),
            query("select 2"));
    String whole = cut(bytes, bytes.length);
    for (int at = 1; at < bytes.length; at++) {
      assertThat(cut(bytes, at)).as("cut at %d", at).isEqualTo(whole);
    }
  }

  private static String cut(byte[] bytes, int at) throws IOException {
    try (RawClient client = new RawClient(gateway.port())) {
      client.start("alice", gateway.token());
      client.out.write(Arrays.copyOfRange(bytes, 0, at));
      client.out.flush();
      client.out.write(Arrays.copyOfRange(bytes, at, bytes.length));
      return client.until('Z', 2).toString();
    }
  }

  @Test
  void aBystanderNeverWaitsForAnothersSilence() throws Exception {
    try (RawClient silent = new RawClient(gateway.port());
        RawClient half = new RawClient(gateway.port());
        RawClient bystander = new RawClient(gateway.port())) {
      half.out.write(new byte[] {0, 0});
      bystander.start("alice", gateway.token());
      bystander.out.write(query("select 1"));

      assertThat(bystander.until('Z', 1)).hasSize(4);
      assertThat(silent.socket.isClosed()).isFalse();
    }
  }

  @Test
  void aMessageThatIsTooLongOrTooShortEndsTheSession() throws Exception {
    for (byte[] bad :
        List.of(
            new byte[] {'Q', 0, 0, 0, 3, 0},
            new byte[] {'Q', (byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff},
            "GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII))) {
      try (RawClient client = new RawClient(gateway.port())) {
        client.start("alice", gateway.token());
        client.out.write(bad);
        List<RawClient.Message> seen = client.until('.', 1);

        assertThat(seen.getFirst().type()).isEqualTo('E');
        assertThat(seen.getLast().type()).isEqualTo('.');
      }
    }
  }
}
