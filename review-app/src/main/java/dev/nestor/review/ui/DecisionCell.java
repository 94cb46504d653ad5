package dev.nestor.review.ui;

import dev.nestor.evidence.archive.DecisionKind;
import java.util.function.Function;
import javafx.scene.Node;
import javafx.scene.control.Label;
import org.jspecify.annotations.Nullable;

/// The chip of what was decided of a row; made anew only where it differs.
///
/// @param <R> what a row shows
public final class DecisionCell<R> implements FrameList.Cell<R> {
  private final Function<R, DecisionKind> decision;
  private final Label label = Chips.whole(new Label());
  private @Nullable DecisionKind shown;

  /// @param decision about a row
  public DecisionCell(Function<R, DecisionKind> decision) {
    this.decision = decision;
  }

  @Override
  public Node node() {
    return label;
  }

  @Override
  public void show(R row) {
    DecisionKind kind = decision.apply(row);
    if (kind != shown) {
      shown = kind;
      Chips.show(label, kind);
    }
  }
}
