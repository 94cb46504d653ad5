package dev.nestor.recorder.archive;

import dev.nestor.recorder.bytes.Bytes;
import dev.nestor.recorder.chunk.Sha256;

/// Names of attachments.
public final class Attachments {
  private Attachments() {}

  /// SHA-256 of what the body of an ATTACH record holds.
  ///
  /// @throws dev.nestor.recorder.bytes.DamageException if it breaks a rule
  public static Bytes nameOf(byte[] body) {
    return Bytes.of(Sha256.of(Attachment.content(body)));
  }
}
