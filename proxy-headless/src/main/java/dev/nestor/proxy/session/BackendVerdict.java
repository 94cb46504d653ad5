package dev.nestor.proxy.session;

/// What happens to a message of the server.
public sealed interface BackendVerdict {
  /// The client gets it as it is.
  record Forward() implements BackendVerdict {}

  /// The client does not get it.
  record Swallow() implements BackendVerdict {}

  /// The client gets another one in its place.
  ///
  /// @param message a whole message; owned by the receiver
  record Replace(byte[] message) implements BackendVerdict {}

  /// The session ends.
  record End(SessionEnd end) implements BackendVerdict {}

  /// The one instance of [Forward].
  Forward FORWARD = new Forward();

  /// The one instance of [Swallow].
  Swallow SWALLOW = new Swallow();
}
