package dev.nestor.review.app;

import dev.nestor.review.ui.Chips;
import javafx.beans.binding.Bindings;
import javafx.collections.ListChangeListener;
import javafx.concurrent.Task;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import org.controlsfx.control.TaskProgressView;
import org.kordamp.ikonli.bootstrapicons.BootstrapIcons;

/// The button in the status line that says what runs, and the list behind it. Nothing moves the
/// focus when work begins or ends.
final class ActivitiesBar {
  private final Activities activities;
  private final Dialogs dialogs;
  private final Button button =
      Chips.button(BootstrapIcons.HOURGLASS_SPLIT, "", "flat", "activities");

  ActivitiesBar(Activities activities, Dialogs dialogs) {
    this.activities = activities;
    this.dialogs = dialogs;
    button.setOnAction(_ -> show());
    activities.running().addListener((ListChangeListener<Task<?>>) _ -> tell());
    tell();
  }

  /// For the status line.
  Button button() {
    return button;
  }

  private void tell() {
    int count = activities.running().size();
    button.setText(
        count == 0
            ? ""
            : count == 1 ? activities.running().getFirst().getTitle() : count + " activities");
    button.setVisible(count > 0);
    button.setManaged(count > 0);
    button.setAccessibleText(count == 0 ? "Nothing runs" : button.getText() + ", show them");
  }

  /// Shows what runs; each with a button that stops it.
  void show() {
    TaskProgressView<Task<?>> view = new TaskProgressView<>();
    view.setAccessibleText("Activities");
    view.getTasks().setAll(activities.running());
    ListChangeListener<Task<?>> follow = _ -> view.getTasks().setAll(activities.running());
    activities.running().addListener(follow);
    view.sceneProperty()
        .addListener((_, _, scene) -> {
          if (scene == null) {
            activities.running().removeListener(follow);
          }
        });
    Label nothing =
        new Label(
            "Nothing runs. What is opened, verified, indexed, searched or packed is listed here.");
    nothing.setWrapText(true);
    nothing.getStyleClass().add("muted");
    nothing.visibleProperty().bind(Bindings.isEmpty(view.getTasks()));
    nothing.managedProperty().bind(nothing.visibleProperty());
    view.setFocusTraversable(true);
    dialogs.activities(nothing, view);
  }
}
