package dev.nestor.postgres.protocol;

/// Where a session stands between cycles.
public enum TransactionStatus {
  /// `'I'`: no transaction is open.
  IDLE('I'),
  /// `'T'`: inside a transaction block.
  IN_TRANSACTION('T'),
  /// `'E'`: inside a transaction block that failed and only waits for its end.
  FAILED('E');

  private final byte code;

  TransactionStatus(char code) {
    this.code = (byte) code;
  }

  /// The byte on the wire.
  public byte code() {
    return code;
  }

  static TransactionStatus of(byte code) {
    return switch (code) {
      case 'I' -> IDLE;
      case 'T' -> IN_TRANSACTION;
      case 'E' -> FAILED;
      default ->
          throw ProtocolViolationException.of(
              "ReadyForQuery.status", code + " (expected: 'I' (73), 'T' (84) or 'E' (69))");
    };
  }
}
