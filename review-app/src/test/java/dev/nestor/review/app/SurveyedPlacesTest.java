package dev.nestor.review.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nestor.evidence.archive.EvidenceArchives;
import dev.nestor.evidence.integrity.TrustedSigners;
import dev.nestor.evidence.testing.AgentsStory;
import dev.nestor.review.Toolkit;
import dev.nestor.review.replay.ReplayViewModel;
import dev.nestor.review.ui.Theme;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import javafx.scene.control.Labeled;
import javafx.scene.input.KeyCode;
import javafx.stage.Stage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.testfx.api.FxRobot;
import org.testfx.util.WaitForAsyncUtils;

/// Lineage and Credentials in the whole window, by keys alone.
class SurveyedPlacesTest {
  @TempDir static Path folder;
  private static Path archive;

  private final FxRobot robot = new FxRobot();
  private Stage stage;
  private Workstation workstation;

  @BeforeAll
  static void start() throws Exception {
    archive = AgentsStory.write(folder, "agents", 79).file();
    Toolkit.start();
  }

  @BeforeEach
  void open() throws Exception {
    Path settings = Files.createTempDirectory(folder, "settings");
    workstation =
        Toolkit.on(() -> {
          Workstation made =
              new Workstation(
                  EvidenceArchives::open,
                  TrustedSigners.NONE,
                  Preferences.in(settings),
                  Theme.LIGHT,
                  1440,
                  900);
          stage = new Stage();
          made.show(stage);
          made.workbench().library().add(List.of(archive));
          return made;
        });
    settle();
  }

  @AfterEach
  void close() throws Exception {
    Toolkit.run(stage::close);
  }

  private void settle() throws Exception {
    for (int quiet = 0; quiet < 4; ) {
      Thread.sleep(10);
      WaitForAsyncUtils.waitForFxEvents(2);
      boolean settled = Toolkit.on(workstation.workbench()::isSettled);
      quiet = settled && workstation.isIdle() ? quiet + 1 : 0;
    }
  }

  private void type(KeyCode... codes) throws Exception {
    robot.push(codes);
    settle();
  }

  private List<String> texts(String selector) throws Exception {
    return Toolkit.on(() ->
        workstation.view().lookupAll(selector).stream()
            .filter(node -> node instanceof Labeled && node.isVisible())
            .map(node -> ((Labeled) node).getText())
            .filter(text -> text != null && !text.isEmpty())
            .toList());
  }

  private String page() throws Exception {
    return Toolkit.on(
        () -> workstation.workbench().pageProperty().get().getClass().getSimpleName());
  }

  @Test // T6: credentials used after revocation or expiry
  void theWorstFindingIsOnTopAndEnterReplaysItsFirstStatement() throws Exception {
    type(KeyCode.CONTROL, KeyCode.DIGIT6);
    assertThat(texts(".credentials .why-line")).first().asString().contains("HR-8");

    type(KeyCode.ENTER);

    assertThat(page()).isEqualTo("Replay");
    ReplayViewModel replay = Toolkit.on(() -> workstation.workbench().replay().orElseThrow());
    assertThat(Toolkit.on(() -> replay.currentProperty().get().orElseThrow().toString()))
        .contains("select sum(total) from orders");
  }

  @Test // from any statement by one key
  void lInReplayShowsWhereTheSessionsCredentialStands() throws Exception {
    Toolkit.run(() -> workstation.workbench().open(List.of(archive), OptionalLong.empty()));
    settle();
    String label =
        Toolkit.on(() ->
            workstation
                .workbench()
                .replay()
                .orElseThrow()
                .session()
                .credential()
                .orElseThrow()
                .label());

    type(KeyCode.L);

    assertThat(page()).isEqualTo("Lineage");
    assertThat(
            Toolkit.on(() ->
                workstation.workbench().lineage().selectedProperty().get().orElseThrow().detail()))
        .isEqualTo(label);
  }

  @Test
  void aFoldedTreeOpensWhenSiblingsAreNotFolded() throws Exception {
    type(KeyCode.CONTROL, KeyCode.DIGIT5);
    int folded = Toolkit.on(() -> workstation.workbench().lineage().lines().size());
    Toolkit.run(() -> workstation.workbench().lineage().foldProperty().set(false));
    settle();

    assertThat(Toolkit.on(() -> workstation.workbench().lineage().lines().size()))
        .isEqualTo(folded + 13);
  }

  private String focused() throws Exception {
    return Toolkit.on(() -> String.valueOf(stage.getScene().getFocusOwner().getAccessibleText()));
  }

  private String chosenPlace() throws Exception {
    return Toolkit.on(
        () -> workstation.workbench().lineage().selectedProperty().get().orElseThrow().key());
  }

