package dev.nestor.review.replay;

import dev.nestor.review.ui.Words;
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
  /// More than this is not drawn; Copy still copies all of it.
  static final int CHARACTERS_MAX = 32_000;

  private final TextFlow flow = new TextFlow();
  private final TextArea text = new TextArea();
  private final ScrollPane scroll = new ScrollPane(flow);

  SqlPane() {
    getStyleClass().add("sql");
    text.setEditable(false);
    text.getStyleClass().add("under");
    text.setAccessibleRoleDescription("SQL of the statement");
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
      if (all.length() < CHARACTERS_MAX) {
        String part =
            span.text().substring(0, Math.min(span.text().length(), CHARACTERS_MAX - all.length()));
        nodes.add(node(part, span.style()));
      }
      all.append(span.text());
    }
    if (all.length() > CHARACTERS_MAX) {
      nodes.add(
          node(
              "\n… %s of %s characters shown"
                  .formatted(Words.number(CHARACTERS_MAX), Words.number(all.length())),
              SqlSpan.Style.COMMENT));
    }
    for (SqlSpan span : under) {
      nodes.add(node(span.text(), span.style()));
      all.append(span.text());
    }
    flow.getChildren().setAll(nodes);
    flow.setAccessibleText(all.substring(0, Math.min(all.length(), CHARACTERS_MAX)));
    text.setText(all.substring(0, Math.min(all.length(), CHARACTERS_MAX)));
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
