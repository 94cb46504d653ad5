package dev.nestor.proxy.net;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nestor.policy.mask.ValueMask;
import dev.nestor.postgres.protocol.BackendMessage;
import dev.nestor.postgres.protocol.ColumnDescription;
import dev.nestor.proxy.masking.MaskPlan;
import dev.nestor.proxy.masking.RowRule;
import dev.nestor.testservers.PostgresServer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/// Every script of [TranscriptTest] with masks: each portal is described by the gateway itself, and
/// each row is rewritten. But for the masked cells, the streams are those of the server.
class MaskedTranscriptTest {
  @TempDir Path archive;

  /// COPY TO has no description, so that it does not run where one is needed.
  private static List<TranscriptTest.Script> scripts() {
    return TranscriptTest.scripts().stream()
        .filter(script -> !script.name().startsWith("copy out"))
        .toList();
  }

  /// Leaves a value as it is, by copying it.
  private static final class SameMask implements ValueMask {
    @Override
    public int mask(ByteBuffer in, int at, int length, ByteBuffer out, int to) {
      out.put(to, in, at, length);
      return length;
    }

    @Override
    public int bytesMax(int length) {
      return length;
    }
  }

  /// Makes every value longer, so that no row keeps its length.
  private static final class WordMask implements ValueMask {
    private static final byte[] WORD = "masked".getBytes(StandardCharsets.US_ASCII);

    @Override
    public int mask(ByteBuffer in, int at, int length, ByteBuffer out, int to) {
      out.put(to, WORD);
      return WORD.length;
    }

    @Override
    public int bytesMax(int length) {
      return WORD.length;
    }
  }

  private static RowRule everyColumn(@Nullable ValueMask mask) {
    return new RowRule.Described(
        description -> {
          List<ColumnDescription> columns =
              ((BackendMessage.RowDescription) BackendMessage.decode(description.duplicate()))
                  .columns();
          return new MaskPlan(new ArrayList<>(Collections.nCopies(columns.size(), mask)), 0);
        },
        mask != null);
  }

  private TestGateway gateway(PostgresServer server, String name, RowRule rows) throws IOException {
    return new TestGateway(
        server,
        archive.resolve(name),
        Optional.empty(),
        recorder -> {
          AllowAll decider = new AllowAll(recorder.objects(), rows);
          return (_, _, _) -> decider;
        });
  }

  @TestFactory
  Stream<DynamicTest> streamsAreEqualButForMaskedCells() throws Exception {
    PostgresServer server = PostgresServer.start(PostgresServer.Access.TRUST);
    server.run("postgres", TranscriptTest.SCHEMA);
    TestGateway described = gateway(server, "described", everyColumn(null));
    TestGateway copied = gateway(server, "copied", everyColumn(new SameMask()));
    TestGateway masked = gateway(server, "masked", everyColumn(new WordMask()));
    return scripts().stream()
        .map(script ->
            DynamicTest.dynamicTest(
                script.name(),
                () -> {
                  UnaryOperator<RawClient.Message> asIs = UnaryOperator.identity();
                  List<RawClient.Message> direct =
                      TranscriptTest.exchanged(script, server.port(), "postgres", "");

                  assertThat(through(script, described)).isEqualTo(texts(direct, asIs));
                  assertThat(through(script, copied)).isEqualTo(texts(direct, asIs));
                  assertThat(through(script, masked))
                      .isEqualTo(texts(direct, MaskedTranscriptTest::wordForEveryCell));
                }))
        .onClose(() -> {
          try (server;
              described;
              copied;
              masked) {
            // nothing is left running
          } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
          }
        });
  }

  private static List<String> through(TranscriptTest.Script script, TestGateway gateway)
      throws IOException {
    return texts(
        TranscriptTest.exchanged(script, gateway.port(), "alice", gateway.token()),
        UnaryOperator.identity());
  }

  private static List<String> texts(
      List<RawClient.Message> messages, UnaryOperator<RawClient.Message> change) {
    return messages.stream().map(change).map(RawClient.Message::toString).toList();
  }

  private static RawClient.Message wordForEveryCell(RawClient.Message message) {
    if (message.type() != 'D') {
      return message;
    }
    ByteBuffer in = ByteBuffer.wrap(message.body());
    ByteBuffer out = ByteBuffer.allocate(message.body().length + 10 * message.body().length);
    int cells = in.getShort();
    out.putShort((short) cells);
    for (int cell = 0; cell < cells; cell++) {
      int length = in.getInt();
      in.position(in.position() + Math.max(0, length));
      if (length < 0) {
        out.putInt(length);
      } else {
        out.putInt(WordMask.WORD.length).put(WordMask.WORD);
      }
    }
    byte[] body = new byte[out.position()];
    out.get(0, body);
    return new RawClient.Message('D', body);
  }
}
