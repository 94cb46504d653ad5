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
    while (level.size() > 1) {
      List<byte[]> above = new ArrayList<>(level.size() / RADIX + 1);
      for (int from = 0; from < level.size(); from += RADIX) {
        digest.update((byte) 1);
        for (byte[] child : level.subList(from, Math.min(from + RADIX, level.size()))) {
          digest.update(child);
        }
        above.add(digest.digest());
      }
      level = above;
    }
    return level.getFirst();
  }
}
