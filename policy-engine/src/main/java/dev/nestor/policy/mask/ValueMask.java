package dev.nestor.policy.mask;

import java.nio.ByteBuffer;

/// Turns a value that is not NULL into what may be seen of it. Positions are absolute: buffers are
/// not moved.
public interface ValueMask {
  /// Answer for a value of which nothing is left: NULL.
  int NULL = -1;

  /// Masks one value.
  ///
  /// @param in holds the value, `length` bytes from `at`
  /// @param out has room for [#bytesMax(int)] bytes from `to`; not the buffer of the value
  /// @return bytes written, or [#NULL]
  int mask(ByteBuffer in, int at, int length, ByteBuffer out, int to);

  /// Most bytes that a value of this length can become.
  int bytesMax(int length);
}
