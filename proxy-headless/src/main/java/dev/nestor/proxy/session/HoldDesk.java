package dev.nestor.proxy.session;

import dev.nestor.proxy.decision.Hold;
import dev.nestor.proxy.decision.Ruling;
import java.util.List;
import java.util.Optional;

/// Where a session's held statements wait for people. Belongs to the session's event loop; nothing
/// here blocks. When an outcome is there, the session is woken.
public interface HoldDesk {
  /// Asks for approval.
  Waiting ask(Question question);

  /// A statement that is to be held.
  ///
  /// @param ruling that it is to be held, and why
  /// @param values what is bound to it: the Bind message behind its names; empty without one
  /// @param parameters the same for people
  /// @param statement number that it will have in the session
  /// @param inTransaction whether a transaction is open
  record Question(
      Ruling ruling,
      byte[] values,
      List<String> parameters,
      long statement,
      boolean inTransaction) {
    /// Copies the list; the bytes stay shared and must not be changed.
    public Question {
      parameters = List.copyOf(parameters);
    }
  }

  /// One that waits.
  interface Waiting {
    /// Name of the request, for the client.
    String id();

    /// What the client is told: one sentence, with that name.
    String notice();

    /// What became of it; empty while it waits.
    Optional<Hold.Outcome> outcome();

    /// Ends it, if it still waits.
    void withdraw(Withdrawal why);
  }

  /// Why nobody waits any more.
  enum Withdrawal {
    /// The client asked to cancel.
    CANCELLED,
    /// The client is gone, or its session ends.
    DISCONNECTED,
    /// The gateway stops.
    SHUTDOWN
  }
}
