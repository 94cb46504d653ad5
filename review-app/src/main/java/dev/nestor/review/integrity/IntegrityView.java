package dev.nestor.review.integrity;

import dev.nestor.evidence.archive.ArchiveCard;
import dev.nestor.evidence.integrity.IntegrityFinding;
import dev.nestor.evidence.integrity.IntegrityReport;
import dev.nestor.evidence.integrity.IntegrityState;
import dev.nestor.evidence.integrity.SegmentCheck;
import dev.nestor.review.ui.Chips;
import dev.nestor.review.ui.Icons;
import dev.nestor.review.ui.Words;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.RadioButton;
import javafx.scene.control.ScrollPane;
import javafx.scene.control.ToggleGroup;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import org.kordamp.ikonli.bootstrapicons.BootstrapIcons;

/// One archive that is not simply verified: its segments, what is wrong, what that means, what can
/// be done. The safe choice is chosen beforehand.
public final class IntegrityView extends VBox {
  private static final int SEGMENTS_MAX = 40;
  private final List<Node> panes = new ArrayList<>();

  /// @param open opens the archive as somebody chose
  /// @param cancel goes back
  /// @param copy puts a text on the clipboard
  public IntegrityView(
      ArchiveCard card,
      Optional<IntegrityReport> report,
      Consumer<IntegrityAdvice.Choice> open,
      Runnable cancel,
      Consumer<String> copy) {
    getStyleClass().add("integrity-page");
    IntegrityAdvice advice = IntegrityAdvice.of(card, report);
    IntegrityState state = report.map(IntegrityReport::state).orElse(card.state());
    Label title = new Label(advice.title(), Icons.of(Icons.integrity(state)));
    title.getStyleClass().add("title");
    title.setGraphicTextGap(10);
    Label name = new Label(card.name());
    name.getStyleClass().add("mono");
    HBox head = new HBox(12, Chips.whole(title), spacer(), name);
    head.getStyleClass().add("page-head");
    head.setAlignment(Pos.CENTER_LEFT);
    VBox body = new VBox();
    body.getStyleClass().add("page-body");
    report.filter(r -> !r.segments().isEmpty()).ifPresent(r -> body.getChildren().add(segments(r)));
    body.getChildren()
        .addAll(
            line("What is wrong", advice.wrong()),
            line("What that means", advice.means()),
            line("What you can do", advice.todo()));
    report
        .filter(r -> !r.sha256().isEmpty())
        .ifPresent(r -> body.getChildren().add(line("SHA-256 of this file", r.sha256())));
    ToggleGroup group = new ToggleGroup();
    VBox choices = new VBox(8);
    choices.getStyleClass().add("choices");
    for (IntegrityAdvice.Choice choice : advice.choices()) {
      RadioButton radio = Chips.whole(new RadioButton(choice.label()));
      radio.setToggleGroup(group);
      radio.setUserData(choice);
      radio.setMinWidth(300);
      Label explanation = new Label(choice.explanation());
      explanation.getStyleClass().addAll("muted", "small");
      explanation.setWrapText(true);
      HBox row = new HBox(12, radio, explanation);
      row.setAlignment(Pos.CENTER_LEFT);
      choices.getChildren().add(row);
      panes.add(radio);
    }
    if (advice.choices().size() > 1) {
      body.getChildren().add(choices);
    }
    body.getChildren().add(buttons(advice, group, card, report, open, cancel, copy));
    report
        .filter(r -> !r.findings().isEmpty())
        .ifPresent(r -> body.getChildren().add(findings(r.findings())));
    ScrollPane scroll = new ScrollPane(body);
    scroll.setFitToWidth(true);
    scroll.getStyleClass().add("facts-scroll");
    VBox.setVgrow(scroll, Priority.ALWAYS);
    getChildren().addAll(head, scroll);
    if (!advice.choices().isEmpty()) {
      group.selectToggle(group.getToggles().getFirst());
    }
  }

  /// Panes in the order of F6.
  public List<Node> panes() {
    return List.copyOf(panes);
  }

