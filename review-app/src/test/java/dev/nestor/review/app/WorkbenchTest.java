package dev.nestor.review.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nestor.evidence.integrity.IntegrityState;
import dev.nestor.evidence.integrity.TrustedSigners;
import dev.nestor.review.InventedArchive;
import dev.nestor.review.library.LibraryEntry;
import dev.nestor.review.library.LibraryViewModel;
import dev.nestor.review.replay.Playhead;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Without a toolkit: everything runs at once on the calling thread.
class WorkbenchTest {
  @TempDir Path folder;
  private Workbench workbench;

  @BeforeEach
  void make() {
    LibraryViewModel library =
        new LibraryViewModel(
            path -> {
              String name = path.getFileName().toString();
              if (name.startsWith("gone")) {
                throw new IOException("gone");
              }
              return new InventedArchive(
                  path,
                  IntegrityState.valueOf(name.replace(".pgrec", "").toUpperCase(Locale.ROOT)),
                  InventedArchive.story());
            },
            TrustedSigners.NONE,
            Runnable::run,
            Runnable::run);
    workbench =
        new Workbench(
            library,
            Preferences.in(folder),
            Runnable::run,
            Runnable::run,
            (_, action) -> {
              action.run();
              return () -> {};
            });
  }

  private LibraryEntry open(String name, OptionalLong at) {
    workbench.open(List.of(folder.resolve(name)), at);
    return workbench.library().entries().getLast();
  }

  private Playhead playhead() {
    return workbench.replay().orElseThrow().playheadProperty().get();
  }

  @Test
  void aFileIsReplayedAtOnce() {
    open("verified.pgrec", OptionalLong.empty());

    assertThat(workbench.pageProperty().get()).isInstanceOf(Workbench.Page.Replay.class);
    assertThat(workbench.recent()).containsExactly(folder.resolve("verified.pgrec"));
  }

  @Test
  void aFileIsReplayedAtTheFrameThatWasNamed() {
    open("verified.pgrec", OptionalLong.of(75));

    assertThat(playhead()).isEqualTo(new Playhead(18, 2));
  }

  @Test
  void aFrameThatIsNotThereIsSaidAndTheArchiveIsShown() {
    open("verified.pgrec", OptionalLong.of(99_999));

    assertThat(workbench.statusProperty().get()).isEqualTo("verified.pgrec has no frame 99,999.");
    assertThat(workbench.replay()).isPresent();
  }

  @Test
  void whatIsDamagedLockedOrNewerIsExplainedFirst() {
    for (String state : List.of("damaged", "locked", "newer_format")) {
      open(state + ".pgrec", OptionalLong.empty());

      assertThat(workbench.pageProperty().get())
          .as(state)
          .isInstanceOf(Workbench.Page.Integrity.class);
    }
  }

  @Test
  void fromTheLibraryUnknownSignersAreExplainedToo() {
    LibraryEntry entry = open("unknown_signer.pgrec", OptionalLong.empty());
    assertThat(workbench.pageProperty().get()).isInstanceOf(Workbench.Page.Replay.class);

    workbench.openEntry(entry);

    assertThat(workbench.pageProperty().get()).isEqualTo(new Workbench.Page.Integrity(entry));
  }

  @Test
  void theVerifiedPartOfADamagedArchiveEndsThere() {
    LibraryEntry entry = open("damaged.pgrec", OptionalLong.empty());

    workbench.replayArchive(entry, OptionalLong.empty(), 120);
    workbench.replay().orElseThrow().last();

    assertThat(playhead()).isEqualTo(Playhead.row(29));
  }

  @Test
  void aFileThatCannotBeReadLeavesTheLibraryWithItsReason() {
    open("gone.pgrec", OptionalLong.empty());

    assertThat(workbench.pageProperty().get()).isEqualTo(new Workbench.Page.Library());
    assertThat(workbench.statusProperty().get()).startsWith("gone.pgrec: ");
  }

  @Test
  void goingSomewhereAnswersWhatIsWrongOrGoes() {
    assertThat(workbench.goTo("5")).isEqualTo("Open a session first.");
    open("verified.pgrec", OptionalLong.empty());

    assertThat(workbench.goTo("nowhere")).isEmpty(); // no place: a question
    assertThat(workbench.pageProperty().get()).isInstanceOf(Workbench.Page.Search.class);
    assertThat(workbench.goTo("#7")).isEmpty();
    assertThat(playhead()).isEqualTo(Playhead.row(6));
    assertThat(workbench.goTo("09:46:30")).isEmpty();
    assertThat(playhead()).isEqualTo(Playhead.row(30));
    assertThat(workbench.goTo("pgrec:7f1c/s/12/f/9")).isEmpty();
    assertThat(playhead()).isEqualTo(Playhead.row(2));
    assertThat(workbench.goTo("#999")).isEqualTo("This session has no statement 999.");
  }

  @Test
  void whereNothingFollowsItSaysSo() {
    open("verified.pgrec", OptionalLong.empty());
    workbench.replay().orElseThrow().last();

    workbench.stepTo(dev.nestor.review.replay.ReplayViewModel.EXCEPTIONS, true);

    assertThat(workbench.statusProperty().get())
        .isEqualTo("No masked, held, blocked or killed statement follows in this session.");
  }

  @Test
  void leavingAndComingBackKeepsThePlace() {
    open("verified.pgrec", OptionalLong.empty());
    workbench.goTo("#20");
    Playhead before = playhead();

    workbench.showLibrary();
    workbench.showReplay();

    assertThat(playhead()).isEqualTo(before);
  }
}
