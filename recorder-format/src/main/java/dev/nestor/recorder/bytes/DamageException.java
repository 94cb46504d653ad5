package dev.nestor.recorder.bytes;

/// Bytes that break a rule of the format. Thrown while decoding and caught where the decoded thing
/// was asked for, which turns it into a result (a damaged chunk, a finding); the message says which
/// rule, never what the bytes held.
public final class DamageException extends RuntimeException {
  public DamageException(String message) {
    super(message, null, false, false);
  }

  /// A value outside its range.
  public static DamageException outOfRange(String field, long value, long min, long max) {
    return new DamageException(
        field + ": " + Long.toUnsignedString(value) + " (expected: " + min + ".." + max + ")");
  }
}
