package dev.nestor.policy.mask;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/// The same value for all.
final class FixedMask implements ValueMask {
  private final byte[] value;

  FixedMask(byte[] value) {
    this.value = value;
  }

  static FixedMask text(String value) {
    return new FixedMask(value.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public int mask(ByteBuffer in, int at, int length, ByteBuffer out, int to) {
    return write(out, to);
  }

  int write(ByteBuffer out, int to) {
    out.put(to, value);
    return value.length;
  }

  @Override
  public int bytesMax(int length) {
    return value.length;
  }
}
