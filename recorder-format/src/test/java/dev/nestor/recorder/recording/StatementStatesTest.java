package dev.nestor.recorder.recording;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nestor.recorder.archive.Archive;
import dev.nestor.recorder.archive.Statement;
import dev.nestor.recorder.chunk.ChunkRow;
import dev.nestor.recorder.event.ArchiveObject;
import dev.nestor.recorder.event.DecisionCode;
import dev.nestor.recorder.event.Outcome;
import dev.nestor.recorder.event.TransactionStatus;
import dev.nestor.recorder.note.HostKey;
import dev.nestor.recorder.verify.ArchiveReport;
import dev.nestor.recorder.verify.ArchiveState;
import dev.nestor.recorder.verify.TrustedKeys;
import dev.nestor.recorder.verify.Verifier;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Statements that reach over chunks and segments.
class StatementStatesTest {
  @TempDir private Path directory;

  private static long command(ArchiveBuilder archive, long session, long ts, String sql) {
    byte[] query = Wire.query(sql);
    return archive.frame(session, Ring.Lane.COMMAND, ts, query, 'Q', 1, 0, query.length);
  }

  private static long decided(ArchiveBuilder archive, long session, long frame, String sql) {
    int plan = archive.objects().intern(Samples.plan(sql, DecisionCode.HOLD));
    return archive.decided(session, RowStart.of(frame, 0, 0, plan, 1_000_000));
  }

  private static void answered(ArchiveBuilder archive, long session, long ts, long statement) {
    byte[] answer = Wire.complete("DELETE 3");
    long end = archive.frame(session, Ring.Lane.RESULT, ts, answer, 'C', 2, 0, answer.length);
    assertThat(
            archive.ended(
                session,
                statement,
                new RowEnd(
                    end,
                    0,
                    3,
                    Outcome.COMPLETE,
                    archive.objects().intern(new ArchiveObject.Text("DELETE ")),
                    "",
                    TransactionStatus.IN_TRANSACTION,
                    answer.length,
                    DecisionCode.HELD_GRANTED)))
        .isTrue();
  }

  private void check(int states, List<Integer> seen) throws IOException {
    try (Archive archive = Archive.open(directory)) {
      ArchiveReport report =
          Verifier.verify(archive, TrustedKeys.of(HostKey.test(1).verifierKey()));
      assertThat(report.findings()).isEmpty();
      assertThat(report.state()).isEqualTo(ArchiveState.VERIFIED);
      assertThat(archive.decodedChunks(1).flatMap(c -> c.rows().stream()).map(ChunkRow::state))
          .containsExactlyElementsOf(seen);
      assertThat(archive.statements()).hasSize(states);
      assertThat(archive.statements())
          .allSatisfy(each -> {
            assertThat(each.ended()).isTrue();
            assertThat(each.commandTag()).isEqualTo("DELETE 3");
            assertThat(each.counted()).isEqualTo(DecisionCode.HOLD);
            assertThat(each.bytes()).isEqualTo(20);
            assertThat(each.template()).isEqualTo("delete from carts");
            assertThat(each.anchorFrame()).isPositive();
            assertThat(each.endFrame()).isGreaterThan(each.anchorFrame());
            assertThat(each.durationMicros()).hasValueSatisfying(d -> assertThat(d).isPositive());
            assertThat(each.transaction()).isEqualTo(TransactionStatus.IN_TRANSACTION);
          });
      assertThat(archive.statements(1)).extracting(Statement::number).isSorted();
    }
  }

  @Test
  void begunInOneChunkAndEndedInTheNext() throws Exception {
    try (ArchiveBuilder archive = ArchiveBuilder.forTests(directory, 1)) {
      long session = archive.openSession();
      long frame = command(archive, session, Samples.T0, "delete from carts");
      long statement = decided(archive, session, frame, "delete from carts");
      archive.sealChunk();
      answered(archive, session, Samples.T0 + 900, statement);
    }
    check(1, List.of(ChunkRow.BEGUN, ChunkRow.END));
  }

  @Test
  void decidedBehindAHoldInALaterChunk() throws Exception {
    try (ArchiveBuilder archive = ArchiveBuilder.forTests(directory, 1)) {
      long session = archive.openSession();
      long other = archive.openSession();
      long frame = command(archive, session, Samples.T0, "delete from carts");
      archive.sealChunk();
      Samples.query(archive, other, Samples.T0 + 5, "delete from carts", DecisionCode.HOLD, 0);
      archive.sealChunk();
      long statement = decided(archive, session, frame, "delete from carts");
      answered(archive, session, Samples.T0 + 900, statement);
    }
    try (Archive archive = Archive.open(directory)) {
      assertThat(archive.statements(1))
          .singleElement()
          .satisfies(s -> assertThat(s.startedAt()).isEqualTo(Samples.T0));
      assertThat(archive.decodedChunks(1).flatMap(c -> c.rows().stream()).map(ChunkRow::state))
          .containsExactly(ChunkRow.WHOLE, ChunkRow.WHOLE_LATE);
    }
  }

