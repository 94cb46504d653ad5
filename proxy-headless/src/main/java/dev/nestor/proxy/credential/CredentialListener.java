package dev.nestor.proxy.credential;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Hears what becomes of credentials: cuts sessions, writes the record. Called on the thread that
/// made the change, before its caller gets an answer; must not block.
public interface CredentialListener {
  /// A child was issued; it is durable.
  void issued(HeldCredential child);

  /// An exchange was refused.
  ///
  /// @param parent what was presented, if it is known
  /// @param code one word
  void refused(Optional<HeldCredential> parent, String code);

  /// Credentials have ended. What is behind the first one ended with it.
  ///
  /// @return what became of their sessions
  Sessions ended(End end);

  /// A token was presented whose credential has ended.
  void usedAfterEnd(HeldCredential credential, HeldCredential.State state);

  /// What an end came to for the sessions under way.
  ///
  /// @param cut those that were ended
  /// @param rehearsed those that go on although a credential behind theirs has ended, because the
  ///   policy of their database is not enforced
  record Sessions(int cut, int rehearsed) {
    /// For one that has none.
    public static final Sessions NONE = new Sessions(0, 0);

    Sessions plus(Sessions other) {
      return new Sessions(cut + other.cut, rehearsed + other.rehearsed);
    }
  }

  /// An end.
  ///
  /// @param cause why the first one ended
  /// @param at when it took effect
  /// @param by who did it; empty for a rule or the clock
  /// @param reason of a person, or the rule; empty where there is none
  /// @param credentials those that ended, the one that began it first
  record End(
      Cause cause,
      Instant at,
      Optional<HeldCredential> by,
      String reason,
      List<HeldCredential> credentials) {
    /// Copies the list.
    public End {
      credentials = List.copyOf(credentials);
    }
  }

  /// Why a credential ends.
  enum Cause {
    /// Somebody said so.
    REVOKED,
    /// A rule said so, when it killed a session.
    LOCKED,
    /// Its time is over.
    EXPIRED
  }
}
