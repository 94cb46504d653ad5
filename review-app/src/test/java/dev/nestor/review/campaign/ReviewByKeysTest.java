package dev.nestor.review.campaign;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nestor.evidence.archive.EvidenceArchives;
import dev.nestor.evidence.campaign.Campaign;
import dev.nestor.evidence.campaign.CampaignFile;
import dev.nestor.evidence.campaign.Decision;
import dev.nestor.evidence.campaign.ReviewItem;
import dev.nestor.evidence.campaign.SignedReview;
import dev.nestor.evidence.integrity.TrustedSigners;
import dev.nestor.evidence.testing.AgentsStory;
import dev.nestor.evidence.testing.RecordedStory;
import dev.nestor.review.Keys;
import dev.nestor.review.Toolkit;
import dev.nestor.review.app.Preferences;
import dev.nestor.review.app.Workstation;
import dev.nestor.review.ui.Theme;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javafx.scene.control.CheckBox;
import javafx.scene.control.Control;
import javafx.scene.input.KeyCode;
import javafx.stage.Stage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A whole review, decided and signed by keys alone.
class ReviewByKeysTest {
  @TempDir static Path folder;
  private static List<Path> archives;

  private Path settings;
  private Stage stage;
  private Workstation workstation;

  @BeforeAll
  static void start() throws Exception {
    archives =
        List.of(
            AgentsStory.write(folder, "agents", 83).file(),
            RecordedStory.write(folder, "story", 84).file());
    Toolkit.start();
  }

