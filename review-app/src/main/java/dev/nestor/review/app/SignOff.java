package dev.nestor.review.app;

import dev.nestor.evidence.campaign.Campaign;
import dev.nestor.evidence.campaign.Decision;
import dev.nestor.evidence.campaign.ReviewDraft;
import dev.nestor.evidence.campaign.ReviewItem;
import dev.nestor.review.campaign.CampaignViewModel;
import dev.nestor.review.ui.FrameList;
import dev.nestor.review.ui.ListRows;
import dev.nestor.review.ui.Words;
import java.util.List;
import java.util.function.Function;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.CheckBox;
import javafx.scene.control.Label;
import javafx.scene.control.PasswordField;
import javafx.scene.control.TextField;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;

/// What is about to be signed: the counts, how the reviewer worked, the evidence; then name,
/// passphrase and signature.
final class SignOff extends VBox {
  private final TextField name = new TextField(System.getProperty("user.name", ""));

  private final double changesHeight;

  SignOff(CampaignViewModel review, Runnable close) {
    setSpacing(10);
    getStyleClass().add("dialog-form");
    ReviewDraft draft = review.draft().orElseThrow();
    Campaign campaign = draft.campaign();
    Label what =
        new Label(
            "You are about to sign these %s. After signing they cannot be changed; a correction is a new review."
                .formatted(Words.counted(campaign.items().size(), "decision")));
    what.setWrapText(true);
    getChildren().add(what);
    for (Decision.Kind kind : Decision.Kind.values()) {
      int count = draft.counts().getOrDefault(kind, 0);
      if (count > 0 || kind == Decision.Kind.CERTIFY || kind == Decision.Kind.REVOKE) {
        fact(
            kind.done(),
            "%d, of which against the advice %d".formatted(count, against(draft, kind)));
      }
    }
    fact("Undecided", String.valueOf(campaign.items().size() - draft.decided()));
    FrameList<Change> changes = changes(draft);
    changesHeight = changes.getMinHeight();
    getChildren().add(changes);
    fact(
        "How you reviewed",
        "evidence opened for %d of %d · median %d s per item · %s decided as a group"
            .formatted(
                draft.evidenceOpened(),
                campaign.items().size(),
                draft.medianMillis() / 1_000,
                Words.counted(draft.groupDecisions(), "item")));
    fact(
        "Evidence",
        "%s, hashes included · population %s"
            .formatted(
                Words.counted(campaign.archives().size(), "archive"),
                Words.middle(campaign.populationSha256(), 20)));
    name.setPromptText("Your name");
    name.setAccessibleText("Your name");
    PasswordField passphrase = new PasswordField();
    passphrase.setPromptText("Passphrase of your key; a key is made where there is none");
    passphrase.setAccessibleText("Passphrase");
    CheckBox mine = new CheckBox("I reviewed these items and the decisions are mine.");
    Label wrong = new Label();
    wrong.getStyleClass().add("small");
    wrong.setWrapText(true);
    Button sign = new Button("Sign and finish");
    sign.getStyleClass().setAll("btn", "primary");
    sign.disableProperty()
        .bind(
            mine.selectedProperty()
                .not()
                .or(name.textProperty().isEmpty())
                .or(passphrase.textProperty().isEmpty()));
    Runnable run =
        () -> {
          if (!sign.isDisabled()) {
            review.sign(
                name.getText().strip(),
                passphrase.getText().toCharArray(),
                problem -> {
                  if (problem.isEmpty()) {
                    close.run();
                  } else {
                    wrong.setText(problem);
                  }
                });
          }
        };
    sign.setOnAction(_ -> run.run());
    passphrase.setOnAction(_ -> run.run());
    Region space = new Region();
    HBox.setHgrow(space, Priority.ALWAYS);
    HBox foot = new HBox(8, wrong, space, sign);
    foot.setAlignment(Pos.CENTER_LEFT);
    getChildren().addAll(name, mine, passphrase, foot);
  }

  private static long against(ReviewDraft draft, Decision.Kind kind) {
    return draft.campaign().items().stream()
        .filter(item -> item.recommendation() != kind)
        .flatMap(item -> draft.decision(item).stream())
        .filter(each -> each.kind() == kind && kind != Decision.Kind.DELEGATE)
        .count();
  }

  /// A line of the list of changes.
  private record Change(ReviewItem item, Decision decision) {}

  /// What will be other than it is now: everything that is not certified.
  private static FrameList<Change> changes(ReviewDraft draft) {
    List<Change> changes =
        draft.campaign().items().stream()
            .flatMap(item -> draft.decision(item).map(d -> new Change(item, d)).stream())
            .filter(each -> each.decision().kind() != Decision.Kind.CERTIFY)
            .toList();
    FrameList<Change> list =
        new FrameList<>(
            List.of(
                column("Decision", 104, each -> each.decision().kind().done(), "wide", "first"),
                column("Of", 190, each -> each.item().holder(), "wide"),
                column("What changes", -1, each -> each.decision().effect(each.item()), "wide")),
            FrameList.ROW,
            new ListRows<>(
                () -> changes,
                each ->
                    "%s, %s, %s"
                        .formatted(
                            each.decision().kind().done(),
                            each.item().title(),
                            each.decision().effect(each.item()))));
    list.setAccessibleText("What changes, " + Words.counted(changes.size(), "item"));
    list.setPlaceholder("Nothing changes: everything stays as it is.");
    list.setFocusTraversable(false);
    double height = 26 + Math.clamp(changes.size(), 1, 6) * FrameList.ROW;
    list.setMinHeight(height);
    list.setPrefHeight(height);
    list.setMaxHeight(height);
    return list;
  }

  private static FrameList.Column<Change> column(
      String title, double width, Function<Change, String> text, String... styles) {
    return new FrameList.Column<>(title, width, false, () -> FrameList.text(text, styles));
  }

  /// Height of the list of changes, px.
  double changesHeight() {
    return changesHeight;
  }

  Node firstField() {
    return name;
  }

  private void fact(String key, String value) {
    Label k = new Label(key);
    k.setMinWidth(130);
    k.setMaxWidth(130);
    k.getStyleClass().add("muted");
    Label v = new Label(value);
    v.setWrapText(true);
    HBox.setHgrow(v, Priority.ALWAYS);
    HBox line = new HBox(k, v);
    line.getStyleClass().add("limit");
    getChildren().add(line);
  }
}
