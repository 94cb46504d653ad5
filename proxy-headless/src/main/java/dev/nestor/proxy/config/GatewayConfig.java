package dev.nestor.proxy.config;

import dev.nestor.policy.RowCapture;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What a gateway is told at its start. Paths are absolute.
///
/// @param listen where clients connect
/// @param control where the control API listens, if it does
/// @param issuers identity providers whose tokens are accepted, by issuer identifier
/// @param databases by the name that clients ask for
/// @param recording where and how everything is recorded
/// @param limits what one client may ask of the gateway
/// @param delegation how far callers may hand on what they are allowed to do
/// @param store SQLite file of the gateway's state
public record GatewayConfig(
    Listen listen,
    Optional<Control> control,
    List<TrustedIssuer> issuers,
    Map<String, Database> databases,
    Recording recording,
    Limits limits,
    Delegation delegation,
    Path store) {

  /// Key under [#databases] that stands for every name not listed.
  public static final String ANY_DATABASE = "*";

  /// Copies the collections.
  public GatewayConfig {
    issuers = List.copyOf(issuers);
    databases = Map.copyOf(databases);
  }

  /// Where clients connect.
  ///
  /// @param port 0 takes a free port
  /// @param tls empty only on loopback
  public record Listen(String host, int port, Optional<Tls> tls) {}

  /// A certificate and its key.
  ///
  /// @param certificate PEM file, the server's first, then its chain
  /// @param key PEM file, PKCS #8
  public record Tls(Path certificate, Path key) {}

  /// The control API.
  ///
  /// @param port 0 takes a free port
  /// @param group whose members may list and end sessions
  public record Control(String host, int port, String group) {}

  /// An identity provider whose tokens are accepted.
  ///
  /// @param issuer the `iss` claim, exactly
  /// @param audience what `aud` must contain
  /// @param algorithms accepted `alg` headers
  /// @param types accepted `typ` headers, lower case
  /// @param keys a JWKS file; empty means discovery at the issuer
  /// @param trial made by `nestor init --trial`
  public record TrustedIssuer(
      String issuer,
      String audience,
      List<String> algorithms,
      List<String> types,
      Optional<Path> keys,
      boolean trial,
      ClaimNames claims) {}

  /// Which claims say what.
  public record ClaimNames(String name, String groups, String scope, String kind) {}

  /// A database behind the gateway.
  ///
  /// @param hosts tried in order
  /// @param database name on the server; empty means the client's
  /// @param tls whether TLS with a verified name is used; off only on loopback
  /// @param ca PEM file of the authority; empty means the JDK's trust store
  /// @param role the database role of every session
  /// @param bypass what is done about sessions past the gateway
  public record Database(
      List<HostPort> hosts,
      Optional<String> database,
      boolean tls,
      Optional<Path> ca,
      String role,
      Optional<Secret> password,
      Path policy,
      Bypass bypass) {}

  /// What is done about sessions of a database that the gateway did not open.
  ///
  /// @param scanEvery time between two looks
  /// @param end whether they are ended; else they are only reported
  /// @param exceptRoles roles that may come directly
  public record Bypass(Duration scanEvery, boolean end, List<String> exceptRoles) {
    /// Where the configuration says nothing.
    public static final Bypass STANDARD = new Bypass(Duration.ofSeconds(5), false, List.of());

    /// Copies the list.
    public Bypass {
      exceptRoles = List.copyOf(exceptRoles);
    }
  }

  /// A host and a port.
  public record HostPort(String host, int port) {
    @Override
    public String toString() {
      return host + ":" + port;
    }
  }

  /// Where and how everything is recorded.
  ///
  /// @param name name of the recorder in its verification key
  /// @param ringBytes size of one ring
  public record Recording(
      Path directory,
      Secret key,
      String name,
      RowCapture results,
      long ringBytes,
      Optional<Path> ringDirectory) {}

  /// What one client may ask of the gateway.
  ///
  /// @param statementBytesMax longest Query or Parse, in bytes
  /// @param depthMax deepest nesting of a statement
  /// @param commentNestingMax deepest nesting of comments
  /// @param rowBytesMax longest row
  /// @param heldBytesMax most bytes that wait for a decision, in one session
  /// @param connectionsMax most clients at a time
  /// @param connectionsPerAddressMax most clients at a time from one address
  /// @param startUp longest time until a client is ready for queries
  public record Limits(
      int statementBytesMax,
      int depthMax,
      int commentNestingMax,
      int rowBytesMax,
      int heldBytesMax,
      int connectionsMax,
      int connectionsPerAddressMax,
      Duration startUp) {
    /// The limits of a configuration that names none.
    public static final Limits STANDARD =
        new Limits(16 << 20, 500, 32, 64 << 20, 4 << 20, 1000, 1000, Duration.ofSeconds(60));
  }

  /// Child credentials that callers' tokens may be exchanged for.
  ///
  /// @param depthMax exchanges between an identity provider's token and the last child
  /// @param fanOutMax live children of one credential
  /// @param lifeMax longest life of a child
  public record Delegation(int depthMax, int fanOutMax, Duration lifeMax) {
    /// Where the configuration says nothing.
    public static final Delegation STANDARD = new Delegation(3, 16, Duration.ofHours(1));
  }
}
