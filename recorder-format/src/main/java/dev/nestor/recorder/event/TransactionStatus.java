package dev.nestor.recorder.event;

/// The transaction status of ReadyForQuery.
public enum TransactionStatus implements Coded {
  IDLE(0),
  IN_TRANSACTION(1),
  FAILED(2);

  private static final TransactionStatus[] BY_CODE = values(); // numbered as declared

  private final int code;

  TransactionStatus(int code) {
    this.code = code;
  }

  @Override
  public int code() {
    return code;
  }

  /// The constant of a number in an archive; [#IDLE] for one that a newer version wrote.
  public static TransactionStatus of(long code) {
    return code < 0 || code >= BY_CODE.length ? IDLE : BY_CODE[(int) code];
  }
}
