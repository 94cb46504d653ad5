package dev.nestor.review.lineage;

import dev.nestor.evidence.archive.DecisionKind;
import dev.nestor.evidence.lineage.LineageNode;
import dev.nestor.review.ui.Chips;
import dev.nestor.review.ui.Icons;
import dev.nestor.review.ui.Words;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javafx.geometry.BoundingBox;
import javafx.geometry.Bounds;
import javafx.geometry.Pos;
import javafx.scene.AccessibleRole;
import javafx.scene.control.Label;
import javafx.scene.control.ScrollPane;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Pane;
import javafx.scene.layout.VBox;
import javafx.scene.shape.Polyline;
import org.jspecify.annotations.Nullable;

/// The same places as the tree, drawn from left to right: a box for each, a line from who gave to
/// who got, told apart by its form and by a word. Shares what is chosen with the tree; never the
/// only form, and only up to [LineageViewModel#GRAPH_PLACES_MAX] places.
///
/// Keys: left to whom it came from, right to the first below, up and down along the column, Home,
/// End, Enter to replay. One box at a time takes the focus, the chosen one.
final class LineageGraph extends ScrollPane {
  private static final double BOX_WIDTH = 216;
  private static final double BOX_HEIGHT = 44;
  private static final double COLUMN = BOX_WIDTH + 104;
  private static final double ROW = BOX_HEIGHT + 12;
  private static final double MARGIN = 16;

  private final LineageViewModel lineage;
  private final Runnable opener;
  private final Pane drawing = new Pane();
  private final Map<String, Box> boxes = new LinkedHashMap<>();
  private double nextRow;

  /// @param opener what Enter does with the chosen place
  LineageGraph(LineageViewModel lineage, Runnable opener) {
    this.lineage = lineage;
    this.opener = opener;
    getStyleClass().add("lineage-graph");
    drawing.getStyleClass().add("graph-drawing");
    setContent(drawing);
    setFocusTraversable(false);
    setFitToWidth(true);
    setFitToHeight(true);
    setAccessibleText("Identities and credentials as a graph");
    addEventFilter(KeyEvent.KEY_PRESSED, this::pressed); // before the pane scrolls by them
    lineage.selectedProperty().addListener((_, _, _) -> showChosen());
  }

  /// Draws the lines of the tree anew.
  void refresh() {
    boolean focused = boxes.values().stream().anyMatch(Box::isFocused);
    drawing.getChildren().clear();
    boxes.clear();
    nextRow = 0;
    Map<String, LineageNode> shown = new HashMap<>();
    lineage.lines().forEach(node -> shown.put(node.key(), node));
    for (LineageNode node : lineage.lines()) {
      if (!boxes.containsKey(node.key())) {
        place(node, null, 0, shown);
      }
    }
    boxes
        .values()
        .forEach(box -> {
          if (box.parent != null) {
            connect(box.parent, box);
          }
        });
    drawing.getChildren().addAll(boxes.values());
    double right = boxes.values().stream().mapToDouble(Box::getLayoutX).max().orElse(0);
    drawing.setMinSize(right + BOX_WIDTH + MARGIN, nextRow * ROW + 2 * MARGIN);
    showChosen();
    if (focused) {
      chosen().ifPresent(Box::requestFocus);
    }
  }

  /// Puts a place in its column, level with the middle of what is below it.
  private Box place(
      LineageNode node, @Nullable Box parent, int column, Map<String, LineageNode> shown) {
    Box box = new Box(node, parent);
    boxes.put(node.key(), box);
    List<Box> below =
        node.children().stream()
            .filter(child -> shown.containsKey(child.key()) && !boxes.containsKey(child.key()))
            .map(child -> place(child, box, column + 1, shown))
            .toList();
    double row = below.isEmpty() ? nextRow++ : (below.getFirst().row + below.getLast().row) / 2;
    box.row = row;
    box.relocate(MARGIN + column * COLUMN, Math.rint(MARGIN + row * ROW));
    return box;
  }

  private void connect(Box from, Box to) {
    double left = from.getLayoutX() + BOX_WIDTH;
    double right = to.getLayoutX();
    double start = Math.rint(from.getLayoutY() + BOX_HEIGHT / 2) + 0.5;
    double end = Math.rint(to.getLayoutY() + BOX_HEIGHT / 2) + 0.5;
    double bend = left + 16.5;
    Polyline line = new Polyline(left, start, bend, start, bend, end, right, end);
    String word = to.place.edge().word();
    line.getStyleClass().addAll("graph-line", word.toLowerCase(Locale.ROOT));
    Label name = Chips.whole(new Label(word));
    name.getStyleClass().addAll("graph-word", "muted", "tiny");
    name.relocate(bend + 8, end - 17);
    drawing.getChildren().addAll(line, name);
  }

  private Optional<Box> chosen() {
    return lineage
        .selectedProperty()
        .get()
        .flatMap(node -> Optional.ofNullable(boxes.get(node.key())));
  }

