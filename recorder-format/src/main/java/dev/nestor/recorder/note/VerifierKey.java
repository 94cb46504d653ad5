package dev.nestor.recorder.note;

import dev.nestor.recorder.bytes.Bytes;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;

/// A public key with its name, as one line of text: `name+hash+base64(01 || key)`, C2SP's *vkey*.
///
/// @param publicKey 32 bytes, Ed25519
public record VerifierKey(String name, Bytes publicKey) {
  private static final byte ALGORITHM_ED25519 = 1;

  /// Longest name.
  public static final int NAME_BYTES_MAX = 255;

  /// @throws IllegalArgumentException if the name is empty, too long or holds a blank or `+`, or
  ///   the key is not 32 bytes
  public VerifierKey {
    if (!isName(name)) {
      throw new IllegalArgumentException("key name: " + name + " (expected: no blank, no +)");
    }
    if (publicKey.length() != Ed25519.KEY_BYTES) {
      throw new IllegalArgumentException(
          "public key: " + publicKey.length() + " bytes (expected: 32)");
    }
  }

  /// Reads a vkey; nothing if it is not one, or if its hash does not fit.
  public static Optional<VerifierKey> parse(String text) {
    String[] parts = text.strip().split("\\+", 3);
    if (parts.length != 3 || !isName(parts[0])) {
      return Optional.empty();
    }
    try {
      byte[] typed = Base64.getDecoder().decode(parts[2]);
      if (typed.length != 1 + Ed25519.KEY_BYTES || typed[0] != ALGORITHM_ED25519) {
        return Optional.empty();
      }
      VerifierKey key = new VerifierKey(parts[0], Bytes.of(typed, 1, typed.length));
      return HexFormat.of().formatHex(key.hash()).equals(parts[1])
          ? Optional.of(key)
          : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty(); // not base64
    }
  }

  static boolean isName(String name) {
    return !name.isEmpty()
        && name.getBytes(StandardCharsets.UTF_8).length <= NAME_BYTES_MAX
        && name.codePoints().noneMatch(c -> c == '+' || Character.isWhitespace(c) || c < ' ');
  }

  /// The four bytes by which a signature names its key: the start of SHA-256(name, 0A, 01, key).
  byte[] hash() {
    try {
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      sha.update(name.getBytes(StandardCharsets.UTF_8));
      sha.update((byte) '\n');
      sha.update(ALGORITHM_ED25519);
      return Arrays.copyOf(sha.digest(publicKey.toArray()), 4);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  public boolean verifies(byte[] message, byte[] signature) {
    return Ed25519.verify(publicKey, message, signature);
  }

  /// The vkey.
  @Override
  public String toString() {
    byte[] typed = new byte[1 + Ed25519.KEY_BYTES];
    typed[0] = ALGORITHM_ED25519;
    System.arraycopy(publicKey.toArray(), 0, typed, 1, Ed25519.KEY_BYTES);
    return name
        + "+"
        + HexFormat.of().formatHex(hash())
        + "+"
        + Base64.getEncoder().encodeToString(typed);
  }
}
