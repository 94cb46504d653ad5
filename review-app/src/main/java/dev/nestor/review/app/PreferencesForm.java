package dev.nestor.review.app;

import dev.nestor.review.ui.Chips;
import dev.nestor.review.ui.Theme;
import java.util.Arrays;
import java.util.List;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.ToggleButton;
import javafx.scene.control.ToggleGroup;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import org.kordamp.ikonli.bootstrapicons.BootstrapIcons;

/// What people may choose: theme, time zone, size of text, the lines of the rules. Everything is
/// carried out at once; nothing has to be confirmed.
final class PreferencesForm extends VBox {
  /// What the form asks for.
  ///
  /// @param textSize how large text is, in points, and what makes it larger (1), smaller (-1) or
  ///   normal (0)
  /// @param rules shows the lines of the rules
  /// @param diagnostics how the window did so far, in a sentence
  record Choices(
      java.util.function.IntSupplier textSize,
      java.util.function.IntConsumer changeText,
      Runnable rules,
      java.util.function.Supplier<String> diagnostics) {}

  private final Node first;

  PreferencesForm(Workbench workbench, Choices choices) {
    super(14);
    getStyleClass().add("dialog-form");
    HBox themes = new HBox(4);
    ToggleGroup one = new ToggleGroup();
    for (Theme theme : Theme.values()) {
      String title = theme.title();
      ToggleButton button =
          toggle(
              Character.toUpperCase(title.charAt(0)) + title.substring(1), "Theme " + title, one);
      button.setSelected(workbench.themeProperty().get() == theme);
      button.setOnAction(_ -> {
        button.setSelected(true);
        workbench.chooseTheme(theme);
      });
      themes.getChildren().add(button);
    }
    first = themes.getChildren().getFirst();
    HBox zones = new HBox(4);
    ToggleGroup zone = new ToggleGroup();
    for (boolean utc : new boolean[] {true, false}) {
      String word = utc ? "UTC" : "Local time";
      ToggleButton button = toggle(word, "Times in " + word, zone);
      button.setSelected(workbench.timesProperty().get().isUtc() == utc);
      button.setOnAction(_ -> {
        button.setSelected(true);
        if (workbench.timesProperty().get().isUtc() != utc) {
          workbench.toggleZone();
        }
      });
      zones.getChildren().add(button);
    }
    Label size = new Label();
    Runnable showSize = () -> size.setText(choices.textSize().getAsInt() + " px");
    showSize.run();
    HBox text = new HBox(8, size);
    text.setAlignment(Pos.CENTER_LEFT);
    for (String word : List.of("Smaller", "Normal", "Larger")) {
      Button button = Chips.whole(new Button(word));
      button.getStyleClass().setAll("btn");
      button.setAccessibleText(word + " text");
      button.setOnAction(_ -> {
        choices.changeText().accept(Arrays.asList("Smaller", "Normal", "Larger").indexOf(word) - 1);
        showSize.run();
      });
      text.getChildren().add(button);
    }
    Button rules = Chips.button(BootstrapIcons.SLIDERS, "Rules for credentials…");
    rules.setOnAction(_ -> choices.rules().run());
    Label diagnostics = new Label(choices.diagnostics().get());
    diagnostics.setWrapText(true);
    diagnostics.setMinHeight(Region.USE_PREF_SIZE);
    diagnostics.getStyleClass().addAll("muted", "small");
    getChildren()
        .addAll(
            line("Theme", themes, "Ctrl+Shift+D"),
            line("Times", zones, "Ctrl+T"),
            line("Size of text", text, "Ctrl+="),
            line("Findings", rules, "P"),
            line("Diagnostics", diagnostics, ""));
  }

  private static ToggleButton toggle(String word, String spoken, ToggleGroup group) {
    ToggleButton button = Chips.whole(new ToggleButton(word));
    button.getStyleClass().setAll("btn", "choice");
    button.setAccessibleText(spoken);
    button.setToggleGroup(group);
    return button;
  }

  private static HBox line(String name, Node choice, String key) {
    Label label = new Label(name);
    label.setMinWidth(120);
    label.setMaxWidth(120);
    label.getStyleClass().add("muted");
    HBox line = new HBox(12, label, choice);
    if (!key.isEmpty()) {
      line.getChildren().add(Chips.key(key));
    }
    line.setAlignment(Pos.CENTER_LEFT);
    return line;
  }

  /// Where the keys begin.
  Node firstField() {
    return first;
  }
}