  private void showChosen() {
    Optional<Box> chosen = chosen();
    boolean moves = boxes.values().stream().anyMatch(Box::isFocused);
    boxes.values().forEach(box -> box.choose(chosen.filter(box::equals).isPresent()));
    if (chosen.isEmpty()) {
      boxes.values().stream().findFirst().ifPresent(box -> box.setFocusTraversable(true));
      return;
    }
    if (moves) {
      chosen.get().requestFocus();
    }
    reveal(chosen.get());
  }

  /// Scrolls no more than it needs to.
  private void reveal(Box box) {
    Bounds port = getViewportBounds();
    double width = Math.max(drawing.getMinWidth(), port.getWidth()) - port.getWidth();
    double height = Math.max(drawing.getMinHeight(), port.getHeight()) - port.getHeight();
    Bounds seen =
        new BoundingBox(
            getHvalue() * width, getVvalue() * height, port.getWidth(), port.getHeight());
    if (width > 0) {
      setHvalue(toward(box.getLayoutX(), BOX_WIDTH, seen.getMinX(), port.getWidth()) / width);
    }
    if (height > 0) {
      setVvalue(toward(box.getLayoutY(), BOX_HEIGHT, seen.getMinY(), port.getHeight()) / height);
    }
  }

  private static double toward(double at, double size, double seen, double port) {
    return Math.max(
        0, at < seen ? at - MARGIN : at + size > seen + port ? at + size + MARGIN - port : seen);
  }

  private void pressed(KeyEvent event) {
    if (event.isShortcutDown() || event.isAltDown()) {
      return;
    }
    Optional<Box> now = chosen();
    if (now.isEmpty()) {
      return;
    }
    Box box = now.get();
    Optional<Box> next =
        switch (event.getCode()) {
          case LEFT -> Optional.ofNullable(box.parent);
          case RIGHT -> boxes.values().stream().filter(each -> box.equals(each.parent)).findFirst();
          case DOWN -> along(box, 1);
          case UP -> along(box, -1);
          case HOME -> boxes.values().stream().findFirst();
          case END -> boxes.values().stream().reduce((_, last) -> last);
          default -> Optional.empty();
        };
    if (event.getCode() == KeyCode.ENTER) {
      opener.run();
    } else if (!event.getCode().isNavigationKey()) {
      return;
    }
    event.consume();
    next.ifPresent(to -> {
      to.requestFocus();
      lineage.selectedProperty().set(Optional.of(to.place));
    });
  }

  /// The one above or below in the same column.
  private Optional<Box> along(Box box, int step) {
    List<Box> column =
        boxes.values().stream()
            .filter(each -> each.getLayoutX() == box.getLayoutX())
            .sorted(java.util.Comparator.comparingDouble(each -> each.row))
            .toList();
    int at = column.indexOf(box) + step;
    return at < 0 || at >= column.size() ? Optional.empty() : Optional.of(column.get(at));
  }

  private final class Box extends VBox {
    private final LineageNode place;
    private final @Nullable Box parent;
    private double row;

    Box(LineageNode place, @Nullable Box parent) {
      this.place = place;
      this.parent = parent;
      Label name = new Label(place.name(), Icons.of(Icons.party(place.kind()), "i12"));
      name.getStyleClass().add("tree-name");
      Label detail = new Label(place.detail());
      detail.getStyleClass().addAll("muted", "mono", "tiny");
      detail.setMinWidth(0);
      Chips.whole(name); // what is cut is the issuer or the number beside it
      HBox first = new HBox(6, name, detail);
      first.setAlignment(Pos.CENTER_LEFT);
      Label counts = new Label(counts(place));
      counts.getStyleClass().addAll("muted", "tiny");
      getChildren().addAll(first, counts);
      getStyleClass().addAll("graph-box", place.edge().word().toLowerCase(Locale.ROOT));
      setMinSize(BOX_WIDTH, BOX_HEIGHT);
      setMaxSize(BOX_WIDTH, BOX_HEIGHT);
      setPrefSize(BOX_WIDTH, BOX_HEIGHT);
      setAccessibleRole(AccessibleRole.TREE_ITEM);
      setAccessibleText(spoken());
      setOnMousePressed(_ -> {
        requestFocus();
        lineage.selectedProperty().set(Optional.of(place));
      });
    }

    private String spoken() {
      return "%s %s %s, %s%s, %s%s"
          .formatted(
              place.kind().word(),
              place.name(),
              place.detail(),
              place.edge().word(),
              parent == null ? "" : " below " + parent.place.name(),
              counts(place),
              place.note().isEmpty() ? "" : ", " + place.note());
    }

    private void choose(boolean chosen) {
      setFocusTraversable(chosen);
      getStyleClass().remove("sel");
      if (chosen) {
        getStyleClass().add("sel");
      }
    }
  }

  private static String counts(LineageNode place) {
    return Stream.concat(
            Stream.of(Words.counted(place.statements(), "statement")),
            Stream.of(DecisionKind.KILL, DecisionKind.BLOCK, DecisionKind.HOLD, DecisionKind.MASK)
                .filter(kind -> place.decisions().of(kind) > 0)
                .limit(2)
                .map(kind ->
                    Words.number(place.decisions().of(kind))
                        + " "
                        + kind.word().toLowerCase(Locale.ROOT)))
        .collect(Collectors.joining(", "));
  }
}
