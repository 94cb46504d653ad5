package dev.nestor.review.replay;

import dev.nestor.evidence.archive.FrameRow;
import dev.nestor.evidence.archive.MessageRow;
import dev.nestor.review.ui.Chips;
import dev.nestor.review.ui.FrameList;
import dev.nestor.review.ui.Words;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.input.MouseEvent;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;

/// The bytes of the frame at the playhead, and the fields that they are. Choosing a field marks its
/// bytes; clicking a byte, or the arrow keys in the bytes, choose the field.
final class WirePane {
  private static final double LINE = 18;
  private static final double BYTES_HEIGHT = 108;

  private final Label sub = new Label();
  private final Label chosen = new Label();
  private final FrameList<HexLine> bytes;
  private final FrameList<WireSelection.Line> fields;
  private final VBox bytesPane;
  private final VBox fieldsPane;
  private ByteBuffer content = ByteBuffer.allocate(0);
  private WireSelection selection = WireSelection.none();

  WirePane() {
    bytes =
        new FrameList<>(
            List.of(
                new FrameList.Column<>(
                    "", 60, false, () -> FrameList.text(HexLine::offset, "code", "sub", "first")),
                new FrameList.Column<>("", 380, false, () -> new MarkedCell(true)),
                new FrameList.Column<>("", -1, false, () -> new MarkedCell(false))),
            LINE,
            new Bytes());
    bytes.setAccessibleText("Bytes of the frame");
    bytes.setPlaceholder("");
    bytes.getStyleClass().add("wire");
    bytes.setExpander((_, forward) -> {
      selection.step(forward);
      showChoice();
    });
    bytes.addEventHandler(MouseEvent.MOUSE_CLICKED, this::clicked);
    fields =
        new FrameList<>(
            List.of(
                new FrameList.Column<>(
                    "Field", 160, false, () -> FrameList.text(WirePane::name, "wide", "first")),
                new FrameList.Column<>(
                    "Value", -1, false, () -> FrameList.text(WireSelection.Line::value, "code")),
                new FrameList.Column<>(
                    "Bytes",
                    64,
                    true,
                    () -> FrameList.text(each -> Words.number(each.length()), "num", "sub"))),
            LINE + 2,
            new Fields());
    fields.setAccessibleText("Fields of the frame");
    fields.getStyleClass().add("wire-fields");
    fields
        .selectedProperty()
        .addListener((_, _, line) -> {
          if (line.intValue() != selection.chosen()) {
            selection.choose(line.intValue());
            showChoice();
          }
        });
    bytesPane = makeBytesPane();
    HBox head = ReplayView.head("Fields", true);
    VBox.setVgrow(fields, Priority.ALWAYS);
    fieldsPane = new VBox(head, fields);
  }

  private VBox makeBytesPane() {
    HBox head = ReplayView.head("Wire", true);
    sub.getStyleClass().addAll("muted", "small");
    chosen.getStyleClass().addAll("muted", "small");
    head.getChildren().addAll(sub, ReplayView.spacer(), Chips.whole(chosen), Chips.key("W"));
    bytes.setMinHeight(BYTES_HEIGHT);
    bytes.setPrefHeight(BYTES_HEIGHT);
    VBox.setVgrow(bytes, Priority.ALWAYS);
    return new VBox(head, bytes);
  }

  private static String name(WireSelection.Line line) {
    return line.field().isPresent() ? "    " + line.name() : line.name();
  }

  /// The bytes.
  VBox bytesPane() {
    return bytesPane;
  }

  /// The fields.
  VBox fieldsPane() {
    return fieldsPane;
  }

  /// Panes in the order of F6: those that are shown.
  List<Node> focusTargets() {
    return List.<Node>of(bytes, fields).stream().filter(each -> each.getScene() != null).toList();
  }

  void show(Optional<FrameRow> frame) {
    content = frame.map(FrameRow::bytes).orElse(ByteBuffer.allocate(0));
    selection = frame.map(WireSelection::of).orElse(WireSelection.none());
    sub.setText(
        frame
            .map(f ->
                "%s · frame %s · %s · %s"
                    .formatted(
                        f.messages().stream()
                            .findFirst()
                            .map(MessageRow::type)
                            .orElse("no message"),
                        Words.number(f.frame()),
                        Words.counted(f.bytes().limit(), "byte"),
                        f.fromClient() ? "as the client sent it" : "as sent to the client"))
            .orElse(""));
    bytes.setRows(new Bytes());
    fields.setRows(new Fields());
    showChoice();
  }

