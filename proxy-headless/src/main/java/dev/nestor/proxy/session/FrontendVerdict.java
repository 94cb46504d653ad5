package dev.nestor.proxy.session;

/// What happens to a message of the client.
public sealed interface FrontendVerdict {
  /// It goes to the server as it is.
  record Forward() implements FrontendVerdict {}

  /// These messages go to the server in its place.
  ///
  /// @param messages whole messages; owned by the receiver
  record Replace(byte[] messages) implements FrontendVerdict {}

  /// Nothing yet: ask again, with the same message, after the next message of the server or when
  /// the catalog has been read.
  record Wait() implements FrontendVerdict {}

  /// The session ends.
  ///
  /// @param end why
  record End(SessionEnd end) implements FrontendVerdict {}

  /// The one instance of [Forward].
  Forward FORWARD = new Forward();

  /// The one instance of [Wait].
  Wait WAIT = new Wait();
}
