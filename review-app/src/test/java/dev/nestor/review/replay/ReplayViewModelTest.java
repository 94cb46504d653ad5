package dev.nestor.review.replay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nestor.evidence.archive.DecisionKind;
import dev.nestor.evidence.archive.ReplayRow;
import dev.nestor.evidence.archive.StatementDetail;
import dev.nestor.evidence.integrity.IntegrityState;
import dev.nestor.review.InventedArchive;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.Test;

class ReplayViewModelTest {
  private final List<Duration> waits = new ArrayList<>();
  private final Deque<Runnable> ticks = new ArrayDeque<>();

  /// What the panes wait for comes at once; what playing waits for comes by [#tick].
  private final Ticker ticker =
      (wait, action) -> {
        if (wait.equals(Duration.ofMillis(60))) {
          action.run();
          return () -> {};
        }
        waits.add(wait);
        ticks.add(action);
        return () -> ticks.remove(action);
      };

  private void tick() {
    ticks.remove().run();
  }

  private ReplayViewModel replay() {
    return replay(Runnable::run);
  }

  private ReplayViewModel replay(Executor background) {
    return new ReplayViewModel(
        new InventedArchive(
                Path.of("/x/story.pgrec"), IntegrityState.VERIFIED, InventedArchive.story())
            .replay(12),
        Long.MAX_VALUE,
        background,
        Runnable::run,
        ticker);
  }

  private static long position(ReplayViewModel replay) {
    return replay.playheadProperty().get().position();
  }

  @Test
  void itBeginsAtTheFirstRowWithItsDetail() {
    ReplayViewModel replay = replay();

    assertThat(replay.playheadProperty().get()).isEqualTo(Playhead.row(0));
    assertThat(replay.shownProperty().get()).isInstanceOf(ReplayViewModel.Shown.OfStatement.class);
    assertThat(replay.selectedLine()).isZero();
  }

  @Test
  void exceptionsAreVisitedInOrderAndBack() {
    ReplayViewModel replay = replay();
    List<Long> there = new ArrayList<>();
    while (replay.stepTo(ReplayViewModel.EXCEPTIONS, true)) {
      there.add(position(replay));
    }
    assertThat(there).containsExactly(12L, 18L, 22L, 25L, 30L, 44L, 50L, 58L);

    replay.last();
    List<Long> back = new ArrayList<>();
    while (replay.stepTo(ReplayViewModel.EXCEPTIONS, false)) {
      back.add(position(replay));
    }
    assertThat(back.reversed()).isEqualTo(there);
  }

  @Test
  void steppingFramesOpensTheStatementAndGoesOnToTheNext() {
    ReplayViewModel replay = replay();

    for (int i = 0; i < 5; i++) {
      replay.stepFrame(true);
    }

    assertThat(replay.playheadProperty().get()).isEqualTo(new Playhead(1, 0));
    assertThat(replay.lines()).isEqualTo(60 + 8);
    assertThat(replay.line(replay.selectedLine())).isInstanceOf(ReplayLine.OfFrame.class);
  }

