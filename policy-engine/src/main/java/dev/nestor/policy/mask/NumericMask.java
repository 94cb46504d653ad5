package dev.nestor.policy.mask;

import dev.nestor.policy.MaskForm;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// Decimal numbers keep how many digits they have, before and behind the point, and so fit every
/// precision that the value fitted; digits that go become 0. What is no number becomes 0.
record NumericMask(MaskForm form, KeyedHash hash, boolean binary) implements ValueMask {
  private static final int DIGITS_MAX = 4096;
  private static final int HEADER_BYTES = 8;
  private static final int BASE_DIGITS = 4;
  private static final BigInteger BASE = BigInteger.valueOf(10_000);

  @Override
  public int mask(ByteBuffer in, int at, int length, ByteBuffer out, int to) {
    BigDecimal value = binary ? ofBinary(in, at, length) : ofText(in, at, length);
    BigDecimal masked = value == null ? BigDecimal.ZERO : masked(value);
    return binary ? toBinary(masked, out, to) : toText(masked, out, to);
  }

  private BigDecimal masked(BigDecimal value) {
    // as it is printed: zeros behind the point count as digits, none stand in front
    String plain = value.abs().toPlainString();
    int point = plain.indexOf('.');
    byte[] digits = plain.replace(".", "").getBytes(StandardCharsets.US_ASCII);
    Digits.mask(form, hash, digits, digits.length);
    if (form.kind() != MaskForm.Kind.KEEP_FIRST && value.abs().compareTo(BigDecimal.ONE) < 0) {
      digits[0] = '0'; // numeric(2,2) has no digit before the point
    }
    BigInteger unscaled = new BigInteger(new String(digits, StandardCharsets.US_ASCII));
    return new BigDecimal(unscaled, point < 0 ? 0 : plain.length() - point - 1);
  }

  private static @Nullable BigDecimal ofText(ByteBuffer in, int at, int length) {
    if (length > DIGITS_MAX) {
      return null;
    }
    byte[] text = new byte[length];
    in.get(at, text);
    try {
      BigDecimal value = new BigDecimal(new String(text, StandardCharsets.US_ASCII));
      return Math.abs((long) value.scale()) + value.precision() > DIGITS_MAX ? null : value;
    } catch (NumberFormatException e) { // NaN, Infinity, or not what it claims to be
      return null;
    }
  }

  private static @Nullable BigDecimal ofBinary(ByteBuffer in, int at, int length) {
    if (length < HEADER_BYTES) {
      return null;
    }
    int count = in.getShort(at);
    int weight = in.getShort(at + 2);
    int sign = in.getShort(at + 4) & 0xffff;
    int scale = in.getShort(at + 6);
    if (count < 0
        || length != HEADER_BYTES + 2 * count
        || scale < 0
        || (sign != 0 && sign != 0x4000)
        || BASE_DIGITS * (long) Math.max(Math.abs(weight), count) + scale > DIGITS_MAX) {
      return null;
    }
    BigInteger digits = BigInteger.ZERO;
    for (int i = 0; i < count; i++) {
      int digit = in.getShort(at + HEADER_BYTES + 2 * i);
      if (digit < 0 || digit > 9999) {
        return null;
      }
      digits = digits.multiply(BASE).add(BigInteger.valueOf(digit));
    }
    return new BigDecimal(digits, BASE_DIGITS * (count - 1 - weight))
        .setScale(scale, java.math.RoundingMode.DOWN);
  }

  private static int toText(BigDecimal value, ByteBuffer out, int to) {
    byte[] text = value.toPlainString().getBytes(StandardCharsets.US_ASCII);
    out.put(to, text);
    return text.length;
  }

  private static int toBinary(BigDecimal value, ByteBuffer out, int to) {
    int scale = value.scale();
    int groupsBehind = (scale + BASE_DIGITS - 1) / BASE_DIGITS;
    BigInteger rest = value.setScale(groupsBehind * BASE_DIGITS).unscaledValue();
    int groups = 0;
    for (BigInteger left = rest; left.signum() > 0; left = left.divide(BASE)) {
      groups++;
    }
    for (int i = groups - 1; i >= 0; i--) {
      BigInteger[] parts = rest.divideAndRemainder(BASE);
      out.putShort(to + HEADER_BYTES + 2 * i, parts[1].shortValueExact());
      rest = parts[0];
    }
    int count = groups;
    while (count > 0 && out.getShort(to + HEADER_BYTES + 2 * (count - 1)) == 0) {
      count--; // PostgreSQL stores no zeros at the end
    }
    out.putShort(to, (short) count);
    out.putShort(to + 2, (short) (count == 0 ? 0 : groups - 1 - groupsBehind));
    out.putShort(to + 4, (short) 0);
    out.putShort(to + 6, (short) scale);
    return HEADER_BYTES + 2 * count;
  }

  @Override
  public int bytesMax(int length) {
    return DIGITS_MAX + 64;
  }
}
