package dev.nestor.recorder.chunk;

import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/// SHA-256, which every JDK has.
public final class Sha256 {
  public static final int BYTES = 32;

  /// Looking for a provider costs as much as hashing 200 bytes, so it is looked for once. Nothing
  /// is ever put into this one.
  private static final MessageDigest EMPTY = provided();

  private Sha256() {}

  private static MessageDigest provided() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /// A new digest; belongs to one thread.
  public static MessageDigest digest() {
    try {
      return (MessageDigest) EMPTY.clone();
    } catch (CloneNotSupportedException e) {
      return provided();
    }
  }

  public static byte[] of(byte[]... parts) {
    MessageDigest digest = digest();
    for (byte[] part : parts) {
      digest.update(part);
    }
    return digest.digest();
  }

  /// Ends a digest into a place of an array, which takes no memory.
  static void finish(MessageDigest digest, byte[] into, int at) {
    try {
      digest.digest(into, at, BYTES);
    } catch (DigestException e) {
      throw new IllegalStateException("SHA-256 has 32 bytes", e);
    }
  }
}
