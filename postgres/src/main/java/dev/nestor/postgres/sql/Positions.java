package dev.nestor.postgres.sql;

/// Turns byte offsets of a text into lines and columns, when somebody needs one.
final class Positions {
  private final byte[] sql;

  Positions(byte[] sql) {
    this.sql = sql;
  }

  SqlProblem problem(int offset, String message) {
    int end = Math.min(offset, sql.length);
    int line = 1;
    int column = 1;
    for (int i = 0; i < end; i++) {
      if (sql[i] == '\n') {
        line++;
        column = 1;
      } else if ((sql[i] & 0xC0) != 0x80) {
        column++;
      }
    }
    return new SqlProblem(end, line, column, message);
  }
}
