package dev.nestor.policy.mask;

import java.nio.ByteBuffer;

/// Letters become other letters of their case, digits other digits; what is neither stays, and a
/// letter outside of ASCII becomes an `x`. Equal texts become equal texts.
final class FormatTextMask implements ValueMask {
  private final KeyedHash hash;

  FormatTextMask(KeyedHash hash) {
    this.hash = hash;
  }

  @Override
  public int mask(ByteBuffer in, int at, int length, ByteBuffer out, int to) {
    hash.update(in, at, length);
    int written = to;
    for (int i = at; i < at + length; i++) {
      byte next = in.get(i);
      if (next < 0) {
        if (StarMask.startsCharacter(next)) {
          out.put(written++, (byte) 'x');
        }
        continue;
      }
      out.put(
          written++,
          next >= 'a' && next <= 'z'
              ? (byte) ('a' + hash.next(26))
              : next >= 'A' && next <= 'Z'
                  ? (byte) ('A' + hash.next(26))
                  : next >= '0' && next <= '9' ? (byte) ('0' + hash.next(10)) : next);
    }
    return written - to;
  }

  @Override
  public int bytesMax(int length) {
    return length;
  }
}
