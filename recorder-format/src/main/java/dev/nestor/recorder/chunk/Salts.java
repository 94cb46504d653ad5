package dev.nestor.recorder.chunk;

import dev.nestor.recorder.bytes.ByteSink;
import dev.nestor.recorder.bytes.Bytes;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// The salts of a lane's leaves in one chunk: derived from the lane's key, so that nobody without
/// it can guess a hidden payload from its leaf, and so that none is stored.
final class Salts {
  static final int BYTES = 16;

  private final Cipher cipher;

  /// @param dek the lane's data encryption key, 32 bytes
  Salts(Bytes dek, long chunkNo) {
    byte[] info =
        new ByteSink()
            .bytes("salt".getBytes(StandardCharsets.US_ASCII))
            .u8(0)
            .u64(chunkNo)
            .toArray();
    try {
      cipher = Cipher.getInstance("AES/ECB/NoPadding");
      cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(hkdf(dek.toArray(), info), "AES"));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the JDK has no AES-256", e);
    }
  }

  /// Salts 0 to count - 1, one after the other.
  byte[] first(int count) {
    byte[] counters = new byte[count * BYTES];
    for (int i = 0; i < count; i++) {
      int at = i * BYTES;
      counters[at] = (byte) i;
      counters[at + 1] = (byte) (i >>> 8);
      counters[at + 2] = (byte) (i >>> 16);
      counters[at + 3] = (byte) (i >>> 24);
    }
    try {
      return cipher.doFinal(counters);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /// HKDF-SHA-256 without salt, one block of output.
  private static byte[] hkdf(byte[] key, byte[] info) throws GeneralSecurityException {
    byte[] pseudorandom = hmac(new byte[Sha256.BYTES], key);
    byte[] block = Arrays.copyOf(info, info.length + 1);
    block[info.length] = 1;
    return hmac(pseudorandom, block);
  }

  private static byte[] hmac(byte[] key, byte[] message) throws GeneralSecurityException {
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(key, "HmacSHA256"));
    return mac.doFinal(message);
  }
}