  @Test
  void theGraphShowsThePlacesOfTheTreeAndSharesWhatIsChosen() throws Exception {
    type(KeyCode.CONTROL, KeyCode.DIGIT5);
    int places = Toolkit.on(() -> workstation.workbench().lineage().lines().size());
    String before = chosenPlace();
    type(KeyCode.V);

    assertThat(Toolkit.on(() -> workstation.view().lookupAll(".graph-box").size()))
        .isEqualTo(places);
    assertThat(chosenPlace()).isEqualTo(before);
    type(KeyCode.HOME);
    String root = chosenPlace();
    String spoken = focused();
    assertThat(spoken).contains("statement");
    type(KeyCode.RIGHT);
    assertThat(focused()).contains(" below ").isNotEqualTo(spoken);
    String child = chosenPlace();
    assertThat(child).isNotEqualTo(root);
    type(KeyCode.LEFT);
    assertThat(chosenPlace()).isEqualTo(root);
    type(KeyCode.RIGHT);
    type(KeyCode.V); // back in the tree, at the same place
    assertThat(chosenPlace()).isEqualTo(child);
    assertThat(focused()).isEqualTo("Identities and credentials");
  }

  @Test
  void everyLineOfTheGraphSaysHowSureItIs() throws Exception {
    type(KeyCode.CONTROL, KeyCode.DIGIT5);
    type(KeyCode.V);
    List<String> styles =
        Toolkit.on(() ->
            workstation.view().lookupAll(".graph-line").stream()
                .map(line -> line.getStyleClass().getLast())
                .sorted()
                .toList());

    assertThat(texts(".graph-word").stream().map(word -> word.toLowerCase(Locale.ROOT)).sorted())
        .isNotEmpty()
        .containsExactlyElementsOf(styles);
  }

  @Test // T1, from the keyboard
  void whoRanWhatThroughWhichAgentsIsOneQuestion() throws Exception {
    type(KeyCode.CONTROL, KeyCode.K);
    robot.write("verb:update table:carts");
    type(KeyCode.ENTER);

    assertThat(page()).isEqualTo("Search");
    assertThat(texts(".answer-box .label"))
        .containsExactly(
            "1 statement. 1 ran (12 rows updated).",
            "All by sql-agent, through planner-agent, on behalf of ana.ruiz@acme.");

    type(KeyCode.ENTER); // the first hit, replayed
    assertThat(page()).isEqualTo("Replay");
  }

  @Test // A14
  void aMistypedFieldIsRefusedWithItsPlaceAndAFix() throws Exception {
    type(KeyCode.CONTROL, KeyCode.K);
    robot.write("tabel:carts");
    type(KeyCode.ENTER);

    assertThat(texts(".answer-box .label"))
        .containsExactly("Unknown field `tabel`. Did you mean `table`?", "At character 1.");
    assertThat(texts(".answer-head .mono")).containsExactly("Try: table:carts");
  }

  @Test
  void theListOfActivitiesOpensAndClosesByKeys() throws Exception {
    type(KeyCode.CONTROL, KeyCode.SHIFT, KeyCode.A);
    assertThat(focused()).isEqualTo("Activities");
    assertThat(Toolkit.on(() -> workstation.view().lookup(".task-progress-view").isVisible()))
        .isTrue();
    type(KeyCode.ESCAPE);
    assertThat(Toolkit.on(() -> workstation.view().lookup(".task-progress-view"))).isNull();
  }

  @Test
  void otherLinesJudgeWhatWasReadAnew() throws Exception {
    type(KeyCode.CONTROL, KeyCode.DIGIT6);
    long before = Toolkit.on(() -> workstation.workbench().credentials().findings());
    type(KeyCode.P);
    assertThat(focused()).isEqualTo("Unused for too long after, days");
    type(KeyCode.TAB); // to the lifetime
    assertThat(focused()).isEqualTo("Longest lifetime, hours");
    type(KeyCode.CONTROL, KeyCode.A);
    robot.write("x");
    type(KeyCode.ENTER); // no number: nothing happens
    assertThat(texts(".dialog-form .exception"))
        .containsExactly("Longest lifetime, hours: a whole number from 1 to 87,600.");
    type(KeyCode.BACK_SPACE);
    robot.write("1");
    type(KeyCode.ENTER);

    assertThat(Toolkit.on(() -> workstation.workbench().credentials().rules().lifetimeMax()))
        .isEqualTo(java.time.Duration.ofHours(1));
    assertThat(Toolkit.on(() -> workstation.workbench().credentials().findings()))
        .isGreaterThan(before);
    assertThat(texts(".place-facts .label")).contains("credential-hygiene v2, lines changed here");
  }

  @Test
  void aDismissedFindingNeedsAReasonAndIsCounted() throws Exception {
    type(KeyCode.CONTROL, KeyCode.DIGIT6);
    long before = Toolkit.on(() -> workstation.workbench().credentials().findings());
    type(KeyCode.D);
    type(KeyCode.ENTER); // no reason: nothing happens
    assertThat(Toolkit.on(() -> workstation.workbench().credentials().dismissed())).isZero();
    robot.write("known job");
    type(KeyCode.ENTER);

    assertThat(Toolkit.on(() -> workstation.workbench().credentials().dismissed())).isEqualTo(1);
    assertThat(Toolkit.on(() -> workstation.workbench().credentials().findings()))
        .isEqualTo(before - 1);
  }
}
