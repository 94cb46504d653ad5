package dev.nestor.review.replay;

import java.nio.ByteBuffer;
import java.util.Locale;

/// Sixteen bytes as people read them.
///
/// @param at position of the first byte in the frame
/// @param bytes how many there are
record HexLine(int at, int bytes, String offset, String hex, String characters) {
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
        from,
        Math.clamp(bytes.limit() - from, 0, BYTES),
        String.format(Locale.ROOT, "%04X", from),
        hex.toString(),
        characters.toString());
  }

  /// Where a byte begins in [#hex()]: two digits each, a blank between, two in the middle.
  static int column(int index) {
    return index * 3 + (index >= 8 ? 1 : 0);
  }
}