  @BeforeEach
  void open() throws Exception {
    settings = Files.createTempDirectory(folder, "settings");
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
          made.workbench().library().add(archives);
          return made;
        });
    settle();
    Toolkit.run(() -> workstation.workbench().prepareReview());
    settle();
  }

  @AfterEach
  void close() throws Exception {
    Toolkit.run(stage::close);
  }

  private Keys keys() {
    return new Keys(workstation.view().getScene());
  }

  private void settle() throws Exception {
    for (int quiet = 0; quiet < 3; ) {
      Thread.sleep(2);
      boolean settled = Toolkit.on(() -> workstation.workbench().isSettled() && canType());
      quiet = settled && workstation.isIdle() ? quiet + 1 : 0;
    }
  }

  /// A field that has just appeared takes no text before the next pulse has given it a skin.
  private boolean canType() {
    return !(workstation.view().getScene().getFocusOwner() instanceof Control field)
        || field.getSkin() != null;
  }

  private void type(KeyCode... codes) throws Exception {
    keys().push(codes);
    settle();
  }

  private CampaignViewModel review() {
    return workstation.workbench().campaign();
  }

  private Optional<Decision> decision(int item) throws Exception {
    return Toolkit.on(() -> review().decision(review().items().get(item)));
  }

  @Test // A20
  void keysDecideUndoAndWalk() throws Exception {
    type(KeyCode.R); // without the comment that it needs
    assertThat(decision(0)).isEmpty();
    type(KeyCode.M);
    keys().write("offboarded");
    type(KeyCode.ENTER);
    type(KeyCode.R);
    assertThat(decision(0).orElseThrow().kind()).isEqualTo(Decision.Kind.REVOKE);
    assertThat(Toolkit.on(() -> review().selectedProperty().get())).isEqualTo(1);
    type(KeyCode.U);
    assertThat(decision(0)).isEmpty();
    type(KeyCode.J);
    type(KeyCode.K);
    type(KeyCode.K);
    assertThat(Toolkit.on(() -> review().selectedProperty().get())).isZero();
  }

  @Test
  void gPutsTheQueueInGroupsAndTheKeysWalkThroughThem() throws Exception {
    List<ReviewItem> items = Toolkit.on(() -> review().items());
    ReviewItem first = items.getFirst();
    for (ReviewQueue.Grouping grouping :
        List.of(
            ReviewQueue.Grouping.SUBJECT,
            ReviewQueue.Grouping.KIND,
            ReviewQueue.Grouping.ADVICE,
            ReviewQueue.Grouping.RISK)) {
      type(KeyCode.G);
      ReviewQueue queue = Toolkit.on(() -> review().queue());
      assertThat(queue.grouping()).isEqualTo(grouping);
      assertThat(queue.rows().stream().filter(row -> row.item().isPresent())).hasSize(items.size());
      assertThat(Toolkit.on(() -> review().item().orElseThrow())).isEqualTo(first);
      List<Integer> walked = new ArrayList<>();
      walked.add(0);
      for (int i = 1; i < items.size(); i++) {
        type(KeyCode.J);
        walked.add(Toolkit.on(() -> review().selectedProperty().get()));
      }
      assertThat(walked)
          .as("J goes through the groups, each item once")
          .containsExactlyElementsOf(
              queue.rows().stream().flatMapToInt(row -> row.item().stream()).boxed().toList());
      Toolkit.run(() -> review().selectedProperty().set(0));
      settle();
    }
  }

  @Test
  void enterReplaysTheEvidenceAndTheRecordKnows() throws Exception {
    type(KeyCode.ENTER);

    assertThat(Toolkit.on(() -> workstation.workbench().replay())).isPresent();
    type(KeyCode.CONTROL, KeyCode.DIGIT7);
    type(KeyCode.M);
    keys().write("seen");
    type(KeyCode.ENTER);
    type(KeyCode.R);
    assertThat(Toolkit.on(() -> review().draft().orElseThrow().evidenceOpened())).isEqualTo(1);
  }

  @Test
  void aReviewIsDecidedAndSignedByKeysAlone() throws Exception {
    List<ReviewItem> items = Toolkit.on(() -> review().items());
    type(KeyCode.SHIFT, KeyCode.S);
    assertThat(Toolkit.on(() -> review().signed())).isEmpty(); // undecided: no dialog either
    for (ReviewItem item : items) {
      type(KeyCode.M);
      type(KeyCode.CONTROL, KeyCode.A);
      keys().write("ok");
      type(KeyCode.ENTER);
      switch (item.recommendation()) {
        case CERTIFY -> type(KeyCode.C);
        case REDUCE -> {
          type(KeyCode.E);
          keys().write("orders.read");
          type(KeyCode.ENTER);
        }
        default -> type(KeyCode.R);
      }
    }
    assertThat(Toolkit.on(() -> review().draft().orElseThrow().decided())).isEqualTo(items.size());
    type(KeyCode.SHIFT, KeyCode.S);
    type(KeyCode.TAB);
    assertThat(Toolkit.on(() -> workstation.view().getScene().getFocusOwner()))
        .isInstanceOf(CheckBox.class);
    type(KeyCode.SPACE);
    type(KeyCode.TAB);
    keys().write("correct horse");
    type(KeyCode.ENTER);

    Path signed = Toolkit.on(() -> review().signed()).orElseThrow();
    SignedReview.Check check = SignedReview.verify(signed, Optional.empty());
    assertThat(check.genuine()).as(check.problem()).isTrue();
    assertThat(check.items()).isEqualTo(items.size());
    assertThat(settings.resolve("keys").resolve("reviewer.pub")).exists();
  }

  /// The items of the recordings again and again, each under a name of its own.
  private Path campaignOf(int count) throws Exception {
    Campaign small = Toolkit.on(() -> review().draft().orElseThrow().campaign());
    List<ReviewItem> items = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      ReviewItem from = small.items().get(i % small.items().size());
      items.add(
          new ReviewItem(
              "item-%02d".formatted(i),
              from.holder() + " " + i,
              from.subject(),
              from.credentials(),
              from.kind(),
              from.scopes(),
              from.issued(),
              from.expires(),
              from.uses(),
              from.grants(),
              from.risk(),
              from.recommendation(),
              from.reasonsFor(),
              from.reasonsAgainst(),
              from.evidence()));
    }
    Path file = folder.resolve("twenty.pgreview");
    CampaignFile.write(
        new Campaign(
            "Twenty items",
            small.prepared(),
            small.archives(),
            small.coveredFrom(),
            small.coveredTo(),
            small.gapsSeconds(),
            items,
            CampaignFile.populationSha256(items)),
        file);
    return file;
  }

  @Test
  void twentyItemsAreDecidedInAllSixWaysAndSignedByKeysAlone() throws Exception {
    Path file = campaignOf(20);
    Toolkit.run(() -> workstation.workbench().open(List.of(file), java.util.OptionalLong.empty()));
    settle();
    assertThat(Toolkit.on(() -> review().items())).hasSize(20);
    for (int i = 0; i < 20; i++) {
      type(KeyCode.M);
      type(KeyCode.CONTROL, KeyCode.A);
      keys().write("seen " + i);
      type(KeyCode.ENTER);
      switch (i % 6) {
        case 0 -> type(KeyCode.C);
        case 1 -> type(KeyCode.R);
        case 2 -> detailed(KeyCode.E, "orders.read");
        case 3 -> detailed(KeyCode.T, "30");
        case 4 -> detailed(KeyCode.D, "raj");
        default -> type(KeyCode.A);
      }
      assertThat(decision(i)).as("item %d: %s", i, review().messageProperty().get()).isPresent();
    }
    assertThat(Toolkit.on(() -> review().draft().orElseThrow().decided())).isEqualTo(20);
    assertThat(Toolkit.on(() -> review().draft().orElseThrow().counts()))
        .containsOnlyKeys(Decision.Kind.values());
    type(KeyCode.SHIFT, KeyCode.S);
    type(KeyCode.TAB);
    type(KeyCode.SPACE);
    type(KeyCode.TAB);
    keys().write("correct horse");
    type(KeyCode.ENTER);

    Path signed = Toolkit.on(() -> review().signed()).orElseThrow();
    SignedReview.Check check = SignedReview.verify(signed, Optional.empty());
    assertThat(check.genuine()).as(check.problem()).isTrue();
    assertThat(check.items()).isEqualTo(20);
  }

  private void detailed(KeyCode key, String detail) throws Exception {
    type(key);
    keys().write(detail);
    type(KeyCode.ENTER);
  }

  @Test
  void aDraftIsThereAgainAfterAStart() throws Exception {
    type(KeyCode.M);
    keys().write("once");
    type(KeyCode.ENTER);
    type(KeyCode.R);
    Path file;
    try (var files = Files.list(settings.resolve("reviews"))) {
      file = files.filter(each -> each.toString().endsWith(".pgreview")).findFirst().orElseThrow();
    }
    close();
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
          made.workbench().open(List.of(file), java.util.OptionalLong.empty());
          return made;
        });
    settle();

    assertThat(decision(0).orElseThrow().comment()).isEqualTo("once");
  }
}
