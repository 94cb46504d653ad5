package dev.nestor.policy.mask;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/// Floating numbers have no digits that could stay: a hash is a whole number that they hold
/// exactly.
///
/// @param bytes of the binary form: 4 or 8
record FloatMask(KeyedHash hash, int bytes, boolean binary) implements ValueMask {
  private static final int MANTISSA_BITS_SINGLE = 23;
  private static final int MANTISSA_BITS_DOUBLE = 48;

  @Override
  public int mask(ByteBuffer in, int at, int length, ByteBuffer out, int to) {
    hash.update(in, at, length);
    long value = hash.high() >>> (64 - (bytes == 4 ? MANTISSA_BITS_SINGLE : MANTISSA_BITS_DOUBLE));
    if (!binary) {
      byte[] text = Long.toString(value).getBytes(StandardCharsets.US_ASCII);
      out.put(to, text);
      return text.length;
    }
    if (bytes == 4) {
      out.putFloat(to, (float) value);
    } else {
      out.putDouble(to, (double) value);
    }
    return bytes;
  }

  @Override
  public int bytesMax(int length) {
    return 20;
  }
}
