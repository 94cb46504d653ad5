package dev.nestor.review.tour;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Set;
import javafx.geometry.Bounds;
import javafx.scene.AccessibleRole;
import javafx.scene.Node;
import javafx.scene.Parent;
import javafx.scene.canvas.Canvas;
import javafx.scene.control.ButtonBase;
import javafx.scene.control.Label;
import javafx.scene.control.Labeled;
import javafx.scene.control.TextInputControl;
import javafx.scene.text.Text;

/// Everything that can be seen in a scene, as JSON: text, role, accessible text, bounds, whether it
/// is clipped (cut although it must not be), elided (cut as it may be), focused.
public final class SceneListing {
  private static final ObjectMapper JSON = new ObjectMapper();

  /// What must never be cut: chips, badges, buttons, headings, keys.
  private static final Set<String> WHOLE =
      Set.of("chip", "badge", "btn", "crumb", "key", "h", "title", "tab", "seg", "column-title");

  private static final Set<String> HEARD = Set.of("chip", "badge", "crumb", "row");

  private SceneListing() {}

  /// The listing of a node and what is in it.
  ///
  /// @return an object with one member, `nodes`
  public static ObjectNode of(Parent root) {
    ObjectNode listing = JSON.createObjectNode();
    ArrayNode nodes = listing.putArray("nodes");
    walk(root, nodes, root.getLayoutBounds());
    return listing;
  }

  private static void walk(Node node, ArrayNode nodes, Bounds window) {
    if (!node.isVisible()) {
      return;
    }
    describe(node, nodes, window);
    boolean plainLabel =
        (node instanceof Label || node instanceof ButtonBase)
            && ((Labeled) node).getGraphic() == null;
    if (node instanceof Parent parent && !plainLabel) {
      for (Node child : parent.getChildrenUnmodifiable()) {
        walk(child, nodes, window);
      }
    }
  }

  private static void describe(Node node, ArrayNode nodes, Bounds window) {
    String text = text(node);
    String spoken = node.getAccessibleText();
    boolean row = node.getAccessibleRole() == AccessibleRole.TABLE_ROW;
    boolean heard = mustBeHeard(node);
    if (text.isEmpty()
        && (spoken == null || spoken.isEmpty())
        && !hasFocus(node)
        && !row
        && !heard) {
      return;
    }
    Bounds bounds = node.localToScene(node.getLayoutBounds());
    if (bounds == null || bounds.getWidth() <= 0 || !bounds.intersects(window)) {
      return;
    }
    boolean cut = isCut(node);
    boolean whole = mustBeWhole(node);
    ObjectNode entry = nodes.addObject();
    entry.put("text", text);
    entry.put("role", String.valueOf(node.getAccessibleRole()));
    entry.put("accessibleText", spoken == null ? "" : spoken);
    ArrayNode box = entry.putArray("bounds");
    box.add(round(bounds.getMinX()));
    box.add(round(bounds.getMinY()));
    box.add(round(bounds.getWidth()));
    box.add(round(bounds.getHeight()));
    entry.put("clipped", (cut && whole) || (whole && outside(bounds, window)));
    entry.put("elided", cut && !whole);
    entry.put("mustBeHeard", heard);
    entry.put("focused", hasFocus(node));
    ArrayNode styles = entry.putArray("styles");
    node.getStyleClass().forEach(styles::add);
  }

  /// Whether a screen reader has to have words for it: what says something by its look alone.
  private static boolean mustBeHeard(Node node) {
    return node instanceof Canvas
        || (node instanceof ButtonBase button
            && (button.getText() == null || button.getText().isEmpty()))
        || node instanceof TextInputControl
        || node.getAccessibleRole() == AccessibleRole.TABLE_VIEW
        || node.getAccessibleRole() == AccessibleRole.DIALOG
        || node.getStyleClass().stream().anyMatch(HEARD::contains);
  }

  private static boolean hasFocus(Node node) {
    return node.getScene() != null && node.equals(node.getScene().getFocusOwner());
  }

  private static boolean outside(Bounds bounds, Bounds window) {
    return bounds.getMaxX() > window.getMaxX() + 0.5 || bounds.getMinX() < -0.5;
  }

  private static boolean mustBeWhole(Node node) {
    return node.getStyleClass().stream().anyMatch(WHOLE::contains);
  }

  private static double round(double value) {
    return Math.round(value * 10) / 10.0;
  }

  private static String text(Node node) {
    return switch (node) {
      case Labeled labeled -> labeled.getText() == null ? "" : labeled.getText();
      case TextInputControl input -> input.getText() == null ? "" : input.getText();
      case Text text when text.getStyleClass().contains("sql-token") -> text.getText();
      default -> "";
    };
  }

  /// A label is cut where the text that it draws is not the text that it has.
  private static boolean isCut(Node node) {
    if (node instanceof Labeled labeled
        && labeled.getText() != null
        && !labeled.getText().isEmpty()
        && !labeled.isWrapText()) {
      for (Node child : labeled.getChildrenUnmodifiable()) {
        if (child instanceof Text drawn && !(child instanceof org.kordamp.ikonli.javafx.FontIcon)) {
          return !drawn.getText().equals(labeled.getText());
        }
      }
    }
    return false;
  }
}
