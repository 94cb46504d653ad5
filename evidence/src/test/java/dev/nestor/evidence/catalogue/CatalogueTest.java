package dev.nestor.evidence.catalogue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nestor.evidence.archive.EvidenceArchive;
import dev.nestor.evidence.archive.EvidenceArchives;
import dev.nestor.evidence.credential.HygieneRules;
import dev.nestor.evidence.integrity.IntegrityReport;
import dev.nestor.evidence.integrity.IntegrityState;
import dev.nestor.evidence.integrity.TrustedSigners;
import dev.nestor.evidence.integrity.VerificationProgress;
import dev.nestor.evidence.survey.Survey;
import dev.nestor.evidence.testing.AgentsStory;
import dev.nestor.evidence.testing.RecordedStory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CatalogueTest {
  private static final Instant NOW = Instant.parse("2030-01-02T03:04:05Z");

  @TempDir Path folder;
  private Path cache;
  private Path file;
  private TrustedSigners trusted = TrustedSigners.NONE;

  @BeforeEach
  void write() throws IOException {
    cache = folder.resolve("cache");
    RecordedStory.Written written = AgentsStory.write(folder.resolve("evidence"), "agents", 51);
    file = written.file();
    trusted = new TrustedSigners(List.of(written.vkey()));
  }

  private Catalogue catalogue() {
    return new Catalogue(cache, Clock.fixed(NOW, ZoneOffset.UTC));
  }

  private IntegrityReport remember(Catalogue catalogue) throws IOException {
    FileState state = FileState.of(file).orElseThrow();
    try (EvidenceArchive archive = EvidenceArchives.open(file)) {
      catalogue.opened(archive.card(), state);
      IntegrityReport report = archive.verify(trusted, VerificationProgress.SILENT);
      catalogue.verified(file, state, trusted, report);
      return report;
    }
  }

  @Test
  void anArchiveThatWasVerifiedIsKnownAtTheNextStart() throws IOException {
    IntegrityReport report;
    try (Catalogue catalogue = catalogue()) {
      assertThat(catalogue.find(file, trusted)).isEmpty();
      report = remember(catalogue);
    }
    assertThat(report.state()).isEqualTo(IntegrityState.VERIFIED);

    try (Catalogue next = catalogue();
        EvidenceArchive archive = EvidenceArchives.open(file)) {
      assertThat(next.find(file, trusted))
          .contains(
              new KnownArchive(
                  archive.card(), Optional.of(new KnownArchive.Verified(report, NOW))));
    }
  }

  @Test
  void whatWasVerifiedByOtherSignersIsVerifiedAgain() throws IOException {
    try (Catalogue catalogue = catalogue()) {
      remember(catalogue);

      KnownArchive known = catalogue.find(file, TrustedSigners.NONE).orElseThrow();

      assertThat(known.verified()).isEmpty();
      assertThat(known.card().frames()).isPositive();
    }
  }

  @Test
  void anyChangeOfTheFileIsNoticed() throws IOException {
    try (Catalogue catalogue = catalogue()) {
      remember(catalogue);
      byte[] bytes = Files.readAllBytes(file);
      FileTime time = Files.getLastModifiedTime(file);

      bytes[bytes.length / 2] ^= 1;
      Files.write(file, bytes);
      assertThat(catalogue.find(file, trusted)).as("a changed byte").isEmpty();

      bytes[bytes.length / 2] ^= 1;
      Files.write(file, bytes);
      Files.setLastModifiedTime(file, FileTime.fromMillis(time.toMillis() + 1_000));
      assertThat(catalogue.find(file, trusted)).as("a later time").isEmpty();

      Files.write(file, java.util.Arrays.copyOf(bytes, bytes.length - 8));
      Files.setLastModifiedTime(file, time);
      assertThat(catalogue.find(file, trusted)).as("cut, its time set back").isEmpty();

      Files.delete(file);
      assertThat(catalogue.find(file, trusted)).as("gone").isEmpty();
    }
  }

  @Test
  void aVerificationOfAFileThatChangedMeanwhileIsNotKept() throws IOException {
    try (Catalogue catalogue = catalogue()) {
      FileState before = FileState.of(file).orElseThrow();
      try (EvidenceArchive archive = EvidenceArchives.open(file)) {
        catalogue.opened(archive.card(), before);
        IntegrityReport report = archive.verify(trusted, VerificationProgress.SILENT);
        Files.write(file, new byte[] {0}, java.nio.file.StandardOpenOption.APPEND);
        catalogue.verified(file, before, trusted, report);
      }
      assertThat(catalogue.find(file, trusted)).isEmpty();
    }
  }

  @Test
  void anArchiveThatChangedLosesItsVerificationWhenItIsOpenedAgain() throws IOException {
    try (Catalogue catalogue = catalogue()) {
      remember(catalogue);
      Files.setLastModifiedTime(file, FileTime.fromMillis(1_000_000));
      try (EvidenceArchive archive = EvidenceArchives.open(file)) {
        catalogue.opened(archive.card(), FileState.of(file).orElseThrow());
      }

      assertThat(catalogue.find(file, trusted).orElseThrow().verified()).isEmpty();
    }
  }

  @Test
  void nothingIsWrittenBesideTheEvidence() throws IOException {
    try (Catalogue catalogue = catalogue()) {
      remember(catalogue);
    }
    try (var beside = Files.list(file.getParent())) {
      assertThat(beside).containsExactly(file);
    }
  }

  @Test
  void aLostOrDamagedCatalogueIsMadeAnew() throws IOException {
    Path database = cache.resolve("catalogue.db");
    Random random = new Random(5);
    for (int round = 0; round < 12; round++) {
      try (Catalogue catalogue = catalogue()) {
        remember(catalogue);
        assertThat(catalogue.find(file, trusted)).as("round %d", round).isPresent();
      }
      byte[] bytes = Files.readAllBytes(database);
      switch (round % 4) {
        case 0 -> Files.delete(database);
        case 1 -> Files.write(database, "this is no database".repeat(500).getBytes("US-ASCII"));
        case 2 -> Files.write(database, java.util.Arrays.copyOf(bytes, bytes.length / 2));
        default -> {
          for (int i = 0; i < 400; i++) {
            bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
          }
          Files.write(database, bytes);
        }
      }
      try (Catalogue catalogue = catalogue()) {
        Optional<KnownArchive> known = catalogue.find(file, trusted);
        try (EvidenceArchive archive = EvidenceArchives.open(file)) {
          // Whatever it still says is what the archive says.
          known.ifPresent(each -> assertThat(each.card()).isEqualTo(archive.card()));
        }
      }
    }
  }

  @Test
  void aFolderThatCannotBeWrittenIsACatalogueThatKnowsNothing() throws IOException {
    cache = Files.writeString(folder.resolve("file"), "in the way").resolve("cache");
    try (Catalogue catalogue = catalogue()) {
      remember(catalogue);
      assertThat(catalogue.find(file, trusted)).isEmpty();
    }
  }

  @Test
  void aSurveyComesBackAsItWas() throws IOException {
    try (Catalogue catalogue = catalogue();
        EvidenceArchive archive = EvidenceArchives.open(file)) {
      Survey survey =
          Survey.of(List.of(archive), HygieneRules.standard(), Optional.empty(), () -> true);
      assertThat(survey.credentials()).isNotEmpty();
      assertThat(survey.findings()).isNotEmpty();

      catalogue.keep("key", survey);

      assertThat(catalogue.kept("key", Survey.class)).contains(survey);
      assertThat(catalogue.kept("another", Survey.class)).isEmpty();
      assertThat(catalogue.kept("key", IntegrityReport.class)).isEmpty();
    }
  }

  @Test
  void bytesThatAreNoRecordAreRefused() throws IOException {
    try (EvidenceArchive archive = EvidenceArchives.open(file)) {
      byte[] bytes = RecordBytes.write(archive.card());
      Random random = new Random(9);
      for (int round = 0; round < 2_000; round++) {
        byte[] changed = java.util.Arrays.copyOf(bytes, 1 + random.nextInt(bytes.length));
        changed[random.nextInt(changed.length)] ^= (byte) (1 << random.nextInt(8));
        try {
          RecordBytes.read(dev.nestor.evidence.archive.ArchiveCard.class, changed);
        } catch (dev.nestor.recorder.bytes.DamageException e) {
          assertThat(e).hasMessageStartingWith("not a ArchiveCard");
        }
      }
    }
  }
}
