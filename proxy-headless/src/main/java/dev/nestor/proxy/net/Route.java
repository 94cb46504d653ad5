package dev.nestor.proxy.net;

import dev.nestor.policy.RowCapture;
import dev.nestor.proxy.config.GatewayConfig.HostPort;
import dev.nestor.proxy.credential.HeldCredential;
import dev.nestor.proxy.decision.StatementDecider;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The way to one configured database.
///
/// @param name entry in the configuration
/// @param serverDatabase name on the server; empty means the client's
/// @param tls for a verified connection; empty for plain text on loopback
/// @param role the database role of every session
/// @param password of the role; never leaves the gateway but as a SCRAM proof
/// @param rows what the record keeps of results
/// @param deciders makes the decider of a caller
public record Route(
    String name,
    List<HostPort> hosts,
    Optional<String> serverDatabase,
    Optional<TlsContext> tls,
    String role,
    Optional<String> password,
    RowCapture rows,
    Deciders deciders) {

  /// Makes deciders.
  public interface Deciders {
    /// The policy as it applies to one caller, for one session.
    ///
    /// @param wake runs the session on when what it waits for is there; any thread
    StatementDecider forCaller(HeldCredential caller, String database, Runnable wake);
  }

  @Override
  public String toString() {
    return name; // a record's own would print the password
  }

  /// Finds the route of a database name.
  public interface Table {
    /// The route, or null if there is none.
    @Nullable Route of(String database);
  }
}
