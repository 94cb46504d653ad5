package dev.nestor.review.replay;

import dev.nestor.evidence.archive.ResultCell;
import dev.nestor.evidence.archive.ResultView;
import dev.nestor.evidence.archive.StatementDetail;
import dev.nestor.review.ui.Chips;
import dev.nestor.review.ui.Words;
import java.util.List;
import java.util.Optional;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.ScrollPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;
import org.kordamp.ikonli.bootstrapicons.BootstrapIcons;

/// The result as the client received it: rows, a COPY stream, or why there is none.
final class ResultPane extends VBox {
  private final Label sub = new Label();
  private final ResultGrid grid = new ResultGrid();
  private final Label none = new Label();
  private final ScrollPane noneScroll = new ScrollPane(none);
  private final StackPane body = new StackPane();
  private final Button copyAs = Chips.button(BootstrapIcons.CLIPBOARD, "Copy as…", "flat");
  private Optional<ResultView.Table> table = Optional.empty();

  ResultPane() {
    sub.getStyleClass().addAll("muted", "small");
    HBox head = ReplayView.head("Result as the client received it", true);
    head.getChildren().addAll(sub, ReplayView.spacer(), copyAs);
    copyAs.setFocusTraversable(false);
    copyAs.setVisible(false);
    none.getStyleClass().addAll("muted", "no-result");
    none.setFocusTraversable(true);
    none.setWrapText(true);
    none.setMinHeight(Region.USE_PREF_SIZE);
    noneScroll.getStyleClass().add("facts-scroll");
    noneScroll.setFitToWidth(true);
    noneScroll.setFocusTraversable(false);
    body.getChildren().addAll(grid, noneScroll);
    body.setAlignment(Pos.TOP_LEFT);
    body.setMinHeight(50);
    body.setPrefHeight(170);
    VBox.setVgrow(body, Priority.ALWAYS);
    getChildren().addAll(head, body);
  }

  /// What its button does.
  void setCopyAs(Runnable action) {
    copyAs.setOnAction(_ -> action.run());
  }

  /// What opens the chosen cell.
  void setCellOpener(java.util.function.Consumer<ResultGrid.Chosen> opener) {
    grid.setCellOpener(opener);
  }

  /// What opens the chosen row as a column.
  void setRowOpener(Runnable opener) {
    grid.setRowOpener(opener);
  }

  Node focusTarget() {
    return grid.isVisible() ? grid : none;
  }

  /// The rows, where there are any.
  Optional<ResultView.Table> table() {
    return table;
  }

  /// The row that is chosen.
  Optional<List<ResultCell>> row() {
    return table.isEmpty()
        ? Optional.empty()
        : Optional.ofNullable(grid.getSelectionModel().getSelectedItem());
  }

  /// Larger rows for larger type.
  void setRowHeight(double height) {
    grid.setFixedCellSize(height);
  }

  void show(StatementDetail detail) {
    switch (detail.result()) {
      case ResultView.Table rows -> show(rows);
      case ResultView.Copy copy -> {
        showNone(
            copy.kept()
                ? copy.text()
                : "COPY stream, %s, not kept by the recorder."
                    .formatted(Words.bytes(copy.bytes())));
        sub.setText(
            "COPY %s the client, %s"
                .formatted(copy.out() ? "to" : "from", Words.bytes(copy.bytes())));
      }
      case ResultView.None nothing -> showNone(nothing.why() + received(detail));
    }
  }

  private void show(ResultView.Table rows) {
    table = Optional.of(rows);
    copyAs.setVisible(true);
    grid.setVisible(true);
    noneScroll.setVisible(false);
    grid.show(rows);
    String masked =
        rows.maskedColumns() > 0
            ? ", %s of %s masked"
                .formatted(
                    Words.number(rows.maskedColumns()),
                    Words.counted(rows.columns().size(), "column"))
            : "";
    String cut =
        rows.rows().size() < rows.rowCount() - rows.elided()
            ? ", first " + Words.number(rows.rows().size()) + " shown"
            : "";
    String elided = rows.elided() > 0 ? ", " + Words.number(rows.elided()) + " not recorded" : "";
    sub.setText(Words.counted(rows.rowCount(), "row") + masked + cut + elided);
  }

  /// Errors and notices as the client received them.
  private static String received(StatementDetail detail) {
    StringBuilder text = new StringBuilder();
    for (StatementDetail.ServerText each : detail.notices()) {
      text.append(text.isEmpty() ? "\n\nThe client received:\n" : "\n")
          .append("%s %s: %s".formatted(each.severity(), each.sqlState(), each.message()));
      if (!each.detail().isEmpty()) {
        text.append("\nDETAIL: ").append(each.detail());
      }
      if (!each.hint().isEmpty()) {
        text.append("\nHINT: ").append(each.hint());
      }
    }
    return text.toString();
  }

  /// Says why there are no rows.
  void showNone(String why) {
    table = Optional.empty();
    copyAs.setVisible(false);
    grid.setVisible(false);
    noneScroll.setVisible(true);
    none.setText(why);
    none.setAccessibleText(why);
    sub.setText("");
  }
}
