package dev.nestor.review.replay;

import dev.nestor.evidence.archive.StatementDetail;
import dev.nestor.review.ui.Chips;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.layout.HBox;
import javafx.scene.layout.VBox;
import org.kordamp.ikonli.bootstrapicons.BootstrapIcons;

/// The query: formatted, as it was sent, and its parameters.
final class QueryPane extends VBox {
  enum Tab {
    FORMATTED("Formatted"),
    ORIGINAL("Original"),
    PARAMETERS("Parameters");

    private final String word;

    Tab(String word) {
      this.word = word;
    }
  }

  private final SqlPane sql = new SqlPane();
  private final Map<Tab, Button> tabs = new EnumMap<>(Tab.class);
  private Tab tab = Tab.FORMATTED;
  private @org.jspecify.annotations.Nullable StatementDetail detail;
  private SqlText text = new SqlText(List.of(), List.of(), 0);

  QueryPane() {
    HBox head = ReplayView.head("Query", true);
    for (Tab each : Tab.values()) {
      Button button = Chips.whole(new Button(each.word));
      button.getStyleClass().setAll("tab");
      button.setOnAction(_ -> choose(each));
      tabs.put(each, button);
      head.getChildren().add(button);
    }
    Button copy = Chips.button(BootstrapIcons.CLIPBOARD, "Copy", "flat");
    copy.setOnAction(_ -> copy());
    head.getChildren().addAll(ReplayView.spacer(), copy);
    getChildren().addAll(head, sql);
    choose(Tab.FORMATTED);
  }

  Node focusTarget() {
    return sql;
  }

  void copy() {
    if (detail != null) {
      ReplayView.copyText(detail.sql());
    }
  }

  void show(StatementDetail detail, SqlText text) {
    this.detail = detail;
    this.text = text;
    int parameters = detail.parameters().size();
    button(Tab.PARAMETERS).setText(parameters == 0 ? "Parameters" : "Parameters " + parameters);
    draw();
  }

  void clear() {
    detail = null;
    button(Tab.PARAMETERS).setText("Parameters");
    draw();
  }

  private Button button(Tab tab) {
    return java.util.Objects.requireNonNull(tabs.get(tab));
  }

  private void choose(Tab wanted) {
    tab = wanted;
    tabs.forEach((each, button) -> {
      button.getStyleClass().remove("on");
      if (each == wanted) {
        button.getStyleClass().add("on");
      }
    });
    draw();
  }

  private void draw() {
    StatementDetail now = detail;
    if (now == null) {
      sql.show(List.of(), List.of());
      return;
    }
    switch (tab) {
      case FORMATTED -> sql.show(text.formatted(), under(now));
      case ORIGINAL -> sql.show(text.original(), cut(now));
      case PARAMETERS ->
          sql.show(
              now.parameters().isEmpty()
                  ? List.of(new SqlSpan("This statement has no parameters.", SqlSpan.Style.COMMENT))
                  : parameters(now, Integer.MAX_VALUE),
              List.of());
    }
  }

  private List<SqlSpan> under(StatementDetail now) {
    List<SqlSpan> spans = new ArrayList<>(cut(now));
    spans.addAll(parameters(now, 4));
    return spans;
  }

  private List<SqlSpan> cut(StatementDetail now) {
    return text.cut() == 0
        ? List.of()
        : List.of(
            new SqlSpan(
                "\n… the first %,d of %,d characters; Copy takes all"
                    .formatted(now.sqlLength() - text.cut(), now.sqlLength()),
                SqlSpan.Style.COMMENT));
  }

  private static List<SqlSpan> parameters(StatementDetail detail, int max) {
    List<SqlSpan> spans = new ArrayList<>();
    if (!detail.sqlKept()) {
      spans.add(
          new SqlSpan(
              "\nThe text was not kept; constants are replaced by $.", SqlSpan.Style.COMMENT));
    }
    List<StatementDetail.Parameter> all = detail.parameters();
    for (StatementDetail.Parameter each : all.subList(0, Math.min(max, all.size()))) {
      String value = each.value().display();
      String shown =
          each.value() instanceof dev.nestor.evidence.archive.ResultCell.Value
              ? "'" + (value.length() > 200 ? value.substring(0, 200) + "…" : value) + "'"
              : value;
      spans.add(
          new SqlSpan(
              "%s$%d = %s".formatted(spans.isEmpty() && max > 4 ? "" : "\n", each.number(), shown),
              SqlSpan.Style.PLAIN));
      spans.add(
          new SqlSpan(
              "  %s, bound in frame %,d.%d".formatted(each.type(), each.frame(), each.message()),
              SqlSpan.Style.COMMENT));
    }
    if (all.size() > max) {
      spans.add(new SqlSpan("\n… %d more".formatted(all.size() - max), SqlSpan.Style.COMMENT));
    }
    return spans;
  }
}
