package dev.nestor.review.replay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nestor.evidence.integrity.IntegrityState;
import dev.nestor.evidence.integrity.TrustedSigners;
import dev.nestor.review.InventedArchive;
import dev.nestor.review.Toolkit;
import dev.nestor.review.app.Preferences;
import dev.nestor.review.app.Workbench;
import dev.nestor.review.app.Workstation;
import dev.nestor.review.ui.Theme;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.Callable;
import javafx.scene.Node;
import javafx.scene.input.KeyCode;
import javafx.stage.Stage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.testfx.api.FxRobot;
import org.testfx.util.WaitForAsyncUtils;

/// The keyboard map of Replay, typed by a robot into the whole window. No test uses the mouse.
class ReplayKeysTest {
  @TempDir static Path folder;

  private final FxRobot robot = new FxRobot();
  private Stage stage;
  private Workstation workstation;

  @BeforeAll
  static void start() {
    Toolkit.start();
  }

  @BeforeEach
  void open() throws Exception {
    workstation =
        Toolkit.on(() -> {
          Workstation made =
              new Workstation(
                  path ->
                      new InventedArchive(path, IntegrityState.VERIFIED, InventedArchive.story()),
                  TrustedSigners.NONE,
                  Preferences.in(folder),
                  Theme.LIGHT,
                  1440,
                  900);
          stage = new Stage();
          made.show(stage);
          made.workbench().open(List.of(Path.of("/x/story.pgrec")), OptionalLong.empty());
          return made;
        });
    settle();
    assertThat(on(() -> workstation.workbench().replay())).isPresent();
  }

  @AfterEach
  void close() throws Exception {
    Toolkit.run(stage::close);
  }

  private void settle() throws Exception {
    for (int quiet = 0; quiet < 3; ) {
      Thread.sleep(12);
      WaitForAsyncUtils.waitForFxEvents(2);
      quiet = workstation.isIdle() ? quiet + 1 : 0;
    }
  }

  private void type(KeyCode... codes) throws Exception {
    robot.push(codes);
    settle();
  }

  private static <T> T on(Callable<T> task) throws Exception {
    return Toolkit.on(task);
  }

  private ReplayViewModel replay() throws Exception {
    return on(() -> workstation.workbench().replay().orElseThrow());
  }

  private Playhead at() throws Exception {
    ReplayViewModel replay = replay();
    return on(() -> replay.playheadProperty().get());
  }

  @Test
  void f8VisitsExceptionsAndShiftF8GoesBack() throws Exception {
    type(KeyCode.F8);
    assertThat(at()).isEqualTo(Playhead.row(12));
    type(KeyCode.F8);
    assertThat(at()).isEqualTo(Playhead.row(18));
    type(KeyCode.SHIFT, KeyCode.F8);
    assertThat(at()).isEqualTo(Playhead.row(12));
  }

  @Test
  void shiftAndControlATakeRowsTogetherAndAnyOtherMoveLetsGo() throws Exception {
    ReplayViewModel replay = replay();
    type(KeyCode.DOWN);
    type(KeyCode.SHIFT, KeyCode.DOWN);
    type(KeyCode.SHIFT, KeyCode.DOWN);
    assertThat(on(() -> replay.selectionProperty().get())).isEqualTo(new RowSpan(1, 3));
    type(KeyCode.SHIFT, KeyCode.UP);
    assertThat(on(() -> replay.selectionProperty().get())).isEqualTo(new RowSpan(1, 2));
    assertThat(at()).isEqualTo(Playhead.row(2));
    type(KeyCode.CONTROL, KeyCode.A);
    assertThat(on(() -> replay.selectionProperty().get()))
        .isEqualTo(new RowSpan(0, on(replay::lines) - 1));
    assertThat(at()).isEqualTo(Playhead.row(2)); // nobody is taken elsewhere
    type(KeyCode.ESCAPE);
    assertThat(on(() -> replay.selectionProperty().get())).isEqualTo(new RowSpan(2, 2));
    type(KeyCode.SHIFT, KeyCode.END);
    assertThat(on(() -> replay.selectionProperty().get().from())).isEqualTo(2);
    type(KeyCode.UP);
    assertThat(on(() -> replay.selectionProperty().get().size())).isEqualTo(1);
  }

  @Test
  void eachDecisionHasAKey() throws Exception {
    type(KeyCode.SHIFT, KeyCode.H);
    assertThat(at()).isEqualTo(Playhead.row(25));
    type(KeyCode.SHIFT, KeyCode.M);
    assertThat(at()).isEqualTo(Playhead.row(30));
    type(KeyCode.SHIFT, KeyCode.X);
    assertThat(at()).isEqualTo(Playhead.row(50));
    type(KeyCode.SHIFT, KeyCode.K);
    assertThat(at()).isEqualTo(Playhead.row(58));
  }

  @Test
  void dotAndCommaStepFrames() throws Exception {
    type(KeyCode.PERIOD);
    assertThat(at()).isEqualTo(new Playhead(0, 0));
    type(KeyCode.PERIOD);
    type(KeyCode.PERIOD);
    assertThat(at()).isEqualTo(new Playhead(0, 2));
    type(KeyCode.COMMA);
    assertThat(at()).isEqualTo(new Playhead(0, 1));
  }

