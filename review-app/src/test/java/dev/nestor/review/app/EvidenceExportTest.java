package dev.nestor.review.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nestor.evidence.archive.EvidenceArchives;
import dev.nestor.evidence.campaign.ReviewItem;
import dev.nestor.evidence.integrity.TrustedSigners;
import dev.nestor.evidence.testing.RecordedStory;
import dev.nestor.review.library.LibraryViewModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Without a toolkit: everything runs at once on the calling thread.
class EvidenceExportTest {
  @TempDir Path folder;
  private Workbench workbench;

  @BeforeEach
  void open() throws IOException {
    Path file = RecordedStory.write(folder.resolve("evidence"), "story", 71).file();
    workbench =
        new Workbench(
            new LibraryViewModel(
                EvidenceArchives::open, TrustedSigners.NONE, Runnable::run, Runnable::run),
            Preferences.in(folder),
            Runnable::run,
            Runnable::run,
            (_, action) -> {
              action.run();
              return () -> {};
            });
    workbench.open(List.of(file), OptionalLong.empty());
  }

  private EvidenceExport.Selection selection() {
    return workbench.export().selection().orElseThrow();
  }

  @Test
  void eachPlaceOffersWhatItShows() throws IOException {
    workbench.showReplay();
    assertThat(selection().citations()).hasSize(1).first().asString().startsWith("pgrec:");
    workbench.ask("decision:blocked");
    assertThat(selection().citations()).hasSizeGreaterThan(1);
    assertThat(EvidenceExport.fileName(selection()))
        .isEqualTo("statements-with-decision-blocked.zip");
    workbench.prepareReview();
    assertThat(selection().citations()).isNotEmpty();
    workbench.showLibrary();
    assertThat(workbench.export().selection()).isEmpty();
  }

  @Test
  void aSignedReviewGoesIntoItsPackage() throws IOException {
    workbench.prepareReview();
    for (ReviewItem item : workbench.campaign().items()) {
      workbench.campaign().commentProperty().set("seen");
      workbench.campaign().decide(item.recommendation(), "orders.read");
    }
    List<String> wrong = new ArrayList<>();
    workbench.campaign().sign("raj", "correct horse".toCharArray(), wrong::add);
    assertThat(wrong).containsExactly("");
    Path target = folder.resolve("review.zip");
    workbench.export().write(selection(), target);
    assertThat(workbench.statusProperty().get()).startsWith("Packed");
    try (ZipFile zip = new ZipFile(target.toFile())) {
      ZipEntry signed = zip.getEntry("review.json");
      assertThat(zip.getInputStream(signed).readAllBytes())
          .isEqualTo(Files.readAllBytes(workbench.campaign().signed().orElseThrow()));
      assertThat(zip.getEntry("decisions.csv")).isNotNull();
    }
  }

  @Test
  void aPackageIsWrittenOnceAndSaysSo() throws IOException {
    workbench.ask("decision:blocked");
    Path target = folder.resolve("out").resolve("blocked.zip");
    Files.createDirectories(target.getParent());
    workbench.export().write(selection(), target);
    assertThat(workbench.statusProperty().get()).startsWith("Packed").contains("Verify.java");
    assertThat(target).isNotEmptyFile();
    workbench.export().write(selection(), target);
    assertThat(workbench.statusProperty().get()).startsWith("Not packed").contains("there already");
  }
}
