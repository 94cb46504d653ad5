package dev.nestor.review.replay;

import dev.nestor.evidence.archive.SessionState;
import dev.nestor.review.ui.FrameList;
import dev.nestor.review.ui.Words;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;

/// What the session had at the playhead: transaction, role, settings, prepared statements, portals.
final class StatePane extends VBox {
  /// A line: a heading without a value, or a name with one.
  private record Line(String name, String value, boolean heading) {}

  private final Label sub = new Label();
  private final FrameList<Line> list;
  private List<Line> lines = List.of();

  StatePane() {
    HBox head = ReplayView.head("State", true);
    sub.getStyleClass().addAll("muted", "small");
    head.getChildren().add(sub);
    list =
        new FrameList<>(
            List.of(
                new FrameList.Column<>(
                    "Name", 180, false, () -> FrameList.text(StatePane::name, "wide", "first")),
                new FrameList.Column<>(
                    "Value", -1, false, () -> FrameList.text(Line::value, "code"))),
            20,
            new Rows());
    list.setAccessibleText("State of the session at the playhead");
    list.getStyleClass().add("wire-fields");
    list.setPlaceholder("Nothing is known of the session's state.");
    VBox.setVgrow(list, Priority.ALWAYS);
    getChildren().addAll(head, list);
  }

  Node focusTarget() {
    return list;
  }

  private static String name(Line line) {
    return line.heading() ? line.name() : "    " + line.name();
  }

  void show(SessionState state) {
    sub.setText(
        "after frame %s%s"
            .formatted(
                Words.number(state.frame()),
                state.complete() ? "" : ", followed only in part: the session is long"));
    List<Line> all = new ArrayList<>();
    all.add(new Line("Transaction", state.transaction().words(), true));
    all.add(new Line("Role", state.role().isEmpty() ? "not known" : state.role(), true));
    section(all, "Settings", state.settings());
    section(all, "Prepared statements", state.prepared());
    section(all, "Portals", state.portals());
    section(all, "Listening", names(state.listening()));
    section(all, "Temporary tables", names(state.temporaryTables()));
    lines = all;
    list.setRows(new Rows());
    list.refresh();
  }

  private static Map<String, String> names(List<String> names) {
    Map<String, String> map = new java.util.TreeMap<>();
    names.forEach(each -> map.put(each, ""));
    return map;
  }

  private static void section(List<Line> into, String title, Map<String, String> entries) {
    into.add(new Line(title, entries.isEmpty() ? "none" : Words.number(entries.size()), true));
    entries.forEach((name, value) -> into.add(new Line(name, value, false)));
  }

  private final class Rows implements FrameList.Rows<Line> {
    @Override
    public long size() {
      return lines.size();
    }

    @Override
    public Line row(long index) {
      return lines.get((int) index);
    }

    @Override
    public String spoken(Line line) {
      return line.name() + ": " + line.value();
    }

    @Override
    public List<String> styles(Line line) {
      return line.heading() ? List.of("message-row") : List.of();
    }
  }
}
