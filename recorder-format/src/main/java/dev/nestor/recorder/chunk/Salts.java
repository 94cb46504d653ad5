package dev.nestor.recorder.chunk;

import dev.nestor.recorder.bytes.ByteSink;
import dev.nestor.recorder.bytes.Bytes;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.concurrent.ConcurrentLinkedQueue;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// The salts of a lane's leaves in one chunk: derived from the lane's key, so that nobody without
/// it can guess a hidden payload from its leaf, and so that none is stored.
final class Salts {
  static final int BYTES = 16;

  /// Instances that nobody uses at the moment; looking for a provider costs more than a lane's
  /// salts.
  private static final ConcurrentLinkedQueue<Mac> IDLE_MACS = new ConcurrentLinkedQueue<>();

  private static final ConcurrentLinkedQueue<Cipher> IDLE_CIPHERS = new ConcurrentLinkedQueue<>();

  private final SecretKeySpec key;

  /// @param dek the lane's data encryption key, 32 bytes
  Salts(Bytes dek, long chunkNo) {
    byte[] info =
        new ByteSink()
            .bytes("salt".getBytes(StandardCharsets.US_ASCII))
            .u8(0)
            .u64(chunkNo)
            .toArray();
    try {
      key = new SecretKeySpec(hkdf(dek.toArray(), info), "AES");
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the JDK has no HMAC", e);
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
      Cipher idle = IDLE_CIPHERS.poll();
      Cipher cipher = idle == null ? Cipher.getInstance("AES/ECB/NoPadding") : idle;
      cipher.init(Cipher.ENCRYPT_MODE, key);
      byte[] salts = cipher.doFinal(counters);
      IDLE_CIPHERS.add(cipher);
      return salts;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the JDK has no AES-256", e);
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
    Mac idle = IDLE_MACS.poll();
    Mac mac = idle == null ? Mac.getInstance("HmacSHA256") : idle;
    mac.init(new SecretKeySpec(key, "HmacSHA256"));
    byte[] code = mac.doFinal(message);
    IDLE_MACS.add(mac);
    return code;
  }
}
