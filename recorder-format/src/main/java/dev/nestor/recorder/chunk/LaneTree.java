package dev.nestor.recorder.chunk;

import java.security.MessageDigest;
import java.util.Arrays;
import java.util.List;

/// The tree over the leaves of a lane: groups of 16 from the left, level by level, until one node
/// is left.
public final class LaneTree {
  private static final int RADIX = 16;

  private LaneTree() {}

  /// The root; a single leaf is the root.
  ///
  /// @throws IllegalArgumentException if there is no leaf
  public static byte[] root(List<byte[]> leaves) {
    if (leaves.isEmpty()) {
      throw new IllegalArgumentException("a lane without leaves has no root");
    }
    byte[] hashes = new byte[leaves.size() * Sha256.BYTES];
    for (int i = 0; i < leaves.size(); i++) {
      System.arraycopy(leaves.get(i), 0, hashes, i * Sha256.BYTES, Sha256.BYTES);
    }
    return root(hashes, leaves.size(), Sha256.digest());
  }

  /// The same of hashes that stand one behind the other.
  ///
  /// @param hashes is overwritten
  /// @param count at least 1
  static byte[] root(byte[] hashes, int count, MessageDigest digest) {
    byte[] node = new byte[1 + RADIX * Sha256.BYTES];
    node[0] = 1;
    int nodes = count;
    while (nodes > 1) {
      int above = 0;
      for (int from = 0; from < nodes; from += RADIX) {
        int bytes = Math.min(RADIX, nodes - from) * Sha256.BYTES;
        System.arraycopy(hashes, from * Sha256.BYTES, node, 1, bytes);
        digest.update(node, 0, 1 + bytes);
        Sha256.finish(digest, hashes, above++ * Sha256.BYTES); // over children already read
      }
      nodes = above;
    }
    return Arrays.copyOf(hashes, Sha256.BYTES);
  }
}
