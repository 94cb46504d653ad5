package dev.nestor.recorder.note;

import dev.nestor.recorder.bytes.Bytes;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// The private key of a host that records, with its name. It certifies a key per segment; its
/// public half, the [VerifierKey], is what a verifier is given.
public final class HostKey {
  private static final String PRIVATE_PREFIX = "PRIVATE+KEY+";
  private static final int TEST_KEYS = 1024;

  private final String name;
  private final byte[] seed;
  private final KeyPair keys;

  private HostKey(String name, byte[] seed) {
    this.name = name;
    this.seed = seed.clone();
    this.keys = Ed25519.keyPair(seed);
    if (!VerifierKey.isName(name)) {
      throw new IllegalArgumentException("key name: " + name + " (expected: no blank, no +)");
    }
  }

  /// The key of a seed.
  ///
  /// @param seed 32 bytes, the Ed25519 private key
  /// @throws IllegalArgumentException if the name has a blank or `+`, or the seed another length
  public static HostKey ofSeed(String name, byte[] seed) {
    return new HostKey(name, seed);
  }

  public static HostKey generate(String name, SecureRandom random) {
    byte[] seed = new byte[Ed25519.KEY_BYTES];
    random.nextBytes(seed);
    return new HostKey(name, seed);
  }

  /// The published key of tests and sample sessions, from SHA-256("nestor test key n"). A gateway
  /// must refuse it.
  public static HostKey test(int n) {
    return new HostKey("nestor-test-" + n, testSeed(n));
  }

  /// Reads what [#toPrivateText()] writes.
  public static Optional<HostKey> parse(String text) {
    String stripped = text.strip();
    if (!stripped.startsWith(PRIVATE_PREFIX)) {
      return Optional.empty();
    }
    String[] parts = stripped.substring(PRIVATE_PREFIX.length()).split("\\+", 3);
    if (parts.length != 3 || !VerifierKey.isName(parts[0])) {
      return Optional.empty();
    }
    try {
      byte[] typed = Base64.getDecoder().decode(parts[2]);
      if (typed.length != 1 + Ed25519.KEY_BYTES || typed[0] != 1) {
        return Optional.empty();
      }
      HostKey key = new HostKey(parts[0], Arrays.copyOfRange(typed, 1, typed.length));
      return HexFormat.of().formatHex(key.verifierKey().hash()).equals(parts[1])
          ? Optional.of(key)
          : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty(); // not base64
    }
  }

  public String name() {
    return name;
  }

  public Bytes publicKey() {
    return Ed25519.publicBytes(keys.getPublic());
  }

  public VerifierKey verifierKey() {
    return new VerifierKey(name, publicKey());
  }

  /// True for a key that anyone can derive.
  public boolean isTestKey() {
    for (int n = 0; n < TEST_KEYS; n++) {
      if (Arrays.equals(seed, testSeed(n))) {
        return true;
      }
    }
    return false;
  }

  public byte[] sign(byte[] message) {
    return Ed25519.sign(keys, message);
  }

  /// A secret that only the holder of this key can make: HMAC-SHA-256 of its purpose under the
  /// seed.
  ///
  /// @return 32 bytes
  public byte[] secretFor(String purpose) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(seed, "HmacSHA256"));
      return mac.doFinal(purpose.getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has HmacSHA256", e);
    }
  }

  /// One line for a file that only its owner may read: `PRIVATE+KEY+name+hash+base64(01 || seed)`.
  public String toPrivateText() {
    byte[] typed = new byte[1 + seed.length];
    typed[0] = 1;
    System.arraycopy(seed, 0, typed, 1, seed.length);
    return PRIVATE_PREFIX
        + name
        + "+"
        + HexFormat.of().formatHex(verifierKey().hash())
        + "+"
        + Base64.getEncoder().encodeToString(typed);
  }

  private static byte[] testSeed(int n) {
    try {
      return MessageDigest.getInstance("SHA-256")
          .digest(("nestor test key " + n).getBytes(StandardCharsets.US_ASCII));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
