package dev.nestor.samples;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.nestor.evidence.archive.EvidenceArchive;
import dev.nestor.evidence.archive.EvidenceArchives;
import dev.nestor.evidence.integrity.IntegrityState;
import dev.nestor.evidence.integrity.TrustedSigners;
import dev.nestor.evidence.integrity.VerificationProgress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The archives that stand in the repository.
class SampleSessionsTest {
  private static final Path FOLDER = Path.of(System.getProperty("nestor.root"), "sample-sessions");

  /// Coprime to the sizes of records, so that headers, bodies and padding are all met.
  private static final int STRIDE = 61;

  private static TrustedSigners key() throws IOException {
    return TrustedSigners.read(FOLDER.resolve("nestor.vkey"));
  }

  private static List<Path> archives() throws IOException {
    try (Stream<Path> files = Files.list(FOLDER)) {
      return files.filter(file -> file.toString().endsWith(".pgrec")).sorted().toList();
    }
  }

  private static IntegrityState state(Path file, TrustedSigners trusted) throws IOException {
    try (EvidenceArchive archive = EvidenceArchives.open(file)) {
      return archive.verify(trusted, VerificationProgress.SILENT).state();
    }
  }

  @Test
  void theFiveVerifyWithThePublishedKeyAndWithoutItAreOfAnUnknownSigner() throws IOException {
    assertThat(archives()).hasSize(5);
    for (Path archive : archives()) {
      assertThat(state(archive, key())).as("%s", archive).isEqualTo(IntegrityState.VERIFIED);
      assertThat(state(archive, TrustedSigners.NONE))
          .as("%s", archive)
          .isEqualTo(IntegrityState.UNKNOWN_SIGNER);
    }
  }

  @Test
  void theirCountsAreThoseOfTheSummaryAndOfTheServersOwnLog() throws IOException {
    JsonNode summary = new ObjectMapper().readTree(FOLDER.resolve("summary.json").toFile());
    for (JsonNode story : summary.path("stories")) {
      try (EvidenceArchive archive =
          EvidenceArchives.open(FOLDER.resolve(story.path("archive").asText()))) {
        Recorded recorded = Recorded.of(archive);

        assertThat(recorded.statements()).hasSize(story.path("statements").asInt());
        assertThat(recorded.decisions().blocked())
            .isEqualTo(story.path("decisions").path("block").asLong());
        assertThat(recorded.raisedOnServer())
            .isEqualTo(story.path("server").path("raised").asLong());
        assertThat(story.path("server").path("statements").asLong())
            .isBetween(recorded.ranOnServer(), recorded.ranOnServer() + recorded.inFlightAtKill());
      }
    }
  }

  @Test
  void noDamagedCopyVerifies(@TempDir Path folder) throws IOException {
    Path copy = folder.resolve("copy.pgrec");
    for (Path archive : archives()) {
      byte[] bytes = Files.readAllBytes(archive);
      for (int at = 0; at < bytes.length; at += STRIDE) {
        byte[] damaged = bytes.clone();
        damaged[at] ^= 0x10;
        Files.write(copy, damaged);

        assertThat(state(copy, key()))
            .as("%s, byte %d", archive.getFileName(), at)
            .isNotEqualTo(IntegrityState.VERIFIED);
      }
    }
  }

  @Test
  void noTokenStandsInThem() throws IOException {
    for (Path archive : archives()) {
      String text = Files.readString(archive, java.nio.charset.StandardCharsets.ISO_8859_1);

      assertThat(text).as("%s", archive).doesNotContain("eyJ"); // how every JWT begins
    }
  }
}
