package dev.nestor.recorder.chunk;

import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;

/// The Merkle tree of RFC 6962, grown leaf by leaf: keeps the roots of the full subtrees only.
///
/// Source: [RFC 6962, section 2.1](https://www.rfc-editor.org/rfc/rfc6962#section-2.1).
public final class LogTree {
  private final List<byte[]> peaks = new ArrayList<>();
  private long size;

  /// The hash of an entry: SHA-256(00, entry).
  public static byte[] leafHash(byte[] entry) {
    MessageDigest digest = Sha256.digest();
    digest.update((byte) 0);
    return digest.digest(entry);
  }

  /// The hash of two subtrees: SHA-256(01, left, right).
  public static byte[] nodeHash(byte[] left, byte[] right) {
    MessageDigest digest = Sha256.digest();
    digest.update((byte) 1);
    digest.update(left);
    return digest.digest(right);
  }

  public void add(byte[] leafHash) {
    byte[] node = leafHash;
    for (long bit = size; (bit & 1) != 0; bit >>>= 1) {
      node = nodeHash(peaks.removeLast(), node);
    }
    peaks.add(node);
    size++;
  }

  /// A tree with the same leaves that grows by itself.
  public LogTree copy() {
    LogTree copy = new LogTree();
    copy.peaks.addAll(peaks);
    copy.size = size;
    return copy;
  }

  public long size() {
    return size;
  }

  /// The root; of no leaves, SHA-256 of nothing.
  public byte[] root() {
    if (peaks.isEmpty()) {
      return Sha256.of();
    }
    byte[] root = peaks.getLast();
    for (int i = peaks.size() - 2; i >= 0; i--) {
      root = nodeHash(peaks.get(i), root);
    }
    return root;
  }
}
