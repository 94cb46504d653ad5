package dev.nestor.review.replay;

import java.nio.ByteBuffer;
import java.util.Locale;

/// Sixteen bytes as people read them.
record HexLine(String offset, String hex, String characters) {
  static final int BYTES = 16;

  static HexLine of(ByteBuffer bytes, int line) {
    int from = line * BYTES;
    StringBuilder hex = new StringBuilder();
    StringBuilder characters = new StringBuilder();
    for (int i = from; i < Math.min(from + BYTES, bytes.limit()); i++) {
      int value = bytes.get(i) & 0xff;
      hex.append(i - from == 8 ? "  " : i == from ? "" : " ")
          .append(String.format(Locale.ROOT, "%02X", value));
      characters.append(value >= 32 && value < 127 ? (char) value : '.');
    }
    return new HexLine(
        String.format(Locale.ROOT, "%04X", from), hex.toString(), characters.toString());
  }
}