  private HBox buttons(
      IntegrityAdvice advice,
      ToggleGroup group,
      ArchiveCard card,
      Optional<IntegrityReport> report,
      Consumer<IntegrityAdvice.Choice> open,
      Runnable cancel,
      Consumer<String> copy) {
    Button details = Chips.button(BootstrapIcons.CLIPBOARD, "Copy technical details");
    details.setOnAction(_ -> copy.accept(technical(card, report)));
    Button back = Chips.button(BootstrapIcons.ARROW_LEFT, "Back to the library");
    back.setOnAction(_ -> cancel.run());
    HBox row = new HBox(8, details, back);
    row.getStyleClass().add("page-buttons");
    if (!advice.choices().isEmpty()) {
      Button go =
          Chips.button(
              BootstrapIcons.COLLECTION_PLAY, advice.choices().getFirst().verb(), "primary");
      group
          .selectedToggleProperty()
          .addListener((_, _, chosen) -> {
            if (chosen != null && chosen.getUserData() instanceof IntegrityAdvice.Choice choice) {
              go.setText(choice.verb());
            }
          });
      go.setOnAction(_ -> {
        if (group.getSelectedToggle().getUserData() instanceof IntegrityAdvice.Choice choice) {
          open.accept(choice);
        }
      });
      go.setDefaultButton(true);
      row.getChildren().add(go);
      panes.add(go);
    }
    panes.add(back);
    return row;
  }

  private static String technical(ArchiveCard card, Optional<IntegrityReport> report) {
    StringBuilder text = new StringBuilder(card.path().toString());
    text.append('\n')
        .append("archive ")
        .append(card.id())
        .append(", format ")
        .append(card.format());
    report.ifPresent(r -> {
      text.append('\n').append("state ").append(r.state().json());
      text.append('\n').append("sha256 ").append(r.sha256());
      text.append('\n').append("signer ").append(r.signer());
      r.findings().forEach(f -> text.append('\n').append(IntegrityAdvice.finding(f)));
    });
    return text.append('\n').toString();
  }

  private static VBox segments(IntegrityReport report) {
    HBox row = new HBox(4);
    row.setAlignment(Pos.CENTER_LEFT);
    Label head = new Label("Segments");
    head.getStyleClass().addAll("line-key", "beside-boxes");
    row.getChildren().add(head);
    for (SegmentCheck check :
        report.segments().subList(0, Math.min(SEGMENTS_MAX, report.segments().size()))) {
      Label box = Chips.whole(new Label(Words.number(check.number())));
      box.getStyleClass()
          .addAll(
              "segment",
              switch (check.verdict()) {
                case PROVED -> "proved";
                case DAMAGED -> "damaged";
                case UNPROVED -> "unproved";
              });
      box.setGraphic(
          Icons.of(
              switch (check.verdict()) {
                case PROVED -> BootstrapIcons.CHECK2;
                case DAMAGED -> BootstrapIcons.X_CIRCLE;
                case UNPROVED -> BootstrapIcons.QUESTION_CIRCLE;
              },
              "i12"));
      box.setAccessibleText(
          "Segment %d, %s, frames %s to %s"
              .formatted(
                  check.number(),
                  word(check.verdict()),
                  Words.number(check.firstFrame()),
                  Words.number(check.lastFrame())));
      row.getChildren().add(box);
    }
    VBox all = new VBox(6, row);
    for (SegmentCheck check : report.segments().stream().limit(8).toList()) {
      String range =
          check.lastFrame() == 0
              ? "no frame can be read"
              : "frames %s – %s"
                  .formatted(Words.number(check.firstFrame()), Words.number(check.lastFrame()));
      all.getChildren()
          .add(
              line(
                  "",
                  "Segment %d: %s, %s.".formatted(check.number(), word(check.verdict()), range)));
    }
    return all;
  }

  private static String word(SegmentCheck.Verdict verdict) {
    return switch (verdict) {
      case PROVED -> "proved";
      case DAMAGED -> "damaged";
      case UNPROVED -> "readable, not proved";
    };
  }

  private static VBox findings(List<IntegrityFinding> findings) {
    VBox box = new VBox(4);
    Label head = new Label("Everything that was found");
    head.getStyleClass().add("h");
    box.getChildren().add(head);
    for (IntegrityFinding finding : findings.subList(0, Math.min(50, findings.size()))) {
      Label text = new Label(IntegrityAdvice.finding(finding));
      text.getStyleClass().add("mono");
      text.setWrapText(true);
      box.getChildren().add(text);
    }
    if (findings.size() > 50) {
      box.getChildren().add(new Label("… " + (findings.size() - 50) + " more"));
    }
    return box;
  }

  private static HBox line(String key, String text) {
    Label k = new Label(key);
    k.getStyleClass().add("line-key");
    Label v = new Label(text);
    v.setWrapText(true);
    HBox.setHgrow(v, Priority.ALWAYS);
    return new HBox(k, v);
  }

  private static Region spacer() {
    Region spacer = new Region();
    HBox.setHgrow(spacer, Priority.ALWAYS);
    return spacer;
  }
}
