package dev.nestor.postgres.protocol;

/// How a value is written: as text or in its type's binary form.
public enum FormatCode {
  /// Code 0.
  TEXT(0),
  /// Code 1.
  BINARY(1);

  private final int code;

  FormatCode(int code) {
    this.code = code;
  }

  /// The code on the wire.
  public int code() {
    return code;
  }

  static FormatCode of(String field, int code) {
    return switch (code) {
      case 0 -> TEXT;
      case 1 -> BINARY;
      default -> throw ProtocolViolationException.outOfRange(field, code, 0, 1);
    };
  }
}
