package dev.nestor.recorder.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nestor.recorder.archive.Archive;
import dev.nestor.recorder.bytes.ByteSink;
import dev.nestor.recorder.chunk.Crc;
import dev.nestor.recorder.chunk.RecordHeader;
import dev.nestor.recorder.note.HostKey;
import dev.nestor.recorder.recording.ArchiveBuilder;
import dev.nestor.recorder.recording.Samples;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Archives by someone who knows the format and computes every CRC again.
class HostileTest {
  private static final TrustedKeys TRUSTED = TrustedKeys.of(HostKey.test(1).verifierKey());
  private static final int CHUNK_AT = 4096;

  @TempDir private Path directory;
  private Path file;
  private byte[] whole;

  @BeforeEach
  void write() throws IOException {
    Samples.small(directory, 1);
    file = ArchiveBuilder.file(directory, 1);
    whole = Files.readAllBytes(file);
  }

  /// Alters the first chunk and mends its CRCs.
  private byte[] altered(Consumer<ByteBuffer> change) {
    byte[] bytes = whole.clone();
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    change.accept(buffer);
    int header = buffer.getShort(CHUNK_AT + 6) & 0xFFFF;
    long body = buffer.getLong(CHUNK_AT + 24);
    if (header >= 64 && header <= 4096 && body >= 0 && body <= bytes.length - CHUNK_AT - header) {
      buffer.putInt(
          CHUNK_AT + 56, Crc.of(bytes, CHUNK_AT + header, (int) (CHUNK_AT + header + body)));
      buffer.putInt(CHUNK_AT + 60, 0);
      buffer.putInt(CHUNK_AT + 60, Crc.of(bytes, CHUNK_AT, CHUNK_AT + header));
    }
    return bytes;
  }

  private ArchiveReport open(byte[] bytes) throws IOException {
    Files.write(file, bytes);
    try (Archive archive = Archive.open(file)) {
      ArchiveReport report = Verifier.verify(archive, TRUSTED);
      archive.statements().forEach(each -> assertThat(each.number()).isPositive());
      archive.frames(1).forEach(frame -> frame.payload().isPresent());
      archive.sessions();
      return report;
    }
  }

  @Test
  void aBombIsDamageAndTakesNoMemory() throws Exception {
    for (int lane = 0; lane < 5; lane++) {
      int descriptor = CHUNK_AT + 128 + 16 * lane;
      for (int length : new int[] {Integer.MAX_VALUE, -1, 1 << 24, 9 << 20, 8 << 20}) {
        byte[] bytes =
            altered(b -> b.putInt(descriptor + 4, length).putInt(descriptor + 8, length));
        assertThat(open(bytes).state())
            .as("lane %d, %d bytes", lane, length)
            .isEqualTo(ArchiveState.DAMAGED);
      }
    }
  }

  @Test
  void countsThatLieAreDamage() throws Exception {
    for (int at : new int[] {80, 84, 108, 120}) {
      for (int count : new int[] {0, 1, 1000, 65_536, Integer.MAX_VALUE, -1}) {
        byte[] bytes = altered(b -> b.putInt(CHUNK_AT + at, count));
        if (!Arrays.equals(bytes, whole)) {
          assertThat(open(bytes).state()).as("%d at %d", count, at).isEqualTo(ArchiveState.DAMAGED);
        }
      }
    }
  }

  @Test
  void lengthsOfRecordsThatLieAreDamage() throws Exception {
    for (long length : new long[] {0, 8, 1L << 28, 1L << 40, Long.MAX_VALUE, -1}) {
      assertThat(open(altered(b -> b.putLong(CHUNK_AT + 24, length))).state())
          .as("%d", length)
          .isEqualTo(ArchiveState.DAMAGED);
    }
  }

  @Test
  void seed10AlteredChunksWithMendedCrcsAreReportedAndReadSafely() throws Exception {
    Random random = new Random(10);
    int chunkBytes =
        304 + (int) ByteBuffer.wrap(whole).order(ByteOrder.LITTLE_ENDIAN).getLong(CHUNK_AT + 24);
    for (int round = 0; round < 1500; round++) {
      int at = CHUNK_AT + 64 + random.nextInt(chunkBytes - 64);
      byte value = (byte) random.nextInt();
      byte[] bytes = altered(b -> b.put(at, value));
      if (!Arrays.equals(bytes, whole)) {
        assertThat(open(bytes).state())
            .as("round %d, byte %d", round, at)
            .isNotEqualTo(ArchiveState.VERIFIED);
      }
    }
  }

  @Test
  void aNewerMajorOrAnUnknownFlagIsANewerFormat() throws Exception {
    for (int at : new int[] {8, 16}) {
      byte[] bytes = whole.clone();
      bytes[at] += 2;
      ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putInt(4092, Crc.of(bytes, 0, 4092));
      assertThat(open(bytes).state()).isEqualTo(ArchiveState.NEWER_FORMAT);
    }
  }

  @Test
  void unknownCodecsAndCiphersAreTheirStates() throws Exception {
    int evt = CHUNK_AT + 128 + 16 * 3;
    assertThat(open(altered(b -> b.put(evt + 1, (byte) 9))).state())
        .isEqualTo(ArchiveState.NEWER_FORMAT);
    assertThat(open(altered(b -> b.put(evt + 2, (byte) 9))).state())
        .isEqualTo(ArchiveState.NEWER_FORMAT);
    assertThat(open(altered(b -> b.put(evt + 2, (byte) 1))).segments().getFirst().chunks())
        .contains(ChunkState.COMMITTED);
    assertThat(open(altered(b -> b.put(evt + 1, (byte) 0x7E))).segments().getFirst().chunks())
        .contains(ChunkState.WITHHELD);
  }

  @Test
  void aCriticalRecordOfAnUnknownTypeIsANewerFormat() throws Exception {
    byte[] bytes = altered(b -> b.put(CHUNK_AT + 4, (byte) 99));
    assertThat(open(bytes).state()).isEqualTo(ArchiveState.NEWER_FORMAT);
  }

  @Test
  void filesThatAreNoArchivesAreDamagedAndNothingElse() throws Exception {
    Random random = new Random(11);
    for (int round = 0; round < 50; round++) {
      byte[] noise = new byte[random.nextInt(20_000) + 1];
      random.nextBytes(noise);
      assertThat(open(noise).state()).isEqualTo(ArchiveState.DAMAGED);
    }
    byte[] header = Arrays.copyOf(whole, 4096);
    assertThat(open(header).state()).isEqualTo(ArchiveState.UNSIGNED);
    assertThat(new ByteSink().u32(RecordHeader.SYNC).toArray()).containsExactly('P', 'G', 'R', '1');
  }

  @Test
  void anArchiveInsideAnArchiveIsContent() throws Exception {
    Path outer = directory.resolve("outer");
    try (ArchiveBuilder archive = ArchiveBuilder.forTests(outer, 2)) {
      long session = archive.openSession();
      for (int at = 0; at < whole.length; at += 8000) {
        byte[] part = Arrays.copyOfRange(whole, at, Math.min(whole.length, at + 8000));
        archive.frame(
            session,
            dev.nestor.recorder.recording.Ring.Lane.RESULT,
            Samples.T0 + at,
            part,
            'd',
            1,
            0,
            part.length);
      }
      archive.attach(255, whole);
    }
    try (Archive archive = Archive.open(outer)) {
      ArchiveReport report =
          Verifier.verify(archive, TrustedKeys.of(HostKey.test(2).verifierKey()));
      assertThat(report.findings()).isEmpty();
      assertThat(report.state()).isEqualTo(ArchiveState.VERIFIED);
    }
  }
}
