package dev.nestor.review.replay;

import dev.nestor.review.ui.Chips;
import dev.nestor.review.ui.FrameList;
import dev.nestor.review.ui.Icons;
import javafx.scene.Node;
import javafx.scene.control.Label;
import org.kordamp.ikonli.bootstrapicons.BootstrapIcons;

/// The cells of the list of statements that are more than a text.
final class LineCells {
  private LineCells() {}

  static final class Expander implements FrameList.Cell<ReplayLine> {
    private final Label label = new Label();
    private String shown = "";

    Expander() {
      label.getStyleClass().addAll("cell", "expander");
    }

    @Override
    public Node node() {
      return label;
    }

    @Override
    public void show(ReplayLine line) {
      String now =
          switch (line) {
            case ReplayLine.OfStatement statement -> statement.open() ? "open" : "closed";
            case ReplayLine.OfEvent event when event.expands() -> event.open() ? "open" : "closed";
            default -> "none";
          };
      if (now.equals(shown)) {
        return; // a new icon would need a style pass before it can be drawn
      }
      shown = now;
      label.setGraphic(
          switch (now) {
            case "open" -> Icons.of(BootstrapIcons.CARET_DOWN_FILL, "i8");
            case "closed" -> Icons.of(BootstrapIcons.CARET_RIGHT_FILL, "i8");
            default -> null;
          });
    }
  }

  static final class Decision implements FrameList.Cell<ReplayLine> {
    private final Label label = Chips.whole(new Label());
    private String shown = "";

    @Override
    public Node node() {
      return label;
    }

    @Override
    public void show(ReplayLine line) {
      String now =
          switch (line) {
            case ReplayLine.OfStatement s -> s.row().decision().name();
            case ReplayLine.OfEvent e -> e.row().kind().name();
            case ReplayLine.OfFrame f -> ReplayView.direction(f.frame());
            case ReplayLine.Pending _, ReplayLine.Unreadable _ -> "none";
          };
      if (now.equals(shown)) {
        return; // a new icon would need a style pass before it can be drawn
      }
      shown = now;
      label.setVisible(true);
      switch (line) {
        case ReplayLine.OfStatement s -> Chips.show(label, s.row().decision());
        case ReplayLine.OfEvent e -> Chips.show(label, e.row().kind());
        case ReplayLine.OfFrame f -> {
          label.getStyleClass().setAll("label", "cell", "sub");
          label.setGraphic(null);
          label.setText(ReplayView.direction(f.frame()));
        }
        case ReplayLine.Pending _, ReplayLine.Unreadable _ -> label.setVisible(false);
      }
      if (!(line instanceof ReplayLine.OfFrame)) {
        label.getStyleClass().removeAll("cell", "sub");
      }
    }
  }
}
