package dev.nestor.proxy.capture;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/// Writes, in the place of each run of rows, how many there were and of how many bytes. With a key
/// it adds what proves later which rows they were: an HMAC, because a plain hash of a short row can
/// be guessed.
///
/// Belongs to the event loop of its session.
final class RowElision {
  private static final byte ELIDED = 6;
  private static final int PLAIN_LENGTH = 17;
  private static final int PROVED_LENGTH = 49;

  private final @Nullable Mac mac;

  private RowElision(@Nullable Mac mac) {
    this.mac = mac;
  }

  /// Counts only.
  static RowElision counting() {
    return new RowElision(null);
  }

  /// Counts, and proves.
  ///
  /// @param key 32 bytes
  static RowElision proving(byte[] key) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      return new RowElision(mac);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has HmacSHA256", e);
    }
  }

  /// Whether messages of a type are rows.
  static boolean isRow(int type) {
    return type == 'D' || type == 'd';
  }

  /// Whole messages without their rows.
  ///
  /// @param content from position to limit; not moved
  Elided without(ByteBuffer content) {
    int start = content.position();
    int end = content.limit();
    int runs = 0;
    for (int at = start, before = 0; at < end; ) {
      int type = content.get(at) & 0xFF;
      runs += isRow(type) && type != before ? 1 : 0;
      before = type;
      at += 1 + content.getInt(at + 1);
    }
    if (runs == 0) {
      return new Elided(content, 0);
    }
    ByteBuffer kept = ByteBuffer.allocate(content.remaining() + runs * (1 + length()));
    int messages = 0;
    for (int at = start; at < end; messages++) {
      int type = content.get(at) & 0xFF;
      int from = at;
      int rows = 0;
      do {
        at += 1 + content.getInt(at + 1);
        rows++;
      } while (isRow(type) && at < end && (content.get(at) & 0xFF) == type);
      if (isRow(type)) {
        elided(kept, type, rows, content.slice(from, at - from));
      } else {
        kept.put(content.slice(from, at - from));
      }
    }
    return new Elided(kept.flip(), messages);
  }

  /// A piece of one row that is not held whole.
  ///
  /// @param first whether the row begins with it: then it counts the row
  ByteBuffer piece(int type, ByteBuffer content, boolean first) {
    ByteBuffer kept = ByteBuffer.allocate(1 + length());
    elided(kept, type, first ? 1 : 0, content.duplicate());
    return kept.flip();
  }

  /// As the message has it: it counts itself, and not the byte of the type.
  private int length() {
    return mac == null ? PLAIN_LENGTH : PROVED_LENGTH;
  }

  private void elided(ByteBuffer to, int type, int rows, ByteBuffer content) {
    to.put(ELIDED).putInt(length()).put((byte) type).putInt(rows).putLong(content.remaining());
    Mac proof = mac;
    if (proof != null) {
      proof.update(content);
      to.put(proof.doFinal());
    }
  }

  /// What stays.
  ///
  /// @param messages how many it is now; 0 if nothing was left out
  record Elided(ByteBuffer content, int messages) {
    boolean any() {
      return messages > 0;
    }
  }
}
