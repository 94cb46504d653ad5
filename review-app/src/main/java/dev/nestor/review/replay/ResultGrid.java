package dev.nestor.review.replay;

import dev.nestor.evidence.archive.ResultCell;
import dev.nestor.evidence.archive.ResultView;
import dev.nestor.review.ui.Icons;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import javafx.beans.property.IntegerProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.SimpleIntegerProperty;
import javafx.beans.value.ChangeListener;
import javafx.beans.value.WeakChangeListener;
import javafx.collections.FXCollections;
import javafx.css.PseudoClass;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.control.TableCell;
import javafx.scene.control.TableColumn;
import javafx.scene.control.TableView;
import javafx.scene.input.Clipboard;
import javafx.scene.input.ClipboardContent;
import javafx.scene.input.KeyEvent;
import javafx.scene.input.MouseEvent;
import org.kordamp.ikonli.bootstrapicons.BootstrapIcons;

/// The rows that the client received. Each state of a cell has a look, a spoken text and a copy of
/// its own.
final class ResultGrid extends TableView<List<ResultCell>> {
  private static final int COLUMNS_MAX = 200;
  private static final String[] STATES = {
    "cell-empty",
    "cell-null",
    "cell-masked",
    "cell-original",
    "cell-redacted",
    "cell-truncated",
    "cell-absent",
    "cell-bytes"
  };

  private static final PseudoClass AT = PseudoClass.getPseudoClass("at-column");
  private static final PseudoClass ALL = PseudoClass.getPseudoClass("all");

  /// A cell that somebody wants to see whole.
  ///
  /// @param row from 1, as the grid numbers it
  record Chosen(ResultView.Column column, long row, ResultCell cell) {}

  private final IntegerProperty chosenColumn = new SimpleIntegerProperty(this, "chosenColumn", 0);
  private Consumer<Chosen> cellOpener = _ -> {};
  private Runnable rowOpener = () -> {};
  private List<ResultView.Column> heads = List.of();
  private boolean all;

  ResultGrid() {
    getStyleClass().add("result-grid");
    setAccessibleText("Result as the client saw it");
    setFixedCellSize(24);
    getSelectionModel().setCellSelectionEnabled(false);
    setColumnResizePolicy(UNCONSTRAINED_RESIZE_POLICY);
    addEventFilter(KeyEvent.KEY_PRESSED, this::pressed);
    addEventFilter(
        MouseEvent.MOUSE_PRESSED,
        event -> {
          for (Node node = event.getPickResult().getIntersectedNode();
              node != null;
              node = node.getParent()) {
            if (node instanceof StateCell cell) {
              chooseColumn(cell.at);
            }
          }
        });
    getSelectionModel().selectedIndexProperty().addListener((_, _, _) -> chooseAll(false));
  }

  void setCellOpener(Consumer<Chosen> opener) {
    this.cellOpener = opener;
  }

  void setRowOpener(Runnable opener) {
    this.rowOpener = opener;
  }

  private void pressed(KeyEvent event) {
    if (event.isAltDown()) {
      return;
    }
    boolean used = true;
    if (event.isShortcutDown()) {
      switch (event.getCode()) {
        case C -> copy();
        case A -> chooseAll(true);
        case LEFT -> chooseColumn(0);
        case RIGHT -> chooseColumn(heads.size() - 1);
        default -> used = false;
      }
    } else if (event.isShiftDown()) {
      used = false;
    } else {
      switch (event.getCode()) {
        case LEFT -> chooseColumn(chosenColumn.get() - 1);
        case RIGHT -> chooseColumn(chosenColumn.get() + 1);
        case SPACE -> openCell();
        case V -> rowOpener.run();
        default -> used = false;
      }
    }
    if (used) {
      event.consume();
    }
  }

  private void chooseColumn(int wanted) {
    if (!heads.isEmpty()) {
      chosenColumn.set(Math.clamp(wanted, 0, Math.min(COLUMNS_MAX, heads.size()) - 1));
      scrollToColumnIndex(chosenColumn.get() + 1);
    }
  }

  private void openCell() {
    List<ResultCell> row = getSelectionModel().getSelectedItem();
    int at = chosenColumn.get();
    if (row != null && at < row.size() && at < heads.size()) {
      cellOpener.accept(
          new Chosen(heads.get(at), getSelectionModel().getSelectedIndex() + 1L, row.get(at)));
    }
  }

  private void chooseAll(boolean on) {
    all = on;
    pseudoClassStateChanged(ALL, on);
  }

  void show(ResultView.Table table) {
    heads = table.columns();
    chosenColumn.set(0);
    chooseAll(false);
    getColumns().clear();
    setPlaceholder(new Label("This statement returned no rows."));
    getColumns().add(numbers());
    for (int i = 0; i < Math.min(COLUMNS_MAX, table.columns().size()); i++) {
      getColumns().add(column(i, table));
    }
    setItems(FXCollections.observableList(table.rows()));
    if (!table.rows().isEmpty()) {
      getSelectionModel().select(0);
    }
    scrollTo(0);
  }

