package dev.nestor.postgres.protocol;

/// A peer broke the protocol. The connection cannot be used any further, because where the next
/// message starts is no longer known.
///
/// The message names the field, its value and what was expected. It never contains text that a peer
/// sent, so that it may be logged.
public final class ProtocolViolationException extends RuntimeException {
  private final String field;

  private ProtocolViolationException(String field, String message) {
    super(message);
    this.field = field;
  }

  /// A number lies outside of its range.
  ///
  /// @param field name of the field as in the protocol's documentation
  /// @param min smallest legal value
  /// @param max largest legal value
  public static ProtocolViolationException outOfRange(
      String field, long value, long min, long max) {
    return new ProtocolViolationException(
        field, field + ": " + value + " (expected: " + min + " to " + max + ")");
  }

  /// Something else is wrong with a field.
  ///
  /// @param problem what is wrong, without any text of the peer's
  public static ProtocolViolationException of(String field, String problem) {
    return new ProtocolViolationException(field, field + ": " + problem);
  }

  /// Name of the field that broke the protocol.
  public String field() {
    return field;
  }
}
