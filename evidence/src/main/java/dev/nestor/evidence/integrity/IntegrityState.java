package dev.nestor.evidence.integrity;

/// The state of an archive. Of several that apply, the one that stands first here is reported.
public enum IntegrityState {
  /// Written by a version of the format that this program does not read.
  NEWER_FORMAT("Newer format", "newerFormat"),
  /// At least one byte is not what was recorded.
  DAMAGED("Damaged", "damaged"),
  /// Nobody signed it.
  UNSIGNED("Unsigned", "unsigned"),
  /// Signed and whole, by a key that is not trusted here.
  UNKNOWN_SIGNER("Unknown signer", "unknownSigner"),
  /// Encrypted for keys that are not here.
  LOCKED("Locked", "locked"),
  /// Its recorder is still writing.
  GROWING("Growing", "growing"),
  /// Ended without a close; the last frames are not signed.
  INCOMPLETE("Incomplete", "incomplete"),
  /// Parts were taken out and replaced by commitments; what is left is proved.
  REDACTED("Redacted", "redacted"),
  /// Every frame is proved by a trusted signer.
  VERIFIED("Verified", "verified");

  private final String word;
  private final String json;

  IntegrityState(String word, String json) {
    this.word = word;
    this.json = json;
  }

  /// The word on screen.
  public String word() {
    return word;
  }

  /// The word in JSON.
  public String json() {
    return json;
  }

  /// The worse of two states: the one that comes first in this list.
  public IntegrityState worse(IntegrityState other) {
    return compareTo(other) <= 0 ? this : other;
  }
}
