package dev.nestor.policy.mask;

import java.nio.ByteBuffer;

/// Leaves nothing.
enum NullMask implements ValueMask {
  INSTANCE;

  @Override
  public int mask(ByteBuffer in, int at, int length, ByteBuffer out, int to) {
    return NULL;
  }

  @Override
  public int bytesMax(int length) {
    return 0;
  }
}
