package dev.nestor.proxy.net;

import static dev.nestor.proxy.net.Frontend.all;
import static dev.nestor.proxy.net.Frontend.parse;
import static dev.nestor.proxy.net.Frontend.query;
import static dev.nestor.proxy.net.Frontend.sync;
import static org.assertj.core.api.Assertions.assertThat;

import dev.nestor.recorder.archive.Archive;
import dev.nestor.recorder.archive.Frame;
import dev.nestor.recorder.event.RecordedEvent;
import dev.nestor.recorder.event.RecordedEvent.State;
import dev.nestor.recorder.event.SessionState;
import dev.nestor.testservers.PostgresServer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a session has stands in the record: all of it at the start, then what the server has
/// confirmed to be different.
class RecordedStateTest {
  private static final String POLICY =
      """
      policy: everything
      state: active
      rules:
        - { id: all, what: { verb: any, status: any }, then: allow }
      """;

  @TempDir Path archive;

  private static void run(RawClient client, String... statements) throws IOException {
    for (String sql : statements) {
      client.out.write(query(sql));
      client.until('Z', 1);
    }
  }

  @Test
  void isWholeAtTheStartAndThenSaysWhatTheServerConfirmed() throws Exception {
    try (PostgresServer server = PostgresServer.start(PostgresServer.Access.TRUST)) {
      server.run("postgres", "create schema other; create role clerk");
      try (PolicyGateway gateway = new PolicyGateway(server, archive, POLICY);
          RawClient client = gateway.raw(PolicyGateway.SERVICE)) {
        run(client, "set search_path = other, \"Odd, One\"", "select 1");
        run(client, "prepare p as select 1", "prepare q as select 2", "deallocate q");
        client.out.write(all(parse("wire", "select 3"), parse("", "select 4"), sync()));
        client.until('Z', 1);
        run(client, "listen news", "listen \"Weather\"", "unlisten news");
        run(client, "begin", "listen lost", "rollback");
        run(client, "create temp table draft (a int)", "select 1");
        run(client, "begin", "declare c cursor for select 1");
        run(client, "commit", "declare h cursor with hold for select 1", "set role clerk");
        run(client, "set timezone = 'Asia/Tokyo'", "prepare broken as select from where");
        for (int i = 0; i < 50; i++) {
          run(client, "select " + i); // nothing that would be written down
        }
      }
    }

    List<State> states = states();
    State first = states.getFirst();
    assertThat(first.full()).isTrue();
    assertThat(first.transactionStatus()).isEqualTo("I");
    assertThat(first.role()).isEqualTo("postgres");
    assertThat(first.sessionAuthorization()).isEqualTo("postgres");
    assertThat(first.searchPath()).containsExactly("$user", "public");
    assertThat(first.settings()).extracting(RecordedEvent.Setting::name).contains("TimeZone");
    assertThat(first.prepared()).isEmpty();
    assertThat(states.subList(1, states.size())).noneMatch(State::full);
    assertThat(states).hasSizeLessThan(20);

    State last = SessionState.merged(states);
    assertThat(last.searchPath()).containsExactly("other", "Odd, One");
    assertThat(last.role()).isEqualTo("clerk");
    assertThat(last.prepared())
        .extracting(RecordedEvent.Prepared::name)
        .containsExactly("p", "wire");
    assertThat(last.listening()).containsExactly("Weather");
    assertThat(last.temporaryTables()).containsExactly("draft");
    assertThat(last.portals()).extracting(RecordedEvent.Portal::name).containsExactly("h");
    assertThat(last.settings())
        .anySatisfy(setting -> {
          assertThat(setting.name()).isEqualTo("TimeZone");
          assertThat(setting.value()).isEqualTo("Asia/Tokyo");
        });
    assertThat(states)
        .anySatisfy(state -> {
          assertThat(state.transactionStatus()).isEqualTo("T");
          assertThat(state.portals()).extracting(RecordedEvent.Portal::name).contains("c");
        });
    RecordedEvent.Prepared wire =
        last.prepared().stream().filter(p -> p.name().equals("wire")).findFirst().orElseThrow();
    assertThat(messageTypes(wire.parseFrame())).startsWith("P");
  }

  private List<State> states() throws IOException {
    List<State> states = new ArrayList<>();
    try (Archive recorded = Archive.open(archive)) {
      for (Frame frame : recorded.frames(1).toList()) {
        if (frame.isEvent() && frame.event().orElseThrow() instanceof State state) {
          states.add(state);
        }
      }
    }
    return states;
  }

  /// Types of the messages in a frame of the session, by its sequence.
  private String messageTypes(long sequence) throws IOException {
    try (Archive recorded = Archive.open(archive)) {
      Frame frame = recorded.frames(1, 1).skip(sequence - 1).findFirst().orElseThrow();
      StringBuilder types = new StringBuilder();
      ByteBuffer bytes = ByteBuffer.wrap(frame.payload().orElseThrow());
      while (bytes.remaining() >= 5) {
        types.append((char) bytes.get(bytes.position()));
        bytes.position(bytes.position() + 1 + bytes.getInt(bytes.position() + 1));
      }
      return types.toString();
    }
  }
}
