package dev.nestor.review.replay;

import java.util.ArrayList;
import java.util.List;
import javafx.scene.AccessibleRole;
import javafx.scene.control.ScrollPane;
import javafx.scene.control.TextArea;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import javafx.scene.text.Text;
import javafx.scene.text.TextFlow;

/// SQL in colour. The drawing is a [TextFlow]; beneath it lies a text control with the same text,
/// which takes the focus, the selection of a screen reader and Ctrl+C.
final class SqlPane extends StackPane {
  private static final double LINE = 18.5;

  private final TextFlow flow = new TextFlow();
  private final TextArea text = new TextArea();
  private final ScrollPane scroll = new ScrollPane(flow);

  SqlPane() {
    getStyleClass().add("sql");
    text.setEditable(false);
    text.getStyleClass().add("under");
    text.setAccessibleText("SQL of the statement");
    flow.setAccessibleRole(AccessibleRole.TEXT);
    flow.getStyleClass().add("sql-text");
    scroll.getStyleClass().add("sql-scroll");
    scroll.setFitToWidth(true);
    scroll.setFocusTraversable(false);
    scroll.setMinHeight(Region.USE_COMPUTED_SIZE);
    scroll.setOnMousePressed(_ -> text.requestFocus());
    getChildren().addAll(text, scroll);
  }

  void show(List<SqlSpan> spans, List<SqlSpan> under) {
    StringBuilder all = new StringBuilder();
    List<Text> nodes = new ArrayList<>();
    for (SqlSpan span : spans) {
      nodes.add(node(span.text(), span.style()));
      all.append(span.text());
    }
    for (SqlSpan span : under) {
      nodes.add(node(span.text(), span.style()));
      all.append(span.text());
    }
    long lines = all.chars().filter(c -> c == '\n').count() + 1;
    setPrefHeight(Math.clamp(lines * LINE + 18, 96, 240));
    flow.getChildren().setAll(nodes);
    flow.setAccessibleText(all.toString());
    text.setText(all.toString());
    scroll.setVvalue(0);
  }

  private static Text node(String text, SqlSpan.Style style) {
    Text node = new Text(text);
    node.getStyleClass()
        .addAll(
            "sql-token",
            switch (style) {
              case PLAIN -> "txt";
              case KEYWORD -> "kw";
              case STRING -> "str";
              case NUMBER -> "num2";
              case COMMENT -> "com";
              case MASKED -> "ref";
            });
    return node;
  }
}
