package dev.nestor.policy.mask;

import dev.nestor.policy.MaskForm;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.UUID;

/// UUIDs: digits that go become 0, a hash is a UUID of version 8, which RFC 9562 leaves to whoever
/// makes one.
record UuidMask(MaskForm form, KeyedHash hash, boolean binary) implements ValueMask {
  private static final int HEX_DIGITS = 32;
  private static final int TEXT_BYTES = 36;

  @Override
  public int mask(ByteBuffer in, int at, int length, ByteBuffer out, int to) {
    long high = 0;
    long low = 0;
    boolean read = true;
    if (binary && length == 16) {
      high = in.getLong(at);
      low = in.getLong(at + 8);
    } else if (!binary && length == TEXT_BYTES) {
      byte[] text = new byte[length];
      in.get(at, text);
      try {
        UUID uuid = UUID.fromString(new String(text, StandardCharsets.US_ASCII));
        high = uuid.getMostSignificantBits();
        low = uuid.getLeastSignificantBits();
      } catch (IllegalArgumentException e) { // not what it claims to be
        read = false;
      }
    } else {
      read = false;
    }
    UUID masked = read ? masked(high, low) : new UUID(0, 0);
    if (binary) {
      out.putLong(to, masked.getMostSignificantBits());
      out.putLong(to + 8, masked.getLeastSignificantBits());
      return 16;
    }
    out.put(to, masked.toString().getBytes(StandardCharsets.US_ASCII));
    return TEXT_BYTES;
  }

  private UUID masked(long high, long low) {
    int first = form.kind() == MaskForm.Kind.KEEP_FIRST ? form.keep() : 0;
    int last =
        switch (form.kind()) {
          case KEEP_LAST -> form.keep();
          case PARTIAL -> Digits.PARTIAL;
          default -> 0;
        };
    switch (form.kind()) {
      case HASH, FORMAT -> {
        hash.update(ByteBuffer.allocate(16).putLong(high).putLong(low), 0, 16);
        return new UUID(
            (hash.high() & ~0xF000L) | 0x8000L,
            (hash.low() & 0x3FFFFFFFFFFFFFFFL) | 0x8000000000000000L);
      }
      default -> {}
    }
    if (first + last >= HEX_DIGITS) {
      return new UUID(0, 0);
    }
    return new UUID(high & kept(first, last, 0), low & kept(first, last, 16));
  }

  /// A bit mask of the hexadecimal digits that stay, of the half that begins at a digit.
  private static long kept(int first, int last, int from) {
    long bits = 0;
    for (int digit = from; digit < from + 16; digit++) {
      boolean keep = digit < first || digit >= HEX_DIGITS - last;
      bits = (bits << 4) | (keep ? 0xF : 0);
    }
    return bits;
  }

  @Override
  public int bytesMax(int length) {
    return TEXT_BYTES;
  }
}
