package dev.nestor.review.replay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nestor.evidence.archive.EvidenceArchives;
import dev.nestor.evidence.integrity.TrustedSigners;
import dev.nestor.review.Toolkit;
import dev.nestor.review.app.Preferences;
import dev.nestor.review.app.Workstation;
import dev.nestor.review.ui.FrameList;
import dev.nestor.review.ui.Theme;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.control.Labeled;
import javafx.scene.control.TextArea;
import javafx.scene.input.Clipboard;
import javafx.scene.input.KeyCode;
import javafx.stage.Stage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.testfx.api.FxRobot;
import org.testfx.util.WaitForAsyncUtils;

/// The panes of Replay in the whole window, over an archive that the gateway recorded.
class ReplayPanesTest {
  private static final Path ARCHIVE = Path.of("../sample-sessions/3-quiet-export.pgrec");
  private static final Pattern FRAME = Pattern.compile("[Ff]rame ([0-9,]+)");

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
                  EvidenceArchives::open,
                  TrustedSigners.read(ARCHIVE.resolveSibling("nestor.vkey")),
                  Preferences.in(folder),
                  Theme.LIGHT,
                  1440,
                  900);
          stage = new Stage();
          made.show(stage);
          made.workbench().open(List.of(ARCHIVE), OptionalLong.empty());
          return made;
        });
    settle();
  }

  @AfterEach
  void close() throws Exception {
    Toolkit.run(stage::close);
  }

  private void settle() throws Exception {
    for (int quiet = 0; quiet < 3; ) {
      Thread.sleep(8);
      WaitForAsyncUtils.waitForFxEvents(2);
      boolean open = Toolkit.on(() -> workstation.workbench().replay().isPresent());
      quiet = open && workstation.isIdle() ? quiet + 1 : 0;
    }
  }

  private void type(KeyCode... codes) throws Exception {
    robot.push(codes);
    settle();
  }

  private Node root() {
    return workstation.view();
  }

  private List<String> texts(String selector) throws Exception {
    return Toolkit.on(() ->
        root().lookupAll(selector).stream()
            .filter(node -> node instanceof Labeled && node.isVisible())
            .map(node -> ((Labeled) node).getText())
            .filter(text -> text != null && !text.isEmpty())
            .toList());
  }

  private static long number(String text) {
    Matcher found = FRAME.matcher(text);
    assertThat(found.find()).as(text).isTrue();
    return Long.parseLong(found.group(1).replace(",", ""));
  }

  @Test // A17: one playhead
  void headerListStripAndWireAgreeAfter500RandomSteps() throws Exception {
    Random random = new Random(17);
    for (int i = 0; i < 500; i++) {
      int step = random.nextInt(7);
      int frame = 1 + random.nextInt(42);
      Toolkit.run(() -> {
        ReplayViewModel replay = workstation.workbench().replay().orElseThrow();
        switch (step) {
          case 0 -> replay.stepFrame(true);
          case 1 -> replay.stepFrame(false);
          case 2 -> replay.stepStatement(true);
          case 3 -> replay.stepStatement(false);
          case 4 -> replay.stepTo(ReplayViewModel.EXCEPTIONS, frame % 2 == 0);
          case 5 -> replay.goToFrame(frame);
          default -> replay.stepTransaction(frame % 2 == 0);
        }
      });
      if (i % 5 == 4) {
        settle();
        compare(i);
      }
    }
  }

  private void compare(int step) throws Exception {
    Toolkit.run(() -> {
      Label header =
          root().lookupAll(".transport .label").stream()
              .map(Label.class::cast)
              .filter(label -> label.getText().startsWith("frame "))
              .findFirst()
              .orElseThrow();
      Node wire =
          root().lookupAll(".pane-head .label").stream()
              .filter(node -> ((Label) node).getText().contains(" · frame "))
              .findFirst()
              .orElseThrow();
      FrameList<?> list =
          (FrameList<?>)
              root().lookupAll(".frame-list").stream()
                  .filter(node -> "Statements".equals(node.getAccessibleText()))
                  .findFirst()
                  .orElseThrow();
      Node row = (Node) list.queryAccessibleAttribute(javafx.scene.AccessibleAttribute.FOCUS_ITEM);
      TimelineStrip strip = (TimelineStrip) root().lookup(".strip");
      ReplayViewModel replay = workstation.workbench().replay().orElseThrow();
      long shown = number(header.getText());
      assertThat(number(row.getAccessibleText())).as("list, step %d", step).isEqualTo(shown);
      assertThat(number(((Label) wire).getText())).as("wire, step %d", step).isEqualTo(shown);
      java.time.Instant at = replay.currentProperty().get().orElseThrow().at();
      assertThat(strip.headMicros())
          .as("strip, step %d", step)
          .isEqualTo(at.getEpochSecond() * 1_000_000 + at.getNano() / 1_000);
    });
  }

  @Test
  void theRuleIsShownAsItWasAtItsLine() throws Exception {
    type(KeyCode.F8);
    type(KeyCode.SHIFT, KeyCode.R);

    assertThat(texts(".dialog .cell.code")).anyMatch(line -> line.contains("- id: pii.masked"));
    String selected =
        Toolkit.on(() ->
            root().lookupAll(".dialog .row").stream()
                .filter(row ->
                    row.getPseudoClassStates()
                        .contains(javafx.css.PseudoClass.getPseudoClass("selected")))
                .map(Node::getAccessibleText)
                .findFirst()
                .orElse(""));
    assertThat(selected).endsWith("- id: pii.masked");
  }

  @Test
  void threeLayoutsHaveKeys() throws Exception {
    assertThat(texts(".pane-head .h")).contains("Wire").doesNotContain("Fields", "State");
    type(KeyCode.CONTROL, KeyCode.ALT, KeyCode.DIGIT2);
    assertThat(texts(".pane-head .h")).contains("Statements", "Wire", "Fields", "State");
    type(KeyCode.CONTROL, KeyCode.ALT, KeyCode.DIGIT3);
    assertThat(texts(".pane-head .h")).contains("Query").doesNotContain("Statements", "Wire");
    type(KeyCode.CONTROL, KeyCode.ALT, KeyCode.DIGIT1);
    assertThat(texts(".pane-head .h")).contains("Statements", "Wire").doesNotContain("State");
  }

  @Test
  void theStateAtThePlayheadIsTheServersOwn() throws Exception {
    type(KeyCode.CONTROL, KeyCode.ALT, KeyCode.DIGIT2);
    type(KeyCode.END);

    assertThat(texts(".wire-fields .cell"))
        .anyMatch(text -> text.strip().equals("client_encoding"));
  }

  @Test
  void aResultIsCopiedWithItsProvenance() throws Exception {
    type(KeyCode.CLOSE_BRACKET);
    type(KeyCode.CONTROL, KeyCode.ALT, KeyCode.C);
    for (int i = 0; i < 3; i++) {
      type(KeyCode.DOWN);
    }
    type(KeyCode.ENTER);

    String copied = Toolkit.on(() -> Clipboard.getSystemClipboard().getString());
    assertThat(copied).contains("\"citation\" : \"pgrec:", "\"tier\"", "Verified");
  }

  @Test
  void spaceShowsACellWholeAndVARowAsAColumn() throws Exception {
    type(KeyCode.CLOSE_BRACKET);
    for (int i = 0; i < 3; i++) {
      type(KeyCode.F6);
    }
    type(KeyCode.RIGHT);
    type(KeyCode.SPACE);
    assertThat(texts(".dialog-head .h")).containsExactly("name, row 1 · text");
    String cell = Toolkit.on(() -> ((TextArea) root().lookup(".dialog .plain-text")).getText());
    assertThat(cell).isNotEmpty();
    type(KeyCode.ESCAPE);
    type(KeyCode.V);
    assertThat(texts(".dialog .cell")).contains("id", "name", "tier");
  }
}
