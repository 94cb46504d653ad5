package dev.nestor.review.ui;

import java.util.LinkedHashMap;
import java.util.Map;
import javafx.scene.Group;
import javafx.scene.paint.Color;
import javafx.scene.paint.Paint;
import javafx.scene.shape.Rectangle;

/// Colours of the token sheet for what is drawn rather than styled: one invisible rectangle per
/// colour, filled by the sheet (`.swatch.NAME`).
public final class Swatches extends Group {
  private final Map<String, Rectangle> rectangles = new LinkedHashMap<>();

  /// @param changed runs when a colour changes, as it does with the theme
  public Swatches(Runnable changed, String... names) {
    setManaged(false);
    setVisible(false);
    for (String name : names) {
      Rectangle rectangle = new Rectangle(1, 1);
      rectangle.getStyleClass().addAll("swatch", name);
      rectangle.fillProperty().addListener((_, _, _) -> changed.run());
      rectangles.put(name, rectangle);
      getChildren().add(rectangle);
    }
  }

  /// The colour of a name that was given to the constructor.
  public Paint paint(String name) {
    Rectangle rectangle = rectangles.get(name);
    if (rectangle == null) {
      throw new IllegalArgumentException("no swatch " + name);
    }
    Paint fill = rectangle.getFill();
    return fill == null ? Color.GRAY : fill;
  }
}
