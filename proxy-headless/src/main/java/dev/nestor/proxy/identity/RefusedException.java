package dev.nestor.proxy.identity;

/// A log-in is refused.
public final class RefusedException extends Exception {
  private final RefusalReason reason;
  private final String detail;

  /// A refusal.
  ///
  /// @param detail for the log and the record; never a token, never for the client
  public RefusedException(RefusalReason reason, String detail) {
    super(detail);
    this.reason = reason;
    this.detail = detail;
  }

  /// What was found, for the log.
  public String detail() {
    return detail;
  }

  /// The exact reason.
  public RefusalReason reason() {
    return reason;
  }
}
