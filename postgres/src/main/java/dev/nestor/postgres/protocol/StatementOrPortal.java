package dev.nestor.postgres.protocol;

/// What `Describe` and `Close` speak of.
public enum StatementOrPortal {
  /// A prepared statement, `'S'`.
  STATEMENT('S'),
  /// A portal, `'P'`.
  PORTAL('P');

  private final byte code;

  StatementOrPortal(char code) {
    this.code = (byte) code;
  }

  /// The byte on the wire.
  public byte code() {
    return code;
  }

  static StatementOrPortal of(String field, byte code) {
    return switch (code) {
      case 'S' -> STATEMENT;
      case 'P' -> PORTAL;
      default ->
          throw ProtocolViolationException.of(field, code + " (expected: 'S' (83) or 'P' (80))");
    };
  }
}
