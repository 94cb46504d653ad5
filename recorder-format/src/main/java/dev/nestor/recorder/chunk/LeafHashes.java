package dev.nestor.recorder.chunk;

import java.security.MessageDigest;
import java.util.Arrays;

/// The leaf hashes of one lane as they come, one behind the other in one array, and the root of the
/// tree over them. A recorder hashes every frame: an object for each hash would cost it as much as
/// the hashing.
///
/// **Threads.** One.
final class LeafHashes {
  /// Up to here a copy costs less than a second update of the digest.
  private static final int COPIED_BYTES_MAX = 2048;

  private final MessageDigest digest = Sha256.digest();
  private final byte[] joined;
  private final int headBytes;
  private byte[] hashes;
  private int count;

  /// @param headBytes length of the heads of two-part leaves, 0 if there are none
  /// @param expected about how many leaves
  LeafHashes(int headBytes, int expected) {
    this.headBytes = headBytes;
    this.joined = new byte[headBytes == 0 ? 0 : headBytes + COPIED_BYTES_MAX];
    this.hashes = new byte[Math.max(1, expected) * Sha256.BYTES];
  }

  /// Where the head of the next two-part leaf is written.
  byte[] head() {
    return joined;
  }

  /// Adds the leaf of a head and what follows it.
  void addBehindHead(byte[] content, int from, int length) {
    if (length <= COPIED_BYTES_MAX) {
      System.arraycopy(content, from, joined, headBytes, length);
      add(joined, 0, headBytes + length);
    } else {
      digest.update(joined, 0, headBytes);
      add(content, from, length);
    }
  }

  /// Adds the leaf of these bytes.
  void add(byte[] content, int from, int length) {
    if (hashes.length < (count + 1) * Sha256.BYTES) {
      hashes = Arrays.copyOf(hashes, hashes.length * 2);
    }
    digest.update(content, from, length);
    Sha256.finish(digest, hashes, count++ * Sha256.BYTES);
  }

  /// Root of the tree over them, see [LaneTree]; 32 bytes of 0 if there is no leaf. Nothing may be
  /// added any more.
  byte[] root() {
    return count == 0 ? new byte[Sha256.BYTES] : LaneTree.root(hashes, count, digest);
  }
}
