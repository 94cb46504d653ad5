package dev.nestor.review.replay;

import dev.nestor.evidence.archive.ResultCell;
import dev.nestor.evidence.archive.ResultView;
import dev.nestor.review.ui.Icons;
import java.util.List;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.collections.FXCollections;
import javafx.scene.control.Label;
import javafx.scene.control.TableCell;
import javafx.scene.control.TableColumn;
import javafx.scene.control.TablePosition;
import javafx.scene.control.TableView;
import javafx.scene.input.Clipboard;
import javafx.scene.input.ClipboardContent;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyCodeCombination;
import javafx.scene.input.KeyCombination;
import javafx.scene.input.KeyEvent;
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

  ResultGrid() {
    getStyleClass().add("result-grid");
    setFixedCellSize(24);
    getSelectionModel().setCellSelectionEnabled(false);
    setColumnResizePolicy(UNCONSTRAINED_RESIZE_POLICY);
    addEventHandler(
        KeyEvent.KEY_PRESSED,
        event -> {
          if (new KeyCodeCombination(KeyCode.C, KeyCombination.SHORTCUT_DOWN).match(event)) {
            copyRow();
            event.consume();
          }
        });
  }

  void show(ResultView.Table table) {
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

  private static TableColumn<List<ResultCell>, ResultCell> column(int at, ResultView.Table table) {
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
    column.setCellFactory(_ -> new StateCell(head.numeric()));
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

  private void copyRow() {
    List<ResultCell> row = getSelectionModel().getSelectedItem();
    if (row != null) {
      ClipboardContent content = new ClipboardContent();
      content.putString(
          row.stream()
              .map(cell -> cell instanceof ResultCell.Empty ? "" : cell.display())
              .reduce((a, b) -> a + "\t" + b)
              .orElse(""));
      Clipboard.getSystemClipboard().setContent(content);
    }
  }

  /// The focused cell, as row and column, for the status line.
  @SuppressWarnings("unchecked")
  TablePosition<List<ResultCell>, ?> focusedCell() {
    return (TablePosition<List<ResultCell>, ?>) getFocusModel().getFocusedCell();
  }

  private static final class StateCell extends TableCell<List<ResultCell>, ResultCell> {
    private final boolean numeric;

    StateCell(boolean numeric) {
      this.numeric = numeric;
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
