package dev.nestor.recorder.chunk;

/// Whether a lane's content can be read here.
public enum LaneState {
  ABSENT,
  READABLE,
  /// Encrypted, and the key is not at hand.
  LOCKED,
  /// Its key was destroyed.
  SHREDDED,
  /// Some or all payloads were replaced by hashes.
  REDACTED,
  /// A codec or cipher that a newer version wrote.
  UNKNOWN_CODEC
}
