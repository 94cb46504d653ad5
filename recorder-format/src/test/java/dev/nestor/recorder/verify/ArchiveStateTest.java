package dev.nestor.recorder.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nestor.recorder.archive.Archive;
import dev.nestor.recorder.chunk.Crc;
import dev.nestor.recorder.note.HostKey;
import dev.nestor.recorder.recording.ArchiveBuilder;
import dev.nestor.recorder.recording.Recorder;
import dev.nestor.recorder.recording.RecorderSettings;
import dev.nestor.recorder.recording.Samples;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// One archive for each of the nine states; what version 1 does not write is made from what it
/// does.
class ArchiveStateTest {
  private static final TrustedKeys TRUSTED = TrustedKeys.of(HostKey.test(1).verifierKey());
  private static final int CHUNK_AT = 4096;

  @TempDir private Path directory;

  private ArchiveState state() throws IOException {
    try (Archive archive = Archive.open(directory)) {
      return Verifier.verify(archive, TRUSTED).state();
    }
  }

  private void altered(Consumer<ByteBuffer> change) throws IOException {
    Samples.small(directory, 1);
    Path file = ArchiveBuilder.file(directory, 1);
    byte[] bytes = Files.readAllBytes(file);
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    change.accept(buffer);
    buffer.putInt(4092, Crc.of(bytes, 0, 4092));
    buffer.putInt(CHUNK_AT + 60, 0);
    buffer.putInt(CHUNK_AT + 60, Crc.of(bytes, CHUNK_AT, CHUNK_AT + 304));
    Files.write(file, bytes);
  }

  @Test
  void verified() throws Exception {
    altered(_ -> {});
    assertThat(state()).isEqualTo(ArchiveState.VERIFIED);
  }

  @Test
  void newerFormatComesBeforeDamage() throws Exception {
    altered(b -> b.putShort(8, (short) 2));
    assertThat(state()).isEqualTo(ArchiveState.NEWER_FORMAT);
  }

  @Test
  void damaged() throws Exception {
    altered(b -> b.put(CHUNK_AT + 310, (byte) ~b.get(CHUNK_AT + 310)));
    assertThat(state()).isEqualTo(ArchiveState.DAMAGED);
  }

  @Test
  void unsignedWithoutACheckpoint() throws Exception {
    ArchiveBuilder archive = ArchiveBuilder.forTests(directory, 1);
    archive.event(0, Samples.T0, Samples.head(1));
    archive.sealChunk();
    archive.abandon();
    assertThat(state()).isEqualTo(ArchiveState.UNSIGNED);
  }

  @Test
  void unknownSigner() throws Exception {
    Samples.small(directory, 2);
    assertThat(state()).isEqualTo(ArchiveState.UNKNOWN_SIGNER);
  }

  @Test
  void lockedWhereALaneIsEncrypted() throws Exception {
    altered(b -> b.put(CHUNK_AT + 128 + 16 * 2 + 2, (byte) 1));
    assertThat(state()).isEqualTo(ArchiveState.LOCKED);
  }

  @Test
  void growingWhileARecorderLives() throws Exception {
    Path shm = Files.createDirectories(directory.resolve("shm"));
    try (Recorder recorder =
        Recorder.start(
            RecorderSettings.of(directory, HostKey.test(1))
                .withRingDirectory(shm)
                .withRingBytes(1 << 20)
                .withSealAfter(java.time.Duration.ofMillis(10)))) {
      for (int i = 0; i < 100 && state() == ArchiveState.UNSIGNED; i++) {
        Thread.sleep(100); // until the first checkpoint
      }
      assertThat(state()).isEqualTo(ArchiveState.GROWING);
      assertThat(recorder.failure()).isEmpty();
    }
    assertThat(state()).isEqualTo(ArchiveState.VERIFIED);
  }

  @Test
  void incompleteWithoutAnEnd() throws Exception {
    ArchiveBuilder archive = ArchiveBuilder.forTests(directory, 1);
    Samples.fill(archive);
    archive.sealChunk();
    archive.abandon();
    try (Archive open = Archive.open(directory)) {
      ArchiveReport report = Verifier.verify(open, TRUSTED);
      assertThat(report.state()).isEqualTo(ArchiveState.INCOMPLETE);
      assertThat(report.unsignedFrames()).isEqualTo(9);
    }
  }

  @Test
  void redactedWhereALaneWasShredded() throws Exception {
    altered(b -> b.put(CHUNK_AT + 128 + 16 * 2 + 1, (byte) 0x7E));
    assertThat(state()).isEqualTo(ArchiveState.REDACTED);
  }
}
