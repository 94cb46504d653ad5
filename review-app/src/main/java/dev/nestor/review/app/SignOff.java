package dev.nestor.review.app;

import dev.nestor.evidence.campaign.Campaign;
import dev.nestor.evidence.campaign.Decision;
import dev.nestor.evidence.campaign.ReviewDraft;
import dev.nestor.review.campaign.CampaignViewModel;
import dev.nestor.review.ui.Words;
import java.util.Locale;
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
    StringBuilder counts = new StringBuilder();
    for (Decision.Kind kind : Decision.Kind.values()) {
      int count = draft.counts().getOrDefault(kind, 0);
      counts
          .append(counts.isEmpty() ? "" : " · ")
          .append(count)
          .append(' ')
          .append(kind.done().toLowerCase(Locale.ROOT));
    }
    fact("Decisions", counts.toString());
    fact("Against the advice", draft.against() + ", each with a comment");
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
