package dev.nestor.recorder.verify;

/// What verification makes of one chunk.
public enum ChunkState {
  /// Its content is what was signed.
  PROVED,
  /// Its stored bytes are what was signed; the content takes keys.
  COMMITTED,
  /// Parts are withheld, and stand there as hashes.
  WITHHELD,
  MISSING,
  /// It holds in itself; no checkpoint covers it.
  UNSIGNED,
  DAMAGED
}
