package dev.nestor.review.replay;

import dev.nestor.evidence.archive.DecisionDetail;
import dev.nestor.evidence.archive.DecisionKind;
import dev.nestor.evidence.archive.ReplayRow;
import dev.nestor.evidence.archive.StatementDetail;
import dev.nestor.review.ui.Chips;
import java.util.Locale;
import java.util.function.Function;
import javafx.geometry.Pos;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import org.kordamp.ikonli.bootstrapicons.BootstrapIcons;

/// What was decided, why, with what effect, by which rule of which policy.
final class DecisionCard extends VBox {
  private java.util.function.Consumer<DecisionDetail> showRule = _ -> {};

  void setShowRule(java.util.function.Consumer<DecisionDetail> action) {
    this.showRule = action;
  }

  DecisionCard() {
    getStyleClass().add("why");
    setMinHeight(USE_PREF_SIZE); // evidence is not cut for want of room; the query below gives way
  }

  void show(StatementDetail detail) {
    DecisionText text = DecisionText.of(detail);
    DecisionKind kind = detail.decision().kind();
    begin(kind.word().toLowerCase(Locale.ROOT));
    Label what = new Label(text.what());
    what.getStyleClass().add("h");
    Label rule = new Label(text.rule());
    rule.getStyleClass().add("mono");
    HBox line = new HBox(8, Chips.decision(kind), Chips.whole(what), rule);
    line.setAlignment(Pos.CENTER_LEFT);
    detail
        .findings()
        .forEach(finding -> {
          Label chip = Chips.note(BootstrapIcons.EXCLAMATION_TRIANGLE, finding.rule());
          chip.setTooltip(new javafx.scene.control.Tooltip(finding.text()));
          line.getChildren().add(chip);
        });
    if (!detail.decision().policySha256().isEmpty()) {
      Region space = new Region();
      HBox.setHgrow(space, Priority.ALWAYS);
      Button show = Chips.button(BootstrapIcons.BRACES, "Show rule");
      show.setTooltip(new javafx.scene.control.Tooltip("The policy of that time  (Shift+R)"));
      show.setFocusTraversable(false);
      show.setOnAction(_ -> showRule.accept(detail.decision()));
      line.getChildren().addAll(space, show);
    }
    getChildren().add(line);
    add("Why", text.why());
    add("Effect", text.effect());
    add("Policy", text.reference());
    setAccessibleText(
        "%s. %s %s. %s %s %s"
            .formatted(
                kind.word(),
                text.what(),
                text.rule(),
                text.why(),
                text.effect(),
                text.reference()));
  }

  void show(ReplayRow.Event event, Function<ReplayRow, String> time) {
    begin("allowed");
    Label chip = Chips.whole(new Label());
    Chips.show(chip, event.kind());
    Label what = new Label(event.text());
    what.getStyleClass().add("h");
    HBox line = new HBox(8, chip, what);
    line.setAlignment(Pos.CENTER_LEFT);
    getChildren().add(line);
    add("When", time.apply(event));
    setAccessibleText("Event. " + event.text());
  }

  void showNothing(String why) {
    begin("allowed");
    add("", why);
  }

  private void begin(String kind) {
    getStyleClass().setAll("why", kind);
    getChildren().clear();
  }

  private void add(String key, String text) {
    Label k = new Label(key);
    k.getStyleClass().add("k");
    Label v = new Label(text);
    v.getStyleClass().add("v");
    v.setWrapText(true);
    v.setMinHeight(USE_PREF_SIZE);
    HBox.setHgrow(v, Priority.ALWAYS);
    HBox line = new HBox(k, v);
    line.setAlignment(Pos.TOP_LEFT);
    getChildren().add(line);
  }
}
