package dev.nestor.evidence.archive;

import dev.nestor.postgres.protocol.Framing;
import dev.nestor.postgres.protocol.ProtocolViolationException;
import dev.nestor.recorder.archive.Frame;
import dev.nestor.recorder.chunk.FrameMeta;
import dev.nestor.recorder.chunk.Lane;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/// Cuts the bytes of a frame into messages. Bytes that are no message are one last piece of type
/// [#UNREADABLE].
final class WireMessages {
  /// Not a type of PostgreSQL's.
  static final int UNREADABLE = -1;

  /// In place of messages that the recorder left out.
  static final int ELIDED = 6;

  /// The continuation of a message that is longer than a frame.
  static final int CONTINUATION = 7;

  private static final int FRAME_MESSAGES_MAX = 32_768;

  /// One message in a frame.
  ///
  /// @param type byte of the type, or the number of an untyped packet (below 8)
  /// @param index in the frame, from 0
  /// @param bytes whole, with its head; of a fragment what the frame has
  record Piece(long frame, int index, boolean fromClient, int type, int offset, ByteBuffer bytes) {}

  private WireMessages() {}

  static List<Piece> of(Frame frame) {
    byte[] payload = frame.payload().orElse(new byte[0]);
    FrameMeta meta = frame.meta();
    boolean fromClient = meta.lane() == Lane.CMD;
    List<Piece> pieces = new ArrayList<>();
    ByteBuffer bytes = ByteBuffer.wrap(payload).asReadOnlyBuffer();
    boolean untyped = meta.type() < FrameMeta.UNTYPED_END && meta.type() != ELIDED;
    if (untyped || (meta.flags() & FrameMeta.FRAGMENT) != 0) {
      if (payload.length > 0) {
        pieces.add(new Piece(meta.no(), 0, fromClient, meta.type(), 0, bytes));
      }
      return pieces;
    }
    while (bytes.hasRemaining() && pieces.size() < FRAME_MESSAGES_MAX) {
      int at = bytes.position();
      int length = length(bytes);
      if (length < 0 || length > bytes.remaining()) {
        pieces.add(new Piece(meta.no(), pieces.size(), fromClient, UNREADABLE, at, bytes.slice()));
        break;
      }
      pieces.add(
          new Piece(
              meta.no(),
              pieces.size(),
              fromClient,
              bytes.get(at) & 0xff,
              at,
              bytes.slice(at, length)));
      bytes.position(at + length);
    }
    return pieces;
  }

  private static int length(ByteBuffer bytes) {
    try {
      return Framing.messageBytes(bytes, Framing.LENGTH_MAX);
    } catch (ProtocolViolationException e) {
      return -1;
    }
  }
}
