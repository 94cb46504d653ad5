package dev.nestor.proxy.access;

/// A request for more scope is not taken, or what it asks for is not given out.
public final class AccessRefusedException extends Exception {
  private final int status;

  /// @param status of HTTP: 400 for what is malformed, 403 for what this caller may not, 404 for
  ///   what is not there, 409 for what does not fit the state
  /// @param message for the caller
  AccessRefusedException(int status, String message) {
    super(message);
    this.status = status;
  }

  /// Status of HTTP.
  public int status() {
    return status;
  }
}
