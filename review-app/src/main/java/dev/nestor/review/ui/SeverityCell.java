package dev.nestor.review.ui;

import dev.nestor.evidence.finding.Severity;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Region;

/// Four bars and a word: how much a finding matters. Ordinal, so it is not a rainbow; only Critical
/// has a colour.
///
/// @param <R> what a row shows
public final class SeverityCell<R> implements FrameList.Cell<R> {
  private final Function<R, Optional<Severity>> severity;
  private final List<Region> bars = new ArrayList<>();
  private final Label word = new Label();
  private final HBox box = new HBox(2);
  private Optional<Severity> shown = Optional.empty();

  /// @param severity of a row; absent for none
  public SeverityCell(Function<R, Optional<Severity>> severity) {
    this.severity = severity;
    for (int i = 0; i < Severity.values().length; i++) {
      Region bar = new Region();
      bar.setMinSize(4, 11);
      bar.setMaxSize(4, 11);
      bar.getStyleClass().add("severity-bar");
      bars.add(bar);
    }
    Chips.whole(word).getStyleClass().add("severity-word");
    box.getChildren().addAll(bars);
    box.getChildren().add(word);
    box.setAlignment(Pos.CENTER_LEFT);
    box.getStyleClass().add("severity");
  }

  @Override
  public Node node() {
    return box;
  }

  @Override
  public void show(R row) {
    Optional<Severity> now = severity.apply(row);
    box.setVisible(now.isPresent());
    if (now.isEmpty() || now.equals(shown)) {
      return; // new styles would need a style pass before they can be drawn
    }
    shown = now;
    box.getStyleClass().remove("critical");
    if (now.get() == Severity.CRITICAL) {
      box.getStyleClass().add("critical");
    }
    word.setText(now.get().word());
    int on =
        switch (now.get()) {
          case LOW -> 1;
          case MEDIUM -> 2;
          case HIGH -> 3;
          case CRITICAL -> 4;
        };
    for (int i = 0; i < bars.size(); i++) {
      bars.get(i).getStyleClass().remove("on");
      if (i < on) {
        bars.get(i).getStyleClass().add("on");
      }
    }
  }
}
