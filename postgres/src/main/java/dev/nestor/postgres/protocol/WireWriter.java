package dev.nestor.postgres.protocol;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Writes one message: tag, length, then the fields.
final class WireWriter {
  private static final int LENGTH_BYTES = 4;

  private byte[] buffer;
  private int size;
  private final int lengthAt;

  private WireWriter(int lengthAt) {
    this.buffer = new byte[64];
    this.lengthAt = lengthAt;
    this.size = lengthAt + LENGTH_BYTES;
  }

  static WireWriter tagged(byte tag) {
    WireWriter writer = new WireWriter(1);
    writer.buffer[0] = tag;
    return writer;
  }

  static WireWriter untagged() {
    return new WireWriter(0);
  }

  private void room(int bytes) {
    if (size + bytes > buffer.length) {
      buffer = Arrays.copyOf(buffer, Math.max(buffer.length * 2, size + bytes));
    }
  }

  WireWriter int8(int value) {
    room(1);
    buffer[size++] = (byte) value;
    return this;
  }

  WireWriter int16(int value) {
    return int8(value >>> 8).int8(value);
  }

  /// A count that the protocol carries in 16 bits.
  WireWriter count16(String field, int count) {
    if (count > 0xFFFF) {
      throw ProtocolViolationException.outOfRange(field, count, 0, 0xFFFF);
    }
    return int16(count);
  }

  WireWriter int32(int value) {
    return int16(value >>> 16).int16(value);
  }

  WireWriter bytes(Bytes value) {
    return raw(value.toArray());
  }

  private WireWriter raw(byte[] value) {
    room(value.length);
    System.arraycopy(value, 0, buffer, size, value.length);
    size += value.length;
    return this;
  }

  /// A zero-terminated string, which therefore cannot contain a zero.
  WireWriter string(String field, String value) {
    if (value.indexOf('\0') >= 0) {
      throw ProtocolViolationException.of(field, "contains a zero byte");
    }
    return raw(value.getBytes(StandardCharsets.UTF_8)).int8(0);
  }

  WireWriter terminated(String field, Bytes value) {
    byte[] raw = value.toArray();
    for (byte b : raw) {
      if (b == 0) {
        throw ProtocolViolationException.of(field, "contains a zero byte");
      }
    }
    return raw(raw).int8(0);
  }

  /// The finished message, ready to be read from position 0.
  ByteBuffer finish() {
    int length = size - lengthAt;
    ByteBuffer message = ByteBuffer.wrap(buffer, 0, size);
    message.putInt(lengthAt, length);
    return message.slice(0, size);
  }
}
