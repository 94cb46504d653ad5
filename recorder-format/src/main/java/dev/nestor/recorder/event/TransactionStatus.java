package dev.nestor.recorder.event;

/// The transaction status of ReadyForQuery.
public enum TransactionStatus implements Coded {
  IDLE(0),
  IN_TRANSACTION(1),
  FAILED(2);

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
    for (TransactionStatus status : values()) {
      if (status.code == code) {
        return status;
      }
    }
    return IDLE;
  }
}
