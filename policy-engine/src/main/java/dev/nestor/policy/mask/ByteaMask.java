package dev.nestor.policy.mask;

import dev.nestor.policy.MaskForm;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/// Bytes: those that go become 0. In text only the form `\x…` is read; the older one, with escapes,
/// becomes empty.
record ByteaMask(MaskForm form, KeyedHash hash, boolean binary) implements ValueMask {
  private static final HexFormat HEX = HexFormat.of();

  @Override
  public int mask(ByteBuffer in, int at, int length, ByteBuffer out, int to) {
    byte[] value = new byte[length];
    in.get(at, value);
    byte[] masked = masked(binary ? value : ofHex(value));
    if (!binary) {
      masked = ("\\x" + HEX.formatHex(masked)).getBytes(StandardCharsets.US_ASCII);
    }
    out.put(to, masked);
    return masked.length;
  }

  private byte[] masked(byte[] value) {
    int first = 0;
    int last = 0;
    switch (form.kind()) {
      case KEEP_FIRST -> first = form.keep();
      case KEEP_LAST -> last = form.keep();
      case PARTIAL -> last = Digits.PARTIAL;
      case HASH -> {
        hash.update(ByteBuffer.wrap(value), 0, value.length);
        return ByteBuffer.allocate(16).putLong(hash.high()).putLong(hash.low()).array();
      }
      case FORMAT -> {
        hash.update(ByteBuffer.wrap(value), 0, value.length);
        for (int i = 0; i < value.length; i++) {
          value[i] = (byte) hash.next(256);
        }
        return value;
      }
      default -> {
        return new byte[0];
      }
    }
    boolean all = value.length <= first + last;
    for (int i = 0; i < value.length; i++) {
      if (all || (i >= first && i < value.length - last)) {
        value[i] = 0;
      }
    }
    return value;
  }

  private static byte[] ofHex(byte[] text) {
    if (text.length < 2 || text[0] != '\\' || text[1] != 'x') {
      return new byte[0];
    }
    try {
      return HEX.parseHex(new String(text, 2, text.length - 2, StandardCharsets.US_ASCII));
    } catch (IllegalArgumentException e) { // not what it claims to be
      return new byte[0];
    }
  }

  @Override
  public int bytesMax(int length) {
    return Math.max(length, 16) * 2 + 2;
  }
}
