package dev.nestor.proxy.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nestor.recorder.archive.Archive;
import dev.nestor.recorder.archive.Frame;
import dev.nestor.recorder.archive.Statement;
import dev.nestor.recorder.note.HostKey;
import dev.nestor.recorder.recording.FrameFlags;
import dev.nestor.testservers.PostgresServer;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.PGConnection;

/// A policy says what the record keeps of rows. The client gets all of them; the record knows how
/// many there were, and, if it is to, can be checked against what somebody says they were.
class RowCaptureTest {
  private static final String POLICY =
      """
      policy: capture
      state: active
      results: %s
      rules:
        - { id: all, what: { verb: any, status: any }, then: allow }
      """;

  private static PostgresServer server;

  @TempDir Path folder;

  @BeforeAll
  static void start() throws Exception {
    server = PostgresServer.start(PostgresServer.Access.TRUST);
    server.run(
        "postgres",
        "create table person (id int, name text);"
            + " insert into person select n, 'secret-' || n from generate_series(1, 5000) n");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  /// One message in place of rows.
  private record Elided(int type, int messages, long bytes, byte[] proof) {}

  private List<Elided> elided = new ArrayList<>();
  private List<Statement> statements = List.of();
  private UUID archive = new UUID(0, 0);

  private void record(String level) throws Exception {
    try (RunningGateway gateway = new RunningGateway(server, folder, POLICY.formatted(level), "")) {
      try (Connection client = gateway.connect("agent", gateway.token(RunningGateway.AGENT))) {
        int rows = 0;
        try (ResultSet all =
            client.createStatement().executeQuery("select name from person order by id")) {
          while (all.next()) {
            rows++;
            assertThat(all.getString(1)).isEqualTo("secret-" + rows);
          }
        }
        assertThat(rows).isEqualTo(5000);
        try (ResultSet large =
            client.createStatement().executeQuery("select repeat('secret-', 100000)")) {
          large.next();
          assertThat(large.getString(1)).hasSize(700_000);
        }
        StringWriter copied = new StringWriter();
        client
            .unwrap(PGConnection.class)
            .getCopyAPI()
            .copyOut("copy person (name) to stdout", copied);
        assertThat(copied.toString()).hasLineCount(5000);
        client.createStatement().executeQuery("select name from person where id = 7").close();
      }
      gateway.gateway.close();
      try (Archive recorded = Archive.open(gateway.archive)) {
        archive = recorded.segments().getFirst().header().orElseThrow().archive();
        statements = recorded.statements().toList();
        for (Frame frame : recorded.frames(1).toList()) {
          byte[] payload = frame.payload().orElseThrow();
          assertThat(new String(payload, StandardCharsets.ISO_8859_1)).doesNotContain("secret-7");
          collect(frame, payload);
        }
      }
    }
  }

  private void collect(Frame frame, byte[] payload) {
    if ((frame.meta().flags() & FrameFlags.ROWS_ELIDED) == 0) {
      return;
    }
    ByteBuffer bytes = ByteBuffer.wrap(payload);
    while (bytes.hasRemaining()) {
      int start = bytes.position();
      int tag = bytes.get();
      int length = bytes.getInt();
      if (tag == 6) {
        int type = bytes.get();
        int messages = bytes.getInt();
        long count = bytes.getLong();
        byte[] proof = new byte[length - 17];
        bytes.get(proof);
        elided.add(new Elided(type, messages, count, proof));
      } else {
        bytes.position(start + 1 + length);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"none", "shape"})
  void noRowIsKeptAndEveryOneCounted(String level) throws Exception {
    record(level);

    assertThat(statements.stream().filter(each -> each.rows() == 5000)).hasSize(2);
    assertThat(elided.stream().filter(each -> each.type() == 'D').mapToLong(Elided::messages).sum())
        .isEqualTo(5000 + 1 + 1);
    assertThat(elided.stream().filter(each -> each.type() == 'd').mapToLong(Elided::messages).sum())
        .isEqualTo(5000);
    assertThat(elided.stream().filter(each -> each.type() == 'd').mapToLong(Elided::bytes).sum())
        .isEqualTo(5000 * 5L + "secret-\n".length() * 5000L + digits(5000));
    assertThat(elided)
        .allSatisfy(each -> assertThat(each.proof()).hasSize(level.equals("shape") ? 32 : 0));
  }

  private static long digits(int upTo) {
    long digits = 0;
    for (int n = 1; n <= upTo; n++) {
      digits += Integer.toString(n).length();
    }
    return digits;
  }

  @Test
  void whoHoldsTheRecordersKeyCanCheckWhatTheRowsWere() throws Exception {
    record("shape");

    byte[] value = "secret-7".getBytes(StandardCharsets.US_ASCII);
    ByteBuffer row =
        ByteBuffer.allocate(11 + value.length)
            .put((byte) 'D')
            .putInt(10 + value.length)
            .putShort((short) 1)
            .putInt(value.length)
            .put(value);
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(
        new SecretKeySpec(
            HostKey.test(1).secretFor("nestor elided rows/" + archive), "HmacSHA256"));
    assertThat(elided.getLast().proof()).isEqualTo(mac.doFinal(row.array()));
  }
}
