package dev.nestor.review.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nestor.evidence.integrity.IntegrityState;
import dev.nestor.evidence.integrity.TrustedSigners;
import dev.nestor.review.InventedArchive;
import dev.nestor.review.Toolkit;
import dev.nestor.review.library.LibraryViewModel;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import javafx.concurrent.Task;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What runs in the background is held back here until the test lets it run.
class ActivitiesTest {
  @TempDir Path folder;
  private final Queue<Runnable> held = new ArrayDeque<>();

  @BeforeAll
  static void start() {
    Toolkit.start();
  }

  private void runNext() {
    held.remove().run();
  }

  private Workbench workbench() {
    LibraryViewModel library =
        new LibraryViewModel(
            path -> new InventedArchive(path, IntegrityState.VERIFIED, InventedArchive.story()),
            TrustedSigners.NONE,
            held::add,
            Runnable::run);
    return new Workbench(
        library,
        Preferences.in(folder),
        held::add,
        Runnable::run,
        (_, action) -> {
          action.run();
          return () -> {};
        });
  }

  private static List<String> titles(Activities activities) {
    return activities.running().stream().map(Task::getTitle).toList();
  }

  @Test
  void openingAndVerifyingAreListedWhileTheyRun() throws Exception {
    Toolkit.run(() -> {
      Workbench workbench = workbench();
      Activities activities = new Activities(workbench);
      assertThat(titles(activities)).isEmpty();

      workbench.library().add(List.of(folder.resolve("a.pgrec")));
      // Nothing tells of an archive before its first step: the page that is opened does.
      workbench.openEntry(workbench.library().entries().getFirst());
      assertThat(titles(activities)).containsExactly("Opening a.pgrec");

      runNext();
      assertThat(titles(activities))
          .contains("Verifying a.pgrec")
          .doesNotContain("Opening a.pgrec");
      while (!held.isEmpty()) {
        runNext();
      }
      assertThat(titles(activities)).isEmpty();
    });
  }

  @Test
  void aStoppedCheckLeavesTheListAtOnce() throws Exception {
    Toolkit.run(() -> {
      Workbench workbench = workbench();
      Activities activities = new Activities(workbench);
      workbench.library().add(List.of(folder.resolve("a.pgrec")));
      runNext();
      assertThat(titles(activities)).containsExactly("Verifying a.pgrec");

      activities.running().getFirst().cancel();
      assertThat(titles(activities)).isEmpty();
      workbench.showSearch(); // what is told meanwhile does not bring it back
      assertThat(titles(activities)).isEmpty();
    });
  }

  @Test
  void aSurveyCanBeStoppedAndIsReadAgainNextTime() throws Exception {
    Toolkit.run(() -> {
      Workbench workbench = workbench();
      Activities activities = new Activities(workbench);
      workbench.library().add(List.of(folder.resolve("a.pgrec")));
      runNext();
      runNext();
      workbench.showCredentials();
      assertThat(titles(activities)).containsExactly("Surveying 1 archive");

      activities.running().getFirst().cancel();
      assertThat(titles(activities)).isEmpty();
      workbench.showLineage();
      assertThat(titles(activities)).containsExactly("Surveying 1 archive");
    });
  }

  @Test
  void aPackageSaysHowFarItIs() throws Exception {
    Toolkit.run(() -> {
      Workbench workbench = workbench();
      Activities activities = new Activities(workbench);
      boolean[] stopped = {false};
      workbench
          .packing()
          .set(
              Optional.of(
                  new EvidenceExport.Packing(
                      folder.resolve("p.zip"), 25, 100, () -> stopped[0] = true)));

      Task<?> task = activities.running().getFirst();
      assertThat(task.getTitle()).isEqualTo("Packing p.zip");
      assertThat(task.getProgress()).isEqualTo(0.25);
      task.cancel();
      assertThat(stopped[0]).isTrue();
    });
  }

  @Test
  void anIndexSaysItsShareAndCanBeStopped() throws Exception {
    Toolkit.run(() -> {
      Workbench workbench = workbench();
      Activities activities = new Activities(workbench);
      InventedArchive large =
          new InventedArchive(
                  folder.resolve("a.pgrec"), IntegrityState.VERIFIED, InventedArchive.story())
              .unindexed();
      workbench.library().add(List.of(folder.resolve("a.pgrec")));
      boolean[] then = {false};
      workbench
          .indexing()
          .start(workbench.library().entries().getFirst(), large, () -> then[0] = true);
      Task<?> task =
          activities.running().stream()
              .filter(each -> each.getTitle().equals("Indexing a.pgrec"))
              .findFirst()
              .orElseThrow();
      assertThat(task.getProgress()).isZero();

      task.cancel();
      while (!held.isEmpty()) {
        runNext();
      }
      assertThat(titles(activities)).doesNotContain("Indexing a.pgrec");
      assertThat(large.isIndexed()).isFalse();
      assertThat(then[0]).isFalse();

      workbench
          .indexing()
          .start(workbench.library().entries().getFirst(), large, () -> then[0] = true);
      while (!held.isEmpty()) {
        runNext();
      }
      assertThat(large.isIndexed()).isTrue();
      assertThat(then[0]).isTrue();
    });
  }
}
