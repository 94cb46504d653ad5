package dev.nestor.recorder.recording;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nestor.recorder.archive.Archive;
import dev.nestor.recorder.archive.Segment;
import dev.nestor.recorder.event.RecordedEvent;
import dev.nestor.recorder.note.HostKey;
import dev.nestor.recorder.verify.ArchiveReport;
import dev.nestor.recorder.verify.ArchiveState;
import dev.nestor.recorder.verify.TrustedKeys;
import dev.nestor.recorder.verify.Verifier;
import java.nio.file.Path;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FullDiskTest {
  @TempDir private Path directory;

  @Test
  void closingRecordsAreWrittenFromTheReserve() throws Exception {
    ArchiveBuilder archive =
        ArchiveBuilder.create(
            directory,
            new ArchiveBuilder.Identity(
                HostKey.test(1), new UUID(1, 2), "host", "test", new Random(5), true),
            1_767_225_600_000_000_000L);
    long session = archive.openSession();
    archive.event(session, Samples.T0, Samples.head(1));
    Samples.query(
        archive,
        session,
        Samples.T0 + 10,
        "select 1",
        dev.nestor.recorder.event.DecisionCode.ALLOW,
        1);
    archive.sealChunk();
    archive.closeOnFullDisk(
        new RecordedEvent.Gap(
            RecordedEvent.GapCause.DISK, 0, 3, 0, Samples.T0 + 1000, Samples.T0 + 2000),
        Samples.T0 + 2000);

    try (Archive read = Archive.open(directory)) {
      Segment segment = read.segments().getFirst();
      assertThat(segment.trailer()).hasValueSatisfying(t -> assertThat(t.summaryOffset()).isZero());
      assertThat(segment.hasStoredSummary()).isFalse();
      assertThat(segment.summary().totals().gaps()).isOne();
      assertThat(segment.summary().totals().coverage()).hasSize(1);
      ArchiveReport report = Verifier.verify(read, TrustedKeys.of(HostKey.test(1).verifierKey()));
      assertThat(report.findings()).isEmpty();
      assertThat(report.state()).isEqualTo(ArchiveState.VERIFIED);
      assertThat(report.unsignedFrames()).isZero();
    }
  }

  @Test
  void aFileThatIsBeingWrittenEndsInRoomForTheClosingRecords() throws Exception {
    ArchiveBuilder archive =
        ArchiveBuilder.create(
            directory,
            new ArchiveBuilder.Identity(
                HostKey.test(1), new UUID(1, 2), "host", "test", new Random(5), true),
            1_767_225_600_000_000_000L);
    Samples.fill(archive);
    archive.sealChunk();
    archive.checkpoint();
    archive.abandon();

    try (Archive read = Archive.open(directory)) {
      Segment segment = read.segments().getFirst();
      assertThat(segment.bytes() - segment.tail())
          .isGreaterThanOrEqualTo(SegmentWriter.RESERVE_BYTES);
      assertThat(read.statements()).hasSize(6);
      ArchiveReport report = Verifier.verify(read, TrustedKeys.of(HostKey.test(1).verifierKey()));
      assertThat(report.state()).isEqualTo(ArchiveState.INCOMPLETE);
      assertThat(report.findings()).isEmpty();
      assertThat(report.unsignedFrames()).isZero();
    }
  }
}
