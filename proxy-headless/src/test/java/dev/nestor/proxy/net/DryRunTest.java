package dev.nestor.proxy.net;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nestor.recorder.archive.Archive;
import dev.nestor.recorder.archive.Statement;
import dev.nestor.recorder.event.ArchiveObject;
import dev.nestor.recorder.event.DecisionCode;
import dev.nestor.recorder.event.RecordedEvent;
import dev.nestor.testservers.PostgresServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/// A policy in dry-run: its decisions are recorded, and neither the server nor the client can tell
/// that it is there.
class DryRunTest {
  private static final String POLICY =
      """
      policy: dry
      state: dry-run
      default: block
      labels: { text: [public.kept.b] }
      rules:
        - { id: some, what: { verb: [select, begin], relation: [public.kept] }, then: allow }
        - { id: nothing, what: { verb: [select], relation: none }, then: allow }
        - { id: masked, what: { reads: text }, then: mask, mask: { text: hash } }
        - { id: stopped, what: { verb: [insert, copy] }, then: kill }
        - { id: counted, limit: { rows: 3, per: statement }, then: block }
      """;

  @TempDir Path archive;

  private static byte[] bytes(List<RawClient.Message> messages) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (RawClient.Message message : messages) {
      if (message.type() != '.') {
        all.writeBytes(
            ByteBuffer.allocate(5)
                .put((byte) message.type())
                .putInt(4 + message.body().length)
                .array());
        all.writeBytes(message.body());
      }
    }
    return all.toByteArray();
  }

  private static byte[] sent(TranscriptTest.Script script) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    script.turns().forEach(turn -> all.writeBytes(turn.send()));
    all.writeBytes(Frontend.terminate());
    return all.toByteArray();
  }

  private static byte[] last(byte[] bytes, int count) {
    return java.util.Arrays.copyOfRange(bytes, Math.max(0, bytes.length - count), bytes.length);
  }

  @TestFactory
  Stream<DynamicTest> noByteOfEitherStreamIsAnother() throws Exception {
    PostgresServer server = PostgresServer.start(PostgresServer.Access.TRUST);
    server.run("postgres", TranscriptTest.SCHEMA);
    Relay relay = new Relay(server.port());
    PolicyGateway gateway = new PolicyGateway(server, relay.port(), archive, POLICY);
    return TranscriptTest.scripts().stream()
        .map(script ->
            DynamicTest.dynamicTest(
                script.name(),
                () -> {
                  List<RawClient.Message> seen = gateway.exchanged(script);
                  Relay.Connection wire = relay.last();
                  byte[] sent = sent(script);
                  byte[] received = bytes(seen);

                  awaitEnd(wire, sent);
                  assertThat(last(wire.toServer(), sent.length)).isEqualTo(sent);
                  assertThat(afterLogin(wire.toServer())).isEqualTo(sent.length);
                  assertThat(last(wire.toGateway(), received.length)).isEqualTo(received);
                }))
        .onClose(() -> {
          try (server;
              relay;
              gateway) {
            // nothing is left running
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
  }

  /// Bytes behind the start-up packet, which has its length in front; there is no password.
  private static int afterLogin(byte[] toServer) {
    return toServer.length - ByteBuffer.wrap(toServer).getInt();
  }

  /// Terminate comes to the server a moment after the client has left.
  private static void awaitEnd(Relay.Connection wire, byte[] sent) throws InterruptedException {
    for (int i = 0; i < 200 && afterLogin(wire.toServer()) < sent.length; i++) {
      Thread.sleep(10);
    }
  }

  @Test
  void theRecordSaysWhatWouldHaveBeenDecided() throws Exception {
    try (PostgresServer server = PostgresServer.start(PostgresServer.Access.TRUST)) {
      server.run("postgres", TranscriptTest.SCHEMA);
      try (PolicyGateway gateway = new PolicyGateway(server, archive, POLICY);
          RawClient client = gateway.raw(PolicyGateway.SERVICE)) {
        for (String sql :
            List.of(
                "select a from kept limit 2",
                "select b from kept limit 2",
                "delete from kept where a = 0",
                "insert into kept values (1000, 'x')",
                "select a from kept limit 5",
                "set search_path = public",
                "select a from kept limit 1",
                "select a from public.kept limit 1")) {
          client.out.write(Frontend.query(sql));
          assertThat(client.until('Z', 1)).noneMatch(message -> message.type() == 'E');
        }
      }
    }

    try (Archive recorded = Archive.open(archive)) {
      List<Statement> statements = recorded.statements().toList();
      assertThat(statements)
          .extracting(Statement::counted)
          .containsOnly(DecisionCode.ALLOW)
          .hasSize(8);
      assertThat(statements)
          .extracting(statement ->
              statement
                  .policyDecision()
                  .map(ArchiveObject.Decision::dryRunCode)
                  .orElse(DecisionCode.AS_PLANNED))
          .containsExactly(
              DecisionCode.ALLOW,
              DecisionCode.MASK,
              DecisionCode.BLOCK,
              DecisionCode.KILL,
              DecisionCode.ALLOW, // its budget is an event of its own
              DecisionCode.BLOCK,
              DecisionCode.BLOCK, // what an unqualified name stands for is no longer known
              DecisionCode.ALLOW);
      assertThat(
              recorded
                  .events(1)
                  .flatMap(frame -> frame.event().stream())
                  .filter(RecordedEvent.Budget.class::isInstance))
          .containsExactly(
              new RecordedEvent.Budget("counted per statement", "rows", 3, 3, "observed"));
    }
  }
}
