package dev.nestor.proxy.net;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/// Bytes of a message in the making, big-endian.
final class ByteSequence {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private int lengthIndex = -1;

  ByteSequence u8(int value) {
    out.write(value);
    return this;
  }

  ByteSequence u32(int value) {
    out.writeBytes(ByteBuffer.allocate(4).putInt(value).array());
    return this;
  }

  ByteSequence string(String text) {
    out.writeBytes(text.getBytes(StandardCharsets.UTF_8));
    out.write(0);
    return this;
  }

  ByteSequence raw(byte[] bytes) {
    out.writeBytes(bytes);
    return this;
  }

  /// The length of everything from here on stands at this index.
  ByteSequence lengthAt(int index) {
    lengthIndex = index;
    return this;
  }

  byte[] toArray() {
    byte[] bytes = out.toByteArray();
    if (lengthIndex >= 0) {
      ByteBuffer.wrap(bytes).putInt(lengthIndex, bytes.length - lengthIndex);
    }
    return bytes;
  }
}