  @Test
  void steppingFramesBackIsTheSameWay() {
    ReplayViewModel replay = replay();
    List<Playhead> there = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      replay.stepFrame(true);
      there.add(replay.playheadProperty().get());
    }
    List<Playhead> back = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      back.add(replay.playheadProperty().get());
      replay.stepFrame(false);
    }

    assertThat(back.reversed()).isEqualTo(there);
  }

  @Test // A17: header, list, panes agree after any walk
  void afterRandomStepsEverythingShowsTheSameFrame() {
    ReplayViewModel replay = replay();
    Random random = new Random(20);
    for (int i = 0; i < 500; i++) {
      switch (random.nextInt(9)) {
        case 0 -> replay.stepFrame(true);
        case 1 -> replay.stepFrame(false);
        case 2 -> replay.stepStatement(true);
        case 3 -> replay.stepStatement(false);
        case 4 -> replay.stepTo(ReplayViewModel.EXCEPTIONS, random.nextBoolean());
        case 5 -> replay.goToFrame(1 + random.nextInt(240));
        case 6 -> replay.selectLine(random.nextLong(replay.lines()));
        case 7 -> replay.expandLine(random.nextLong(replay.lines()), random.nextBoolean());
        default -> replay.goToTime(InventedArchive.START.plusSeconds(random.nextInt(60)));
      }
      Playhead at = replay.playheadProperty().get();
      ReplayLine line = replay.line(replay.selectedLine());
      ReplayRow row = replay.currentProperty().get().orElseThrow();

      assertThat(line.position()).as("step %d", i).isEqualTo(at.position());
      assertThat((row.frame() - 1) / 4).as("step %d", i).isEqualTo(at.position());
      assertThat(replay.frameProperty().get().orElseThrow().frame())
          .as("step %d", i)
          .isEqualTo(row.frame() + Math.max(0, at.frame()));
      if (replay.shownProperty().get()
          instanceof ReplayViewModel.Shown.OfStatement(StatementDetail detail, _)) {
        assertThat(detail.row().frame()).as("step %d", i).isEqualTo(row.frame());
      }
    }
  }

  @Test
  void goingToAFrameInsideOfAStatementSelectsThatFrame() {
    ReplayViewModel replay = replay();

    assertThat(replay.goToFrame(51)).isTrue();

    assertThat(replay.playheadProperty().get()).isEqualTo(new Playhead(12, 2));
  }

  @Test
  void playingWaitsAsLongAsItTookAndSkipsGaps() {
    ReplayViewModel replay = replay();
    replay.changeSpeed(true);

    replay.playOrPause();
    tick();
    tick();

    assertThat(waits).containsOnly(Duration.ofMillis(500));
    assertThat(position(replay)).isEqualTo(2);
  }

  @Test
  void pausingTakesTheNextStepBack() {
    ReplayViewModel replay = replay();
    replay.playOrPause();

    replay.playOrPause();

    assertThat(replay.playingProperty().get()).isFalse();
    assertThat(ticks).isEmpty();
  }

  @Test
  void playingEndsWithTheSession() {
    ReplayViewModel replay = replay();
    replay.last();
    replay.stepStatement(false);

    replay.playOrPause();
    tick();

    assertThat(replay.playingProperty().get()).isFalse();
    assertThat(position(replay)).isEqualTo(59);
  }

  @Test
  void anAnswerToAQuestionThatIsNoLongerAskedIsDropped() {
    Deque<Runnable> tasks = new ArrayDeque<>();
    ReplayViewModel replay = replay(tasks::add);
    replay.goTo(Playhead.row(12));
    replay.goTo(Playhead.row(3));

    List<Runnable> late = new ArrayList<>(tasks);
    late.reversed().forEach(Runnable::run);

    assertThat(replay.shownProperty().get())
        .isInstanceOfSatisfying(
            ReplayViewModel.Shown.OfStatement.class,
            shown -> assertThat(shown.detail().row().frame()).isEqualTo(13));
  }

  @Test
  void aRowThatIsNotReadYetIsPendingAndNeverWaitedFor() {
    ReplayViewModel replay = replay(_ -> {});

    assertThat(replay.line(5)).isEqualTo(new ReplayLine.Pending(5));
  }

  @Test
  void rowsBehindWhatIsProvedSaySo() {
    ReplayViewModel replay = replay();
    replay.provedFramesProperty().set(40);

    assertThat(((ReplayLine.OfStatement) replay.line(9)).proved()).isTrue();
    assertThat(((ReplayLine.OfStatement) replay.line(10)).proved()).isFalse();
  }

  @Test
  void eachKindHasItsOwnStep() {
    ReplayViewModel replay = replay();
    replay.stepTo(Set.of(DecisionKind.KILL), true);
    assertThat(position(replay)).isEqualTo(58);
    assertThat(replay.stepTo(Set.of(DecisionKind.KILL), true)).isFalse();
    assertThat(position(replay)).isEqualTo(58);
  }

  private ReplayViewModel arriving(Executor background) {
    return new ReplayViewModel(
        new InventedArchive(
                Path.of("/x/story.pgrec"), IntegrityState.VERIFIED, InventedArchive.story())
            .arriving(),
        Long.MAX_VALUE,
        background,
        Runnable::run,
        ticker);
  }

  @Test
  void rowsThatComeLaterLeaveTheListUsable() {
    ReplayViewModel replay = arriving(Runnable::run);
    assertThat(replay.lines()).isZero();
    assertThat(replay.reading().isWhole()).isFalse();
    boolean[] whole = {false};

    replay.reading().start(() -> whole[0] = true);

    assertThat(whole).containsExactly(true);
    assertThat(replay.reading().shareProperty().get()).isEqualTo(1);
    assertThat(replay.lines()).isEqualTo(60);
    assertThat(position(replay)).isZero();
  }

  @Test
  void aFrameBehindTheRowsThatAreThereIsGoneToWhenItsRowComes() {
    ReplayViewModel replay = arriving(Runnable::run);

    assertThat(replay.goToFrame(4 * 47 + 1)).isTrue();
    assertThat(position(replay)).isEqualTo(-1);
    replay.reading().start(() -> {});

    assertThat(position(replay)).isEqualTo(47);
  }

  @Test
  void readingThatIsStoppedGoesOnFromThere() {
    Deque<Runnable> held = new ArrayDeque<>();
    ReplayViewModel replay = arriving(held::add);
    replay.reading().start(() -> {});
    replay.reading().stop();
    held.remove().run();
    assertThat(replay.reading().runningProperty().get()).isFalse();
    assertThat(replay.reading().isWhole()).isFalse();

    replay.reading().start(() -> {});
    while (!held.isEmpty()) {
      held.remove().run();
    }

    assertThat(replay.reading().isWhole()).isTrue();
    assertThat(replay.lines()).isEqualTo(60);
  }

  @Test
  void framesThatSomebodyOnlyPassedByAreNotRead() {
    Deque<Runnable> held = new ArrayDeque<>();
    ReplayViewModel replay = replay(held::add);
    for (int i = 0; i < 30; i++) {
      replay.stepStatement(true);
    }
    while (!held.isEmpty()) {
      held.remove().run();
    }

    assertThat(replay.frameProperty().get().orElseThrow().frame()).isEqualTo(4 * 30 + 1);
  }
}
