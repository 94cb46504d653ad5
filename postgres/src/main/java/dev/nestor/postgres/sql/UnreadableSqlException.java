package dev.nestor.postgres.sql;

/// A text cannot be read any further. Never leaves this package: it becomes a status of [Facts].
/// Without a stack trace, because hostile texts must not be dear.
final class UnreadableSqlException extends Exception {
  private final FactsStatus status;
  private final int offset;

  UnreadableSqlException(FactsStatus status, int offset, String message) {
    super(message, null, false, false);
    this.status = status;
    this.offset = offset;
  }

  FactsStatus status() {
    return status;
  }

  int offset() {
    return offset;
  }

  String problem() {
    String message = getMessage();
    return message == null ? "" : message;
  }
}
