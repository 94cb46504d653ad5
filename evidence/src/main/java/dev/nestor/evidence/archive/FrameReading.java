package dev.nestor.evidence.archive;

import dev.nestor.recorder.archive.Frame;
import dev.nestor.recorder.chunk.Lane;
import java.nio.ByteBuffer;
import java.util.List;

/// A recorded frame as a row.
final class FrameReading {
  private static final int MESSAGES_MAX = 256;

  private FrameReading() {}

  static FrameRow row(Frame frame) {
    ByteBuffer bytes = ByteBuffer.wrap(frame.payload().orElse(new byte[0]));
    if (frame.isEvent()) {
      String kind = frame.event().map(event -> event.getClass().getSimpleName()).orElse("event");
      return new FrameRow(
          frame.no(),
          Instants.of(frame.meta().ts()),
          false,
          List.of(new MessageRow(frame.no(), 1, kind, "", 0, bytes.remaining())),
          1,
          bytes);
    }
    List<WireMessages.Piece> pieces = WireMessages.of(frame);
    return new FrameRow(
        frame.no(),
        Instants.of(frame.meta().ts()),
        frame.meta().lane() == Lane.CMD,
        pieces.stream().limit(MESSAGES_MAX).map(MessageText::of).toList(),
        pieces.size(),
        bytes);
  }
}
