package dev.nestor.postgres.protocol;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/// Reads the fields of one message body and checks each where it is read.
final class WireReader {
  private final ByteBuffer body;

  /// @param body exactly the body of one message; its position moves
  WireReader(ByteBuffer body) {
    this.body = body.order(ByteOrder.BIG_ENDIAN);
  }

  int remaining() {
    return body.remaining();
  }

  private void need(String field, int bytes) {
    if (body.remaining() < bytes) {
      throw ProtocolViolationException.of(
          field, "needs " + bytes + " bytes, message has " + body.remaining() + " left");
    }
  }

  byte int8(String field) {
    need(field, 1);
    return body.get();
  }

  short int16(String field) {
    need(field, 2);
    return body.getShort();
  }

  /// A count of things of which each takes at least `bytesEach` bytes.
  int count16(String field, int bytesEach) {
    return count(field, int16(field) & 0xFFFF, bytesEach);
  }

  int count32(String field, int bytesEach) {
    return count(field, int32(field), bytesEach);
  }

  private int count(String field, int count, int bytesEach) {
    int max = body.remaining() / bytesEach;
    if (count < 0 || count > max) {
      throw ProtocolViolationException.outOfRange(field, count, 0, max);
    }
    return count;
  }

  int int32(String field) {
    need(field, 4);
    return body.getInt();
  }

  Bytes bytes(String field, int size) {
    if (size < 0 || size > body.remaining()) {
      throw ProtocolViolationException.outOfRange(field, size, 0, body.remaining());
    }
    ByteBuffer slice = body.slice(body.position(), size);
    body.position(body.position() + size);
    return Bytes.copyOf(slice);
  }

  Bytes rest() {
    return Bytes.copyOf(body);
  }

  /// The bytes up to the next zero, which is consumed.
  Bytes terminated(String field) {
    for (int i = body.position(); i < body.limit(); i++) {
      if (body.get(i) == 0) {
        Bytes value = bytes(field, i - body.position());
        body.get();
        return value;
      }
    }
    throw ProtocolViolationException.of(field, "string is not terminated");
  }

  /// A string that decides something: two different byte strings must never look alike, so what is
  /// not UTF-8 is refused.
  String string(String field) {
    Bytes raw = terminated(field);
    try {
      CharBuffer decoded = StandardCharsets.UTF_8.newDecoder().decode(raw.asByteBuffer());
      return decoded.toString();
    } catch (CharacterCodingException e) {
      throw ProtocolViolationException.of(field, "is not UTF-8");
    }
  }

  /// A string for display; servers may send texts in another encoding before it is agreed upon.
  String lenientString(String field) {
    return terminated(field).text();
  }

  void end(String message) {
    if (body.hasRemaining()) {
      throw ProtocolViolationException.of(
          message, body.remaining() + " bytes behind the last field");
    }
  }
}
