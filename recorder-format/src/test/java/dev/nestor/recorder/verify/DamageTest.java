package dev.nestor.recorder.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nestor.recorder.archive.Archive;
import dev.nestor.recorder.archive.Frame;
import dev.nestor.recorder.note.HostKey;
import dev.nestor.recorder.recording.ArchiveBuilder;
import dev.nestor.recorder.recording.ArchivePack;
import dev.nestor.recorder.recording.Samples;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Every bit and every cut of a small archive.
class DamageTest {
  private static final TrustedKeys TRUSTED = TrustedKeys.of(HostKey.test(1).verifierKey());

  @TempDir private Path directory;

  private Path file;
  private byte[] whole;
  private List<Long> chunkEnds;

  @BeforeEach
  void write() throws IOException {
    try (ArchiveBuilder archive = ArchiveBuilder.forTests(directory, 1)) {
      Samples.fill(archive, 10); // a short time keeps the summary small
    }
    file = ArchiveBuilder.file(directory, 1);
    whole = Files.readAllBytes(file);
    try (Archive archive = Archive.open(file)) {
      chunkEnds =
          archive.segments().getFirst().chunks().stream()
              .map(chunk -> (chunk.offset() + chunk.bytes() + 7) & ~7L)
              .toList();
    }
  }

  @Test // tamper evidence is a claim about every bit, so the test is about every bit
  void everyFlippedBitIsReported() throws Exception {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      for (int bit = 0; bit < whole.length * Byte.SIZE; bit++) {
        int at = bit / Byte.SIZE;
        byte flipped = (byte) (whole[at] ^ (1 << bit % Byte.SIZE));
        channel.write(ByteBuffer.wrap(new byte[] {flipped}), at);
        try (Archive archive = Archive.open(file)) {
          ArchiveReport report =
              Verifier.verify(archive, TRUSTED, (_, _, findings) -> findings == 0);
          assertThat(report.state())
              .as("bit %d of byte %d", bit % 8, at)
              .isNotEqualTo(ArchiveState.VERIFIED);
          assertThat(report.findings()).as("bit %d of byte %d", bit % 8, at).isNotEmpty();
        }
        channel.write(ByteBuffer.wrap(whole, at, 1), at);
      }
    }
  }

  @Test
  void withoutKeysAChangedByteIsReported() throws Exception {
    try (Archive archive = Archive.open(file)) {
      ArchiveReport report =
          Verifier.verify(archive, TRUSTED, VerificationDepth.STORED, Progress.none());
      assertThat(report.state()).isEqualTo(ArchiveState.VERIFIED);
      assertThat(report.segments().getFirst().chunks()).containsOnly(ChunkState.COMMITTED);
    }
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      for (int at = 0; at < whole.length; at++) {
        byte flipped = (byte) (whole[at] ^ 1 << at % Byte.SIZE);
        channel.write(ByteBuffer.wrap(new byte[] {flipped}), at);
        try (Archive archive = Archive.open(file)) {
          ArchiveReport report =
              Verifier.verify(
                  archive, TRUSTED, VerificationDepth.STORED, (_, _, findings) -> findings == 0);
          assertThat(report.state()).as("byte %d", at).isNotEqualTo(ArchiveState.VERIFIED);
        }
        channel.write(ByteBuffer.wrap(whole, at, 1), at);
      }
    }
  }

  @Test // what the content root covers, a keyless verification knows from the signed index
  void withoutKeysAForgedChunkHeaderIsReported() throws Exception {
    byte[] forged = whole.clone();
    ByteBuffer record = ByteBuffer.wrap(forged, 4096, 304).slice().order(ByteOrder.LITTLE_ENDIAN);
    record.putLong(88, record.getLong(88) + 1); // the time of the first frame
    record.putInt(60, 0);
    CRC32C crc = new CRC32C();
    crc.update(forged, 4096, 304);
    record.putInt(60, (int) crc.getValue());
    Files.write(file, forged);

    try (Archive archive = Archive.open(file)) {
      ArchiveReport report =
          Verifier.verify(archive, TRUSTED, VerificationDepth.STORED, Progress.none());
      assertThat(report.state()).isEqualTo(ArchiveState.DAMAGED);
    }
  }

  @Test
  void everyCutLeavesTheExactPrefix() throws Exception {
    for (int length = whole.length - 1; length >= 0; length--) {
      try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
        channel.truncate(length);
      }
      try (Archive archive = Archive.open(file)) {
        long chunks = 0;
        for (long end : chunkEnds) {
          chunks += end <= length ? 1 : 0;
        }
        long read =
            archive.segments().isEmpty() ? 0 : archive.segments().getFirst().chunks().size();
        assertThat(read).as("chunks of %d bytes", length).isEqualTo(chunks);
        long counted = archive.frameCount();
        assertThat(archive.frames(1).mapToLong(Frame::no).toArray())
            .as("frames of %d bytes", length)
            .hasSize((int) counted);
        ArchiveReport report = Verifier.verify(archive, TRUSTED);
        assertThat(report.state())
            .as("state of %d bytes", length)
            .isIn(ArchiveState.INCOMPLETE, ArchiveState.UNSIGNED, ArchiveState.DAMAGED);
        if (length >= 4096) {
          assertThat(report.state())
              .as("state of %d bytes: %s", length, report.findings())
              .isNotEqualTo(ArchiveState.DAMAGED);
          assertThat(report.frames()).as("frames of %d bytes", length).isEqualTo(counted);
        }
      }
    }
  }

  @Test
  void aDamagedChunkLeavesTheOthersReadable() throws Exception {
    byte[] altered = whole.clone();
    altered[4096 + 320] ^= 1;
    Files.write(file, altered);

    try (Archive archive = Archive.open(file)) {
      ArchiveReport report = Verifier.verify(archive, TRUSTED);

      assertThat(report.state()).isEqualTo(ArchiveState.DAMAGED);
      assertThat(report.findings())
          .singleElement()
          .satisfies(f -> assertThat(f.offset()).isEqualTo(4096))
          .satisfies(f -> assertThat(f.frame()).isEqualTo(1));
      assertThat(report.segments().getFirst().chunks())
          .containsExactly(ChunkState.DAMAGED, ChunkState.PROVED, ChunkState.PROVED);
      assertThat(archive.frames(1)).hasSize(9);
      assertThat(archive.damage()).hasSize(1);
    }
  }

  @Test
  void aRecordTakenOutIsDamage() throws Exception {
    int from = chunkEnds.get(0).intValue();
    int to = chunkEnds.get(1).intValue();
    byte[] without = new byte[whole.length - (to - from)];
    System.arraycopy(whole, 0, without, 0, from);
    System.arraycopy(whole, to, without, from, whole.length - to);
    Files.write(file, without);

    try (Archive archive = Archive.open(file)) {
      assertThat(Verifier.verify(archive, TRUSTED).state()).isEqualTo(ArchiveState.DAMAGED);
    }
  }

  @Test
  void anotherHostsArchiveHasAnUnknownSigner() throws Exception {
    try (Archive archive = Archive.open(file)) {
      ArchiveReport report =
          Verifier.verify(archive, TrustedKeys.of(HostKey.test(2).verifierKey()));

      assertThat(report.state()).isEqualTo(ArchiveState.UNKNOWN_SIGNER);
      assertThat(report.segments().getFirst().signer()).isEqualTo("nestor-test-1");
    }
  }

  @Test
  void aPackedArchiveIsTheSameArchive() throws Exception {
    Path recorded = directory.resolve("recorded");
    try (ArchiveBuilder archive = ArchiveBuilder.forTests(recorded, 1)) {
      Samples.fill(archive);
      archive.nextSegment(1_767_225_700_000_000_000L, Samples.T0 + 10_000, List.of());
      Samples.fill(archive);
      archive.nextSegment(1_767_225_800_000_000_000L, Samples.T0 + 20_000, List.of());
      Samples.fill(archive);
    }
    Path packed = directory.resolve("packed.pgrec");
    ArchivePack.pack(recorded, packed);

    try (Archive one = Archive.open(packed);
        Archive many = Archive.open(recorded)) {
      assertThat(one.segments()).hasSize(3);
      assertThat(Verifier.verify(one, TRUSTED).findings()).isEmpty();
      assertThat(Verifier.verify(one, TRUSTED).state()).isEqualTo(ArchiveState.VERIFIED);
      assertThat(one.statements().toList()).isEqualTo(many.statements().toList());
    }
  }

  @Test
  void aSegmentTakenOutIsMissed() throws Exception {
    Path recorded = directory.resolve("recorded");
    try (ArchiveBuilder archive = ArchiveBuilder.forTests(recorded, 1)) {
      Samples.fill(archive);
      archive.nextSegment(1_767_225_700_000_000_000L, Samples.T0 + 10_000, List.of());
      Samples.fill(archive);
      archive.nextSegment(1_767_225_800_000_000_000L, Samples.T0 + 20_000, List.of());
      Samples.fill(archive);
    }
    Files.delete(ArchiveBuilder.file(recorded, 2));

    try (Archive archive = Archive.open(recorded)) {
      ArchiveReport report = Verifier.verify(archive, TRUSTED);
      assertThat(report.state()).isEqualTo(ArchiveState.INCOMPLETE);
      assertThat(report.findings())
          .singleElement()
          .satisfies(f -> assertThat(f.what()).contains("2"));
      assertThat(archive.missingSegments()).containsExactly(2L);
    }
  }
}