  private void showChoice() {
    fields.selectedProperty().set(selection.chosen());
    fields.refresh();
    selection
        .line()
        .ifPresent(line -> {
          chosen.setText(
              line.field().isPresent()
                  ? line.name() + ": " + Words.counted(line.length(), "byte")
                  : line.message().address());
          bytes.selectedProperty().set(line.offset() / HexLine.BYTES);
        });
    if (selection.line().isEmpty()) {
      chosen.setText("");
    }
    bytes.refresh();
  }

  private void clicked(MouseEvent event) {
    long line = bytes.firstVisible() + (long) (event.getY() / LINE);
    for (Node each = event.getPickResult().getIntersectedNode();
        each != null;
        each = each.getParent()) {
      if (each.getUserData() instanceof MarkedCell cell) {
        int at = cell.byteAt(each.sceneToLocal(event.getSceneX(), event.getSceneY()).getX());
        selection.chooseByte((int) line * HexLine.BYTES + at);
        showChoice();
      }
    }
  }

  private final class Bytes implements FrameList.Rows<HexLine> {
    @Override
    public long size() {
      return Math.ceilDiv(content.limit(), HexLine.BYTES);
    }

    @Override
    public HexLine row(long index) {
      return HexLine.of(content, (int) index);
    }

    @Override
    public String spoken(HexLine line) {
      return line.offset() + " " + line.hex();
    }

    @Override
    public List<String> styles(HexLine line) {
      return List.of();
    }
  }

  private final class Fields implements FrameList.Rows<WireSelection.Line> {
    @Override
    public long size() {
      return selection.lines().size();
    }

    @Override
    public WireSelection.Line row(long index) {
      return selection.lines().get((int) index);
    }

    @Override
    public String spoken(WireSelection.Line line) {
      return line.field().isPresent()
          ? "%s: %s, %s".formatted(line.name(), line.value(), Words.counted(line.length(), "byte"))
          : "Message " + line.message().address() + ", " + line.name();
    }

    @Override
    public List<String> styles(WireSelection.Line line) {
      return line.field().isPresent() ? List.of() : List.of("message-row");
    }
  }

  /// Sixteen bytes with the chosen ones marked: three labels side by side.
  private final class MarkedCell implements FrameList.Cell<HexLine> {
    private final boolean hex;
    private final Label before = new Label();
    private final Label marked = new Label();
    private final Label after = new Label();
    private final HBox box = new HBox(before, marked, after);

    MarkedCell(boolean hex) {
      this.hex = hex;
      box.getStyleClass().add("wire-cell");
      marked.getStyleClass().add("wire-mark");
      for (Label each : List.of(before, marked, after)) {
        Chips.whole(each);
      }
      box.setUserData(this);
    }

    @Override
    public Node node() {
      return box;
    }

    @Override
    public void show(HexLine line) {
      int from = 0;
      while (from < line.bytes() && !selection.covers(line.at() + from)) {
        from++;
      }
      int to = from;
      while (to < line.bytes() && selection.covers(line.at() + to)) {
        to++;
      }
      String text = hex ? line.hex() : line.characters();
      int start = Math.min(text.length(), hex ? HexLine.column(from) : from);
      int end = to == from ? start : hex ? HexLine.column(to - 1) + 2 : to;
      before.setText(text.substring(0, start));
      marked.setText(text.substring(start, end));
      after.setText(text.substring(end));
    }

    /// Which of the sixteen stands at a place.
    int byteAt(double x) {
      double all = before.getWidth() + marked.getWidth() + after.getWidth();
      int characters =
          before.getText().length() + marked.getText().length() + after.getText().length();
      if (characters == 0 || all <= 0) {
        return 0;
      }
      int character = (int) ((x - before.getLayoutX()) / (all / characters));
      if (!hex) {
        return Math.clamp(character, 0, HexLine.BYTES - 1);
      }
      int at = 0;
      while (at < HexLine.BYTES - 1 && HexLine.column(at + 1) <= character) {
        at++;
      }
      return at;
    }
  }
}
