package dev.nestor.recorder.archive;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nestor.recorder.note.HostKey;
import dev.nestor.recorder.recording.ArchiveBuilder;
import dev.nestor.recorder.recording.Samples;
import dev.nestor.recorder.verify.ArchiveReport;
import dev.nestor.recorder.verify.ArchiveState;
import dev.nestor.recorder.verify.TrustedKeys;
import dev.nestor.recorder.verify.Verifier;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What version 1.0 wrote is read forever. The file is `Samples.small(directory, 1)` as it was
/// then.
class GoldenArchiveTest {
  @TempDir private Path directory;

  @Test
  void versionOneIsReadAndVerified() throws Exception {
    Path file = directory.resolve("golden-1.0.pgrec");
    try (InputStream golden =
        Objects.requireNonNull(getClass().getResourceAsStream("golden-1.0.pgrec"))) {
      Files.copy(golden, file);
    }
    try (Archive archive = Archive.open(file)) {
      ArchiveReport report =
          Verifier.verify(archive, TrustedKeys.of(HostKey.test(1).verifierKey()));

      assertThat(report.findings()).isEmpty();
      assertThat(report.state()).isEqualTo(ArchiveState.VERIFIED);
      assertThat(report.frames()).isEqualTo(17);
      assertThat(report.segments().getFirst().root().toHex()).isEqualTo(ROOT);
      assertThat(archive.statements())
          .extracting(Statement::commandTag)
          .containsExactly("SELECT 5", "", "SELECT 1", "SELECT 2", "SELECT 1", "SELECT 1");
    }
  }

  @Test
  void theSameContentIsTheSameArchive() throws Exception {
    Samples.small(directory.resolve("a"), 1);
    Samples.small(directory.resolve("b"), 1);

    assertThat(ArchiveBuilder.file(directory.resolve("a"), 1))
        .hasSameBinaryContentAs(ArchiveBuilder.file(directory.resolve("b"), 1));
  }

  private static final String ROOT =
      "1e443a195d015e345cc0c71d5b05f0e34a0d0f63c75a767868c35b6ec4493fc1";
}
