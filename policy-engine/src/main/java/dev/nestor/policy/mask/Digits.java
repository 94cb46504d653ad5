package dev.nestor.policy.mask;

import dev.nestor.policy.MaskForm;

/// Decimal digits of a number, as ASCII.
final class Digits {
  /// What `partial` leaves.
  static final int PARTIAL = 2;

  private Digits() {}

  /// Puts other digits in place: 0 for those that go, pseudo-random ones for a hash, which must
  /// have been begun with the whole value.
  static void mask(MaskForm form, KeyedHash hash, byte[] digits, int count) {
    int first = 0;
    int last = 0;
    switch (form.kind()) {
      case KEEP_FIRST -> first = form.keep();
      case KEEP_LAST -> last = form.keep();
      case PARTIAL -> last = PARTIAL;
      case FORMAT, HASH -> {
        hash.update(java.nio.ByteBuffer.wrap(digits), 0, count);
        for (int i = 0; i < count; i++) {
          digits[i] = (byte) ('0' + hash.next(10));
        }
        return;
      }
      default -> {}
    }
    boolean all = count <= first + last;
    for (int i = 0; i < count; i++) {
      if (all || (i >= first && i < count - last)) {
        digits[i] = '0';
      }
    }
  }

  /// The number that digits make; what is larger than the largest loses leading digits.
  static long value(byte[] digits, int count, long largest) {
    long value = 0;
    for (int i = 0; i < count; i++) {
      int digit = digits[i] - '0';
      if (value > (largest - digit) / 10) {
        value = value % 10;
      }
      value = value * 10 + digit;
    }
    return value <= largest ? value : 0;
  }
}