  @Test
  void bracketsStepStatements() throws Exception {
    type(KeyCode.CLOSE_BRACKET);
    type(KeyCode.CLOSE_BRACKET);
    assertThat(at()).isEqualTo(Playhead.row(2));
    type(KeyCode.OPEN_BRACKET);
    assertThat(at()).isEqualTo(Playhead.row(1));
  }

  @Test
  void homeAndEndAreTheFirstAndLastRow() throws Exception {
    type(KeyCode.END);
    assertThat(at()).isEqualTo(Playhead.row(59));
    type(KeyCode.HOME);
    assertThat(at()).isEqualTo(Playhead.row(0));
  }

  @Test
  void arrowsMoveAndOpenRows() throws Exception {
    type(KeyCode.DOWN);
    assertThat(at()).isEqualTo(Playhead.row(1));
    type(KeyCode.RIGHT);
    ReplayViewModel replay = replay();
    assertThat(on(replay::lines)).isEqualTo(64);
    type(KeyCode.DOWN);
    assertThat(at()).isEqualTo(new Playhead(1, 0));
    type(KeyCode.LEFT);
    assertThat(on(replay::lines)).isEqualTo(60);
    assertThat(at()).isEqualTo(Playhead.row(1));
  }

  @Test
  void spacePlaysAndPauses() throws Exception {
    robot.push(KeyCode.SPACE);
    WaitForAsyncUtils.waitForFxEvents();
    ReplayViewModel replay = replay();
    assertThat(on(() -> replay.playingProperty().get())).isTrue();
    type(KeyCode.SPACE);
    assertThat(on(() -> replay.playingProperty().get())).isFalse();
  }

  @Test
  void ctrlGGoesToAFrameThatIsTyped() throws Exception {
    type(KeyCode.CONTROL, KeyCode.G);
    for (KeyCode digit : List.of(KeyCode.DIGIT5, KeyCode.DIGIT1)) {
      type(digit);
    }
    type(KeyCode.ENTER);

    assertThat(at()).isEqualTo(new Playhead(12, 2));
  }

  @Test
  void whatIsTypedIntoAFieldMovesNothing() throws Exception {
    type(KeyCode.CONTROL, KeyCode.G);
    type(KeyCode.PERIOD);
    type(KeyCode.END);
    type(KeyCode.SHIFT, KeyCode.K);

    assertThat(at()).isEqualTo(Playhead.row(0));
  }

  @Test
  void ctrlTWritesTimesInAnotherZone() throws Exception {
    boolean before = on(() -> workstation.workbench().timesProperty().get().isUtc());
    type(KeyCode.CONTROL, KeyCode.T);
    type(KeyCode.CONTROL, KeyCode.T);

    assertThat(before).isTrue();
    assertThat(on(() -> workstation.workbench().timesProperty().get().isUtc())).isTrue();
  }

  @Test
  void ctrlOneAndTwoAreThePlaces() throws Exception {
    type(KeyCode.CONTROL, KeyCode.DIGIT1);
    assertThat(on(() -> workstation.workbench().pageProperty().get()))
        .isInstanceOf(Workbench.Page.Library.class);
    type(KeyCode.CONTROL, KeyCode.DIGIT4);
    assertThat(on(() -> workstation.workbench().pageProperty().get()))
        .isInstanceOf(Workbench.Page.Replay.class);
  }

  @Test
  void f6ReachesEveryPaneAndComesBack() throws Exception {
    Set<Node> owners = new HashSet<>();
    Node first = on(() -> stage.getScene().getFocusOwner());
    for (int i = 0; i < 6; i++) {
      owners.add(on(() -> stage.getScene().getFocusOwner()));
      type(KeyCode.F6);
    }

    assertThat(owners).hasSize(6);
    assertThat(on(() -> stage.getScene().getFocusOwner())).isEqualTo(first);
    type(KeyCode.SHIFT, KeyCode.F6);
    assertThat(on(() -> stage.getScene().getFocusOwner())).isNotEqualTo(first);
  }

  @Test
  void theSheetOfKeysOpensAndEscapeGivesTheFocusBack() throws Exception {
    Node before = on(() -> stage.getScene().getFocusOwner());
    type(KeyCode.F1);
    assertThat(on(() -> stage.getScene().getRoot().lookup(".key-sheet"))).isNotNull();

    type(KeyCode.ESCAPE);

    assertThat(on(() -> stage.getScene().getRoot().lookup(".key-sheet"))).isNull();
    assertThat(on(() -> stage.getScene().getFocusOwner())).isEqualTo(before);
  }

  @Test
  void thePaletteFindsACommandAndRunsIt() throws Exception {
    type(KeyCode.CONTROL, KeyCode.SHIFT, KeyCode.P);
    for (KeyCode letter :
        List.of(KeyCode.K, KeyCode.I, KeyCode.L, KeyCode.L, KeyCode.E, KeyCode.D)) {
      type(letter);
    }
    type(KeyCode.ENTER);

    assertThat(at()).isEqualTo(Playhead.row(58));
  }

  @Test
  void wShowsAndHidesTheBytes() throws Exception {
    assertThat(on(() -> stage.getScene().getRoot().lookup(".wire"))).isNotNull();
    type(KeyCode.W);
    assertThat(on(() -> stage.getScene().getRoot().lookup(".wire"))).isNull();
  }
}
