package dev.nestor.benchmarks.archive;

import java.nio.ByteBuffer;
import java.util.SplittableRandom;

/// Puts other digits where a value stands: in the text of a query, in parameters, in cells and in
/// copied lines. Lengths, names and everything binary stay.
final class Literals {
  private static final int FRAGMENT = 1;
  private static final int UNTYPED_END = 32;

  private final SplittableRandom random;

  Literals(long seed) {
    random = new SplittableRandom(seed);
  }

  byte[] vary(Traffic.Wire frame) {
    if ((frame.flags() & FRAGMENT) != 0 || frame.type() < UNTYPED_END) {
      return frame.bytes();
    }
    byte[] bytes = frame.bytes().clone();
    ByteBuffer message = ByteBuffer.wrap(bytes);
    int at = 0;
    while (bytes.length - at >= 5) {
      int length = 1 + message.getInt(at + 1);
      if (length < 5 || length > bytes.length - at) {
        return bytes;
      }
      switch (bytes[at]) {
        case 'Q', 'd' -> digits(bytes, at + 5, at + length);
        case 'D' -> {
          if (length >= 7) {
            cells(bytes, message, at + 7, message.getShort(at + 5), at + length);
          }
        }
        case 'B' -> parameters(bytes, message, at + 5, at + length);
        default -> {}
      }
      at += length;
    }
    return bytes;
  }

  private void cells(byte[] bytes, ByteBuffer message, int from, int count, int end) {
    int at = from;
    for (int i = 0; i < count && end - at >= 4; i++) {
      int length = message.getInt(at);
      at += 4;
      if (length > 0 && length <= end - at) {
        digits(bytes, at, at + length);
        at += length;
      }
    }
  }

  /// Bind: portal, statement, formats, then the values.
  private void parameters(byte[] bytes, ByteBuffer message, int from, int end) {
    int at = from;
    for (int names = 0; names < 2; names++) {
      while (at < end && message.get(at) != 0) {
        at++;
      }
      at++;
    }
    if (end - at < 2) {
      return;
    }
    at += 2 + 2 * message.getShort(at);
    if (end - at >= 2) {
      cells(bytes, message, at + 2, message.getShort(at), end);
    }
  }

  /// Text alone: a run of digits that no letter stands before. The first keeps being 0 or not.
  private void digits(byte[] bytes, int from, int to) {
    boolean inName = false;
    boolean first = true;
    for (int at = from; at < to; at++) {
      int b = bytes[at];
      if (b >= '0' && b <= '9') {
        if (!inName && !(first && b == '0')) {
          bytes[at] = (byte) (first ? '1' + random.nextInt(9) : '0' + random.nextInt(10));
        }
        first = false;
      } else {
        inName = (b >= 'a' && b <= 'z') || (b >= 'A' && b <= 'Z') || b == '_';
        first = true;
      }
    }
  }
}
