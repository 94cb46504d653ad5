package dev.nestor.recorder.note;

import dev.nestor.recorder.bytes.Bytes;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.spec.NamedParameterSpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.HexFormat;

/// Ed25519 over raw 32-byte keys, which the JDK wraps in DER.
final class Ed25519 {
  static final int KEY_BYTES = 32;
  static final int SIGNATURE_BYTES = 64;

  private static final byte[] PUBLIC_PREFIX = HexFormat.of().parseHex("302a300506032b6570032100");

  private Ed25519() {}

  /// The key pair of a seed.
  static KeyPair keyPair(byte[] seed) {
    if (seed.length != KEY_BYTES) {
      throw new IllegalArgumentException("seed: " + seed.length + " bytes (expected: 32)");
    }
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("Ed25519");
      generator.initialize(NamedParameterSpec.ED25519, new Fixed(seed));
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the JDK has no Ed25519", e);
    }
  }

  static Bytes publicBytes(PublicKey key) {
    byte[] encoded = key.getEncoded();
    return Bytes.of(encoded, encoded.length - KEY_BYTES, encoded.length);
  }

  static byte[] sign(KeyPair keys, byte[] message) {
    try {
      Signature signature = Signature.getInstance("Ed25519");
      signature.initSign(keys.getPrivate());
      signature.update(message);
      return signature.sign();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("cannot sign", e);
    }
  }

  /// False for a key or signature that is not one.
  static boolean verify(Bytes publicKey, byte[] message, byte[] signature) {
    if (publicKey.length() != KEY_BYTES || signature.length != SIGNATURE_BYTES) {
      return false;
    }
    try {
      byte[] encoded = Arrays.copyOf(PUBLIC_PREFIX, PUBLIC_PREFIX.length + KEY_BYTES);
      System.arraycopy(publicKey.toArray(), 0, encoded, PUBLIC_PREFIX.length, KEY_BYTES);
      PublicKey key =
          KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(encoded));
      Signature verifier = Signature.getInstance("Ed25519");
      verifier.initVerify(key);
      verifier.update(message);
      return verifier.verify(signature);
    } catch (GeneralSecurityException e) {
      return false; // the bytes are no point of the curve, or no signature
    }
  }

  /// Gives the generator the seed as its random bytes: the JDK derives no public key from a private
  /// one.
  private static final class Fixed extends SecureRandom {
    private final byte[] seed;

    Fixed(byte[] seed) {
      this.seed = seed.clone();
    }

    @Override
    public void nextBytes(byte[] bytes) {
      System.arraycopy(seed, 0, bytes, 0, bytes.length);
    }
  }
}
