package dev.nestor.postgres.protocol;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// How messages follow each other in a stream.
///
/// ```
/// +-----+------------+----------------------+
/// | tag | length     | body                 |   length counts itself but not the tag,
/// | 1 B | 4 B, int32 | length - 4 B         |   so the smallest legal value is 4
/// +-----+------------+----------------------+
/// ```
public final class Framing {
  /// Tag and length.
  public static final int HEADER_BYTES = 5;

  /// The length field, which counts itself.
  public static final int LENGTH_BYTES = 4;

  /// The largest length that PostgreSQL itself accepts: 1 GiB less one byte.
  public static final int LENGTH_MAX = 0x3FFFFFFF;

  private Framing() {}

  /// Size in bytes of the tagged message that starts at the buffer's position, or -1 if its header
  /// is not there yet. The position stays.
  ///
  /// @param lengthMax largest length field to accept, at most [#LENGTH_MAX]
  /// @throws ProtocolViolationException if the length is out of range
  public static int messageBytes(ByteBuffer stream, int lengthMax) {
    if (stream.remaining() < HEADER_BYTES) {
      return -1;
    }
    int length = checked(int32At(stream, stream.position() + 1), lengthMax);
    return length + 1;
  }

  static int checked(int length, int lengthMax) {
    if (length < LENGTH_BYTES || length > lengthMax) {
      throw ProtocolViolationException.outOfRange("length", length, LENGTH_BYTES, lengthMax);
    }
    return length;
  }

  private static int int32At(ByteBuffer stream, int index) {
    int value = stream.getInt(index);
    return stream.order() == ByteOrder.BIG_ENDIAN ? value : Integer.reverseBytes(value);
  }

  /// The body of the one tagged message that the buffer holds; the buffer's position moves behind
  /// it.
  static ByteBuffer body(ByteBuffer message) {
    if (message.remaining() < HEADER_BYTES) {
      throw ProtocolViolationException.outOfRange(
          "message", message.remaining(), HEADER_BYTES, LENGTH_MAX);
    }
    int length = checked(int32At(message, message.position() + 1), LENGTH_MAX);
    if (length != message.remaining() - 1) {
      throw ProtocolViolationException.of(
          "length", length + ", but the message has " + (message.remaining() - 1) + " bytes");
    }
    ByteBuffer body = message.slice(message.position() + HEADER_BYTES, length - LENGTH_BYTES);
    message.position(message.limit());
    return body;
  }
}
