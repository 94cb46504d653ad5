package dev.nestor.evidence.archive;

import dev.nestor.recorder.archive.Archive;
import dev.nestor.recorder.archive.Frame;
import dev.nestor.recorder.chunk.FrameMeta;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.List;

/// Messages that are longer than a frame.
final class Fragments {
  private static final int BYTES_MAX = 64 << 20;

  private Fragments() {}

  static boolean isFirst(Frame frame) {
    return (frame.meta().flags() & FrameMeta.FRAGMENT) != 0
        && frame.meta().type() != WireMessages.CONTINUATION;
  }

  /// The whole message, if it is not longer than 64 MiB; else its first piece alone.
  static List<WireMessages.Piece> join(
      Archive archive, RecordedReplay replay, Frame first, WireMessages.Piece head) {
    ByteArrayOutputStream whole = new ByteArrayOutputStream();
    append(whole, first);
    if ((first.meta().flags() & FrameMeta.LAST_FRAGMENT) == 0) {
      for (long number : replay.messageFrames(first.no(), Long.MAX_VALUE)) {
        Frame next = archive.frame(number).orElse(null);
        if (next == null || next.meta().lane() != first.meta().lane()) {
          continue;
        }
        if (next.meta().type() != WireMessages.CONTINUATION || whole.size() > BYTES_MAX) {
          return List.of(head);
        }
        append(whole, next);
        if ((next.meta().flags() & FrameMeta.LAST_FRAGMENT) != 0) {
          break;
        }
      }
    }
    return List.of(
        new WireMessages.Piece(
            head.frame(),
            0,
            head.fromClient(),
            head.type(),
            0,
            ByteBuffer.wrap(whole.toByteArray()).asReadOnlyBuffer()));
  }

  private static void append(ByteArrayOutputStream whole, Frame frame) {
    whole.writeBytes(frame.payload().orElse(new byte[0]));
  }
}