  @Test
  void messageDecisionAndEndInThreeChunks() throws Exception {
    try (ArchiveBuilder archive = ArchiveBuilder.forTests(directory, 1)) {
      long session = archive.openSession();
      long frame = command(archive, session, Samples.T0, "delete from carts");
      archive.sealChunk();
      long statement = decided(archive, session, frame, "delete from carts");
      archive.sealChunk();
      answered(archive, session, Samples.T0 + 900, statement);
    }
    check(1, List.of(ChunkRow.BEGUN_LATE, ChunkRow.END));
  }

  @Test
  void endedInTheNextSegment() throws Exception {
    try (ArchiveBuilder archive = ArchiveBuilder.forTests(directory, 1)) {
      long session = archive.openSession();
      archive.event(session, Samples.T0 - 5, Samples.head(1));
      long frame = command(archive, session, Samples.T0, "delete from carts");
      long statement = decided(archive, session, frame, "delete from carts");
      archive.nextSegment(1_767_225_700_000_000_000L, Samples.T0 + 100, List.of());
      answered(archive, session, Samples.T0 + 900, statement);
    }
    check(1, List.of(ChunkRow.BEGUN, ChunkRow.END));
  }

  @Test
  void planPredictionHoldsForTwoInterleavedSessions() throws Exception {
    List<String> order = List.of("A", "B", "A", "B", "A");
    try (ArchiveBuilder archive = ArchiveBuilder.forTests(directory, 1)) {
      long first = archive.openSession();
      long second = archive.openSession();
      for (int i = 0; i < order.size(); i++) {
        Samples.query(archive, first, Samples.T0 + i * 10, order.get(i), DecisionCode.ALLOW, 1);
        Samples.query(
            archive,
            second,
            Samples.T0 + i * 10 + 5,
            order.get(order.size() - 1 - i),
            DecisionCode.ALLOW,
            1);
      }
    }
    try (Archive archive = Archive.open(directory)) {
      assertThat(archive.statements(1))
          .extracting(Statement::template)
          .containsExactlyElementsOf(order);
      assertThat(archive.statements(2))
          .extracting(Statement::template)
          .containsExactlyElementsOf(order.reversed());
    }
  }

  @Test
  void aRefusedParseMayBeDecidedBehindALaterExecute() throws Exception {
    try (ArchiveBuilder archive = ArchiveBuilder.forTests(directory, 1)) {
      long session = archive.openSession();
      long parse = command(archive, session, Samples.T0, "parse");
      long execute = command(archive, session, Samples.T0 + 1, "execute");
      long later = decided(archive, session, execute, "execute");
      long refused = decided(archive, session, parse, "parse");
      byte[] error = new Wire().message('E', new byte[] {0}).ready('I').bytes();
      long end =
          archive.frame(session, Ring.Lane.RESULT, Samples.T0 + 9, error, 'E', 2, 16, error.length);
      RowEnd failed =
          new RowEnd(
              end,
              0,
              0,
              Outcome.ERROR,
              0,
              "42601",
              TransactionStatus.IDLE,
              error.length,
              DecisionCode.AS_PLANNED);
      assertThat(archive.ended(session, refused, failed)).isTrue();
      RowEnd skipped =
          new RowEnd(
              0,
              0,
              0,
              Outcome.SKIPPED_TO_SYNC,
              0,
              "",
              TransactionStatus.IDLE,
              0,
              DecisionCode.AS_PLANNED);
      assertThat(archive.ended(session, later, skipped)).isTrue();
    }
    try (Archive archive = Archive.open(directory)) {
      assertThat(archive.statements())
          .extracting(Statement::template)
          .containsExactly("execute", "parse");
      assertThat(archive.statements())
          .extracting(Statement::outcome)
          .containsExactly(Outcome.SKIPPED_TO_SYNC, Outcome.ERROR);
      assertThat(archive.statements()).extracting(Statement::anchorFrame).containsExactly(2L, 1L);
      assertThat(Verifier.verify(archive, TrustedKeys.of(HostKey.test(1).verifierKey())).state())
          .isEqualTo(ArchiveState.VERIFIED);
    }
  }
}
