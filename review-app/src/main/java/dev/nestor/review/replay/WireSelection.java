package dev.nestor.review.replay;

import dev.nestor.evidence.archive.FrameRow;
import dev.nestor.evidence.archive.MessageRow;
import dev.nestor.evidence.archive.WireField;
import dev.nestor.evidence.archive.WireFields;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A frame's messages and fields as lines, and which bytes are chosen. Bytes and fields are the
/// same choice: choosing one is choosing the other.
final class WireSelection {
  /// A line beside the bytes.
  ///
  /// @param field of the message; empty for the message's own line
  record Line(MessageRow message, Optional<WireField> field) {
    int offset() {
      return field.map(WireField::offset).orElse(message.offset());
    }

    int length() {
      return field.map(WireField::length).orElse(message.length());
    }

    String name() {
      return field.map(WireField::name).orElse(message.type());
    }

    String value() {
      return field.map(WireField::value).orElse("");
    }
  }

  private static final int LINES_MAX = 4_000;

  private final List<Line> lines;
  private int chosen = -1;

  private WireSelection(List<Line> lines) {
    this.lines = List.copyOf(lines);
  }

  /// Nothing.
  static WireSelection none() {
    return new WireSelection(List.of());
  }

  /// A frame, with its first message chosen.
  static WireSelection of(FrameRow frame) {
    List<Line> lines = new ArrayList<>();
    for (MessageRow message : frame.messages()) {
      if (lines.size() >= LINES_MAX) {
        break;
      }
      lines.add(new Line(message, Optional.empty()));
      WireFields.of(frame, message)
          .forEach(field -> lines.add(new Line(message, Optional.of(field))));
    }
    WireSelection selection = new WireSelection(lines);
    selection.choose(0);
    return selection;
  }

  List<Line> lines() {
    return lines;
  }

  /// Index of the chosen line, -1 for none.
  int chosen() {
    return chosen;
  }

  Optional<Line> line() {
    return chosen < 0 ? Optional.empty() : Optional.of(lines.get(chosen));
  }

  void choose(int line) {
    if (line >= 0 && line < lines.size()) {
      chosen = line;
    }
  }

  /// Chooses the field that a byte belongs to.
  void chooseByte(int at) {
    for (int i = 0; i < lines.size(); i++) {
      if (lines.get(i).field().filter(field -> field.covers(at)).isPresent()) {
        chosen = i;
        return;
      }
    }
  }

  /// The field after the chosen one, or before it; stays at the ends.
  void step(boolean forward) {
    for (int i = chosen + (forward ? 1 : -1); i >= 0 && i < lines.size(); i += forward ? 1 : -1) {
      if (lines.get(i).field().isPresent()) {
        chosen = i;
        return;
      }
    }
  }

  /// Whether a byte is chosen.
  boolean covers(int at) {
    return line()
        .filter(line -> at >= line.offset() && at < line.offset() + line.length())
        .isPresent();
  }
}
