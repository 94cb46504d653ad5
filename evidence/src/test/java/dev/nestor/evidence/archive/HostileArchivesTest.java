package dev.nestor.evidence.archive;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nestor.evidence.integrity.IntegrityReport;
import dev.nestor.evidence.integrity.IntegrityState;
import dev.nestor.evidence.integrity.TrustedSigners;
import dev.nestor.evidence.integrity.VerificationProgress;
import dev.nestor.evidence.testing.RecordedStory;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.zip.CRC32C;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Whatever a file holds, it opens with a state and a text, can be walked through, and never
/// verifies unless it is what was signed.
class HostileArchivesTest {
  private static final int TRAILER = 64;

  @TempDir static Path folder;
  private static byte[] whole;
  private static TrustedSigners trusted;

  @BeforeAll
  static void write() throws IOException {
    RecordedStory.Written story = RecordedStory.write(folder.resolve("evidence"), "story", 51);
    whole = Files.readAllBytes(story.file());
    trusted = TrustedSigners.read(Files.writeString(folder.resolve("nestor.vkey"), story.vkey()));
  }

  /// Opens it, reads everything that a screen would, and verifies it.
  private static IntegrityReport walk(byte[] content) throws IOException {
    Path file = Files.write(Files.createTempFile(folder, "hostile", ".pgrec"), content);
    try (EvidenceArchive archive = EvidenceArchives.open(file, Optional.of(folder))) {
      ArchiveCard card = archive.card();
      assertThat(card.state()).isNotNull();
      if (card.state() == IntegrityState.DAMAGED) {
        assertThat(card.problem()).isNotBlank();
      }
      for (SessionCard session : archive.sessions()) {
        SessionReplay replay = archive.replay(session.number());
        for (long at = 0; at < replay.size(); at++) {
          read(replay, at);
        }
      }
      long[] facts = {0};
      archive.statements(fact -> facts[0]++ < 1_000_000);
      archive.trail();
      archive.eventsOfNoSession();
      return archive.verify(trusted, VerificationProgress.SILENT);
    } finally {
      Files.delete(file);
    }
  }

  /// What cannot be read is an [IOException] with words, and the list shows them.
  private static void read(SessionReplay replay, long at) {
    try {
      replay.row(at);
      replay.detail(at);
      FrameRows frames = replay.frames(at);
      for (int i = 0; i < frames.size(); i++) {
        frames.frame(i);
      }
    } catch (IOException e) {
      assertThat(e.getMessage()).isNotBlank();
    }
  }

  private static void assertNotVerified(byte[] content, String what) throws IOException {
    IntegrityReport report = walk(content);
    assertThat(report.state()).as(what).isNotEqualTo(IntegrityState.VERIFIED);
    assertThat(report.state().json()).isNotBlank();
  }

  @Test
  void theUnchangedOneVerifies() throws IOException {
    assertThat(walk(whole).state()).isEqualTo(IntegrityState.VERIFIED);
  }

  @Test
  void flips() throws IOException {
    for (int at = 0; at < whole.length; at += Math.max(1, whole.length / 120)) {
      byte[] changed = whole.clone();
      changed[at] ^= (byte) (1 << at % 8);
      assertNotVerified(changed, "flip at " + at);
    }
  }

  @Test
  void cuts() throws IOException {
    for (int length = 0; length < whole.length; length += Math.max(1, whole.length / 40)) {
      assertNotVerified(Arrays.copyOf(whole, length), "cut at " + length);
    }
  }

  /// Lies whose checksum holds.
  @Test
  void liesAboutLengths() throws IOException {
    for (int field = 8; field <= 48; field += 8) {
      for (long lie :
          new long[] {0, 1, -1, Long.MAX_VALUE, Long.MIN_VALUE, whole.length, 1L << 40}) {
        byte[] changed = whole.clone();
        int from = changed.length - TRAILER;
        ByteBuffer trailer = ByteBuffer.wrap(changed).order(ByteOrder.LITTLE_ENDIAN);
        if (trailer.getLong(from + field) == lie) {
          continue;
        }
        trailer.putLong(from + field, lie);
        CRC32C crc = new CRC32C();
        crc.update(changed, from, TRAILER - 4);
        trailer.putInt(changed.length - 4, (int) crc.getValue());
        assertNotVerified(changed, "trailer field " + field + " is " + lie);
      }
    }
  }

  @Test
  void whatIsNoArchiveAndWhatIsForeign() throws IOException {
    Map<String, byte[]> files = new LinkedHashMap<>();
    files.put("empty", new byte[0]);
    files.put("one byte", new byte[1]);
    files.put("zeros", new byte[1 << 20]);
    files.put("text", "select 1;\n".repeat(10_000).getBytes(StandardCharsets.UTF_8));
    files.put("bomb", gzip(new byte[32 << 20]));
    files.put("archive behind zeros", concat(new byte[8192], whole));
    files.put("zeros behind archive", concat(whole, new byte[8192]));
    files.put("twice", concat(whole, whole));
    files.put(
        "foreign key",
        Files.readAllBytes(RecordedStory.write(folder.resolve("other"), "other", 52).file()));
    for (Map.Entry<String, byte[]> each : files.entrySet()) {
      assertNotVerified(each.getValue(), each.getKey());
    }
    assertThat(walk(files.get("foreign key")).state()).isEqualTo(IntegrityState.UNKNOWN_SIGNER);
  }

  private static byte[] gzip(byte[] content) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream zip = new GZIPOutputStream(out)) {
      zip.write(content);
    }
    return out.toByteArray();
  }

  private static byte[] concat(byte[] first, byte[] second) {
    byte[] all = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, all, first.length, second.length);
    return all;
  }
}
