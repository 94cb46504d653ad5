package dev.nestor.recorder.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nestor.recorder.archive.Archive;
import dev.nestor.recorder.archive.Statement;
import dev.nestor.recorder.event.DecisionCode;
import dev.nestor.recorder.note.HostKey;
import dev.nestor.recorder.recording.Samples;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VerifierTest {
  private static final TrustedKeys TRUSTED = TrustedKeys.of(HostKey.test(1).verifierKey());

  @TempDir private Path directory;

  @Test
  void closedArchiveOfATrustedHostIsVerified() throws Exception {
    Samples.small(directory, 1);

    try (Archive archive = Archive.open(directory)) {
      ArchiveReport report = Verifier.verify(archive, TRUSTED);

      assertThat(report.findings()).isEmpty();
      assertThat(report.state()).isEqualTo(ArchiveState.VERIFIED);
      assertThat(report.unsignedFrames()).isZero();
      assertThat(report.frames()).isEqualTo(17);
    }
  }

  @Test
  void everyStatementIsReadBack() throws Exception {
    Samples.small(directory, 1);

    try (Archive archive = Archive.open(directory)) {
      List<Statement> statements = archive.statements().toList();
      assertThat(statements).hasSize(6);
      assertThat(statements)
          .extracting(Statement::counted)
          .containsExactly(
              DecisionCode.ALLOW,
              DecisionCode.BLOCK,
              DecisionCode.ALLOW,
              DecisionCode.MASK,
              DecisionCode.ALLOW,
              DecisionCode.ALLOW);
      assertThat(statements)
          .extracting(Statement::commandTag)
          .containsExactly("SELECT 5", "", "SELECT 1", "SELECT 2", "SELECT 1", "SELECT 1");
    }
  }
}