  private static TableColumn<List<ResultCell>, Integer> numbers() {
    TableColumn<List<ResultCell>, Integer> column = new TableColumn<>("#");
    column.setPrefWidth(48);
    column.setSortable(false);
    column.setReorderable(false);
    column.getStyleClass().addAll("num", "first");
    column.setCellFactory(_ ->
        new TableCell<>() {
          {
            getStyleClass().addAll("num", "sub");
          }

          @Override
          protected void updateItem(Integer item, boolean empty) {
            super.updateItem(item, empty);
            setText(empty ? null : String.valueOf(getIndex() + 1));
          }
        });
    return column;
  }

  private TableColumn<List<ResultCell>, ResultCell> column(int at, ResultView.Table table) {
    ResultView.Column head = table.columns().get(at);
    TableColumn<List<ResultCell>, ResultCell> column = new TableColumn<>(head.name());
    column.setSortable(false);
    column.setReorderable(false);
    column.setPrefWidth(width(at, table));
    if (head.numeric()) {
      column.getStyleClass().add("num");
    }
    if (!head.maskRule().isEmpty()) {
      column.setGraphic(Icons.of(BootstrapIcons.EYE_SLASH));
    }
    column.setCellValueFactory(row ->
        new ReadOnlyObjectWrapper<>(
            at < row.getValue().size() ? row.getValue().get(at) : new ResultCell.NotRecorded()));
    column.setCellFactory(_ -> new StateCell(at, head.numeric(), chosenColumn));
    return column;
  }

  private static double width(int at, ResultView.Table table) {
    int characters = table.columns().get(at).name().length() + 1;
    for (List<ResultCell> row : table.rows().subList(0, Math.min(50, table.rows().size()))) {
      if (at < row.size()) {
        characters = Math.max(characters, shown(row.get(at)).length());
      }
    }
    return Math.clamp(characters * 7.4 + 24, 64, 320);
  }

  /// What fits in a cell: of a long value the beginning, and how much there is.
  private static String shown(ResultCell cell) {
    if (cell instanceof ResultCell.Truncated(String start, long shownBytes, long totalBytes)) {
      String head = start.length() > 16 ? start.substring(0, 16) : start;
      return new ResultCell.Truncated(head, shownBytes, totalBytes).display();
    }
    String text = cell.display();
    return text.length() > 1_000 ? text.substring(0, 1_000) + "…" : text.replace('\n', '⏎');
  }

  private void copy() {
    List<ResultCell> row = getSelectionModel().getSelectedItem();
    List<List<ResultCell>> rows = all ? getItems() : row == null ? List.of() : List.of(row);
    if (!rows.isEmpty()) {
      ClipboardContent content = new ClipboardContent();
      content.putString(
          rows.stream()
              .map(each ->
                  each.stream()
                      .map(cell -> cell instanceof ResultCell.Empty ? "" : cell.display())
                      .collect(Collectors.joining("\t")))
              .collect(Collectors.joining("\n")));
      Clipboard.getSystemClipboard().setContent(content);
    }
  }

  private static final class StateCell extends TableCell<List<ResultCell>, ResultCell> {
    private final int at;
    private final boolean numeric;
    private final ChangeListener<Number> mark;

    StateCell(int at, boolean numeric, IntegerProperty column) {
      this.at = at;
      this.numeric = numeric;
      mark = (_, _, now) -> pseudoClassStateChanged(AT, now.intValue() == at);
      column.addListener(new WeakChangeListener<>(mark));
      pseudoClassStateChanged(AT, column.get() == at);
      setEllipsisString("…");
    }

    @Override
    protected void updateItem(ResultCell item, boolean empty) {
      super.updateItem(item, empty);
      getStyleClass().removeAll(STATES);
      getStyleClass().remove("num");
      setGraphic(null);
      if (empty || item == null) {
        setText(null);
        setAccessibleText(null);
        return;
      }
      if (numeric) {
        getStyleClass().add("num");
      }
      setText(shown(item));
      setAccessibleText(item.spoken());
      switch (item) {
        case ResultCell.Value _ -> {}
        case ResultCell.Empty _ -> getStyleClass().add("cell-empty");
        case ResultCell.Null _ -> getStyleClass().add("cell-null");
        case ResultCell.Masked _ -> getStyleClass().add("cell-masked");
        case ResultCell.Original _ -> {
          getStyleClass().add("cell-original");
          setGraphic(Icons.of(BootstrapIcons.LOCK, "i12"));
        }
        case ResultCell.Redacted _ -> getStyleClass().add("cell-redacted");
        case ResultCell.Truncated _ -> getStyleClass().add("cell-truncated");
        case ResultCell.NotRecorded _ -> getStyleClass().add("cell-absent");
        case ResultCell.Undecodable _ -> {
          getStyleClass().add("cell-bytes");
          setGraphic(Icons.of(BootstrapIcons.EXCLAMATION_TRIANGLE, "i12"));
        }
      }
    }
  }
}
