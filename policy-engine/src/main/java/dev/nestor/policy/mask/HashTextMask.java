package dev.nestor.policy.mask;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/// A keyed hash in hexadecimal, between two fixed pieces of text.
final class HashTextMask implements ValueMask {
  private static final byte[] DIGITS = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
  private static final int DIGITS_MAX = 32;

  private final KeyedHash hash;
  private final byte[] before;
  private final byte[] after;
  private final int digits;
  private final int padding;

  /// @param digitsMax how many fit; at most 32 are written
  /// @param padding blanks behind them, for a padded type
  HashTextMask(KeyedHash hash, byte[] before, byte[] after, int digitsMax, int padding) {
    this.hash = hash;
    this.before = before;
    this.after = after;
    this.digits = Math.min(DIGITS_MAX, digitsMax);
    this.padding = padding;
  }

  @Override
  public int mask(ByteBuffer in, int at, int length, ByteBuffer out, int to) {
    hash.update(in, at, length);
    out.put(to, before);
    int at1 = to + before.length;
    for (int i = 0; i < digits; i++) {
      long half = i < 16 ? hash.high() : hash.low();
      out.put(at1 + i, DIGITS[(int) (half >>> (60 - 4 * (i & 15))) & 15]);
    }
    out.put(at1 + digits, after);
    for (int i = 0; i < padding; i++) {
      out.put(at1 + digits + after.length + i, (byte) ' ');
    }
    return bytesMax(length);
  }

  @Override
  public int bytesMax(int length) {
    return before.length + digits + after.length + padding;
  }
}
