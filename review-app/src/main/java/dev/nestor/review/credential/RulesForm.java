package dev.nestor.review.credential;

import dev.nestor.evidence.credential.HygieneRules;
import dev.nestor.review.ui.Chips;
import java.util.List;
import java.util.function.Consumer;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.TextField;
import javafx.scene.layout.HBox;
import javafx.scene.layout.VBox;
import org.kordamp.ikonli.bootstrapicons.BootstrapIcons;

/// Asks where the rules for stale credentials draw their lines. Nothing is judged before all lines
/// can be read; what is wrong is said in words.
public final class RulesForm extends VBox {
  private final List<TextField> fields;
  private final Label wrong = new Label();
  private final Button judge = Chips.button(BootstrapIcons.CHECK2, "Judge by these", "primary");

  /// @param now the lines as they are
  /// @param action what is done with the new ones
  public RulesForm(HygieneRules now, Consumer<HygieneRules> action) {
    super(8);
    getStyleClass().add("dialog-form");
    fields = RulesText.of(now).stream().map(TextField::new).toList();
    for (int i = 0; i < fields.size(); i++) {
      TextField field = fields.get(i);
      String name = RulesText.NAMES.get(i);
      Label label = new Label(name);
      label.setMinWidth(320);
      field.setAccessibleText(name);
      field.setPrefColumnCount(10);
      field.textProperty().addListener((_, _, _) -> check());
      field.setOnAction(_ -> judge.fire());
      HBox line = new HBox(8, label, field);
      line.setAlignment(Pos.CENTER_LEFT);
      getChildren().add(line);
    }
    wrong.setWrapText(true);
    wrong.getStyleClass().add("exception");
    Button standard = Chips.button(BootstrapIcons.ARROW_COUNTERCLOCKWISE, "Standard");
    standard.setOnAction(_ -> {
      List<String> texts = RulesText.of(HygieneRules.standard());
      for (int i = 0; i < fields.size(); i++) {
        fields.get(i).setText(texts.get(i));
      }
    });
    judge.setOnAction(_ -> {
      if (RulesText.parse(texts()) instanceof RulesText.Parsed.Ok(HygieneRules rules)) {
        action.accept(rules);
      }
    });
    getChildren().addAll(wrong, new HBox(8, judge, standard));
    check();
  }

  /// Where typing begins.
  public Node firstField() {
    return fields.getFirst();
  }

  private List<String> texts() {
    return fields.stream().map(TextField::getText).toList();
  }

  private void check() {
    String why = RulesText.parse(texts()) instanceof RulesText.Parsed.Wrong(String w) ? w : "";
    wrong.setText(why);
    judge.setDisable(!why.isEmpty());
  }
}
