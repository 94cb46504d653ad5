package dev.nestor.policy.mask;

import dev.nestor.policy.MaskForm;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/// Whole numbers: digits that go become 0, a hash is a number of the type.
///
/// @param bytes of the binary form: 2, 4 or 8
/// @param largest of the type; no result is negative or larger
record IntegerMask(MaskForm form, KeyedHash hash, int bytes, long largest, boolean binary)
    implements ValueMask {
  private static final int DIGITS_MAX = 20;

  @Override
  public int mask(ByteBuffer in, int at, int length, ByteBuffer out, int to) {
    byte[] digits = new byte[DIGITS_MAX];
    int count = binary ? ofBinary(in, at, length, digits) : ofText(in, at, length, digits);
    long value = 0;
    if (count > 0) {
      switch (form.kind()) {
        case HASH -> {
          hash.update(ByteBuffer.wrap(digits), 0, count);
          value = hash.high() & Long.MAX_VALUE;
          value = largest == Long.MAX_VALUE ? value : value % (largest + 1);
        }
        default -> {
          Digits.mask(form, hash, digits, count);
          value = Digits.value(digits, count, largest);
        }
      }
    }
    if (!binary) {
      byte[] text = Long.toString(value).getBytes(StandardCharsets.US_ASCII);
      out.put(to, text);
      return text.length;
    }
    switch (bytes) {
      case 2 -> out.putShort(to, (short) value);
      case 4 -> out.putInt(to, (int) value);
      default -> out.putLong(to, value);
    }
    return bytes;
  }

  private int ofBinary(ByteBuffer in, int at, int length, byte[] digits) {
    if (length != bytes) {
      return 0;
    }
    long value =
        switch (bytes) {
          case 2 -> in.getShort(at);
          case 4 -> largest > Integer.MAX_VALUE ? in.getInt(at) & 0xffffffffL : in.getInt(at);
          default -> in.getLong(at);
        };
    byte[] text = Long.toString(value).getBytes(StandardCharsets.US_ASCII);
    return ofText(ByteBuffer.wrap(text), 0, text.length, digits);
  }

  private static int ofText(ByteBuffer in, int at, int length, byte[] digits) {
    int from = length > 0 && in.get(at) == '-' ? 1 : 0;
    if (length - from > DIGITS_MAX) {
      return 0;
    }
    for (int i = from; i < length; i++) {
      byte next = in.get(at + i);
      if (next < '0' || next > '9') {
        return 0;
      }
      digits[i - from] = next;
    }
    return length - from;
  }

  @Override
  public int bytesMax(int length) {
    return DIGITS_MAX;
  }
}
