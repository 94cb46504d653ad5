package dev.nestor.recorder.chunk;

import java.security.MessageDigest;
import java.util.ArrayList;
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
    List<byte[]> level = leaves;
    MessageDigest digest = Sha256.digest();
    byte[] node = new byte[1 + RADIX * Sha256.BYTES];
    node[0] = 1;
    while (level.size() > 1) {
      List<byte[]> above = new ArrayList<>(level.size() / RADIX + 1);
      for (int from = 0; from < level.size(); from += RADIX) {
        int children = Math.min(RADIX, level.size() - from);
        for (int child = 0; child < children; child++) {
          System.arraycopy(
              level.get(from + child), 0, node, 1 + child * Sha256.BYTES, Sha256.BYTES);
        }
        digest.update(node, 0, 1 + children * Sha256.BYTES);
        above.add(digest.digest());
      }
      level = above;
    }
    return level.getFirst();
  }
}
