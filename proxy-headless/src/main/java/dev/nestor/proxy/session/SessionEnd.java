package dev.nestor.proxy.session;

import dev.nestor.proxy.decision.Ruling.CredentialLock;
import java.util.Optional;

/// Why a session ends, and what the client is told.
///
/// @param trigger who or what ended it
/// @param sqlState of the FATAL error that the client gets
/// @param message one sentence, without data
/// @param lock what becomes of the session's credential
public record SessionEnd(
    Trigger trigger, String sqlState, String message, Optional<CredentialLock> lock) {
  /// One that leaves the credential as it is.
  public SessionEnd(Trigger trigger, String sqlState, String message) {
    this(trigger, sqlState, message, Optional.empty());
  }

  /// Who or what ended a session.
  public enum Trigger {
    /// The client said Terminate or went away.
    CLIENT,
    /// A person, by the control API.
    OPERATOR,
    /// A rule.
    POLICY,
    /// Its credential was revoked.
    REVOKED,
    /// Its credential expired.
    EXPIRED,
    /// The server closed.
    SERVER,
    /// The gateway stops.
    SHUTDOWN,
    /// A violation of the protocol, or a fault.
    ERROR
  }

  /// `57P01`, as an administrator's pg_terminate_backend gives it.
  public static final String ADMIN_SHUTDOWN = "57P01";

  /// `08P01`.
  public static final String PROTOCOL_VIOLATION = "08P01";

  /// A violation of the protocol by a peer.
  public static SessionEnd violation(String message) {
    return new SessionEnd(Trigger.ERROR, PROTOCOL_VIOLATION, message);
  }
}
