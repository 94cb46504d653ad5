package dev.nestor.recorder.recording;

/// An SQLSTATE as a number: five characters of 0-9 and A-Z in base 36.
final class SqlState {
  private static final int LENGTH = 5;

  private SqlState() {}

  /// 0 for the empty text.
  static int toBase36(String sqlState) {
    if (sqlState.isEmpty()) {
      return 0;
    }
    if (sqlState.length() != LENGTH) {
      throw new IllegalArgumentException("SQLSTATE: " + sqlState.length() + " characters");
    }
    int value = 0;
    for (int i = 0; i < LENGTH; i++) {
      int digit = Character.digit(sqlState.charAt(i), 36);
      if (digit < 0) {
        throw new IllegalArgumentException("SQLSTATE: " + sqlState);
      }
      value = value * 36 + digit;
    }
    return value;
  }
}
