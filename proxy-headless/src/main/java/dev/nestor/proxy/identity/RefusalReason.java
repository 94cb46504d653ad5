package dev.nestor.proxy.identity;

/// Why a log-in was refused. Goes to the record; the client gets one message for all.
public enum RefusalReason {
  /// Not a signed JWT.
  MALFORMED("malformed-token"),
  /// Longer than a token may be.
  TOO_LONG("token-too-long"),
  /// Header `typ` is not accepted.
  TYPE("token-type"),
  /// Header `alg` is not accepted, `none` included.
  ALGORITHM("token-algorithm"),
  /// No key with the `kid` of the header.
  KEY("unknown-key"),
  /// A critical header that we do not understand.
  CRITICAL_HEADER("critical-header"),
  /// The signature does not verify.
  SIGNATURE("bad-signature"),
  /// `iss` is not a trusted issuer.
  ISSUER("foreign-issuer"),
  /// `aud` is not ours.
  AUDIENCE("wrong-audience"),
  /// `exp` has passed.
  EXPIRED("expired-token"),
  /// `exp` is missing.
  NO_EXPIRY("no-expiry"),
  /// `nbf` lies in the future.
  NOT_YET("not-yet-valid"),
  /// `sub` is missing or empty.
  NO_SUBJECT("no-subject"),
  /// A claim has the wrong form.
  CLAIM("malformed-claim"),
  /// The token demands a proof of possession, which this protocol cannot carry.
  PROOF_OF_POSSESSION("proof-of-possession"),
  /// Keys of the issuer cannot be had.
  PROVIDER("issuer-unavailable"),
  /// Start-up `user` is neither the token's name nor the database role.
  USER("user-mismatch"),
  /// No such database in the configuration.
  DATABASE("unknown-database"),
  /// A start-up parameter outside the allow-list.
  PARAMETER("start-up-parameter"),
  /// A physical or logical replication connection.
  REPLICATION("replication"),
  /// TLS is required.
  NO_TLS("tls-required"),
  /// The credential was revoked or killed.
  REVOKED("revoked"),
  /// A credential that it was issued from was revoked or killed.
  PARENT_ENDED("parent-ended"),
  /// Signed by this gateway, but its own record does not know it.
  NOT_ISSUED("not-issued-here"),
  /// The gateway is at a limit or shutting down.
  UNAVAILABLE("gateway-unavailable"),
  /// The recorder cannot keep its promise.
  RECORDER("recorder-unavailable"),
  /// The server cannot be reached or refused the gateway.
  SERVER("server-unavailable"),
  /// The client left, or said nothing in time.
  TIMEOUT("start-up-timeout");

  private final String code;

  RefusalReason(String code) {
    this.code = code;
  }

  /// The word in the record.
  public String code() {
    return code;
  }
}
