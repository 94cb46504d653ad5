package dev.nestor.proxy.credential;

/// A token request is refused.
public final class ExchangeRefusedException extends Exception {
  private final OauthError error;
  private final String code;

  /// The error codes of a token endpoint: [RFC
  /// 6749](https://www.rfc-editor.org/rfc/rfc6749#section-5.2) and [RFC
  /// 8693](https://www.rfc-editor.org/rfc/rfc8693#section-2.2.2), which counts a subject token that
  /// is not good, or not good enough, as an invalid request.
  public enum OauthError {
    /// A parameter is missing, repeated or malformed, or the subject token is refused.
    INVALID_REQUEST("invalid_request", 400),
    /// The scope is malformed or wider than the subject token's.
    INVALID_SCOPE("invalid_scope", 400),
    /// Another audience or resource than this gateway was asked for.
    INVALID_TARGET("invalid_target", 400),
    /// Another grant than the token exchange.
    UNSUPPORTED_GRANT_TYPE("unsupported_grant_type", 400),
    /// The gateway cannot issue now.
    TEMPORARILY_UNAVAILABLE("temporarily_unavailable", 503);

    private final String word;
    private final int status;

    OauthError(String word, int status) {
      this.word = word;
      this.status = status;
    }

    /// As the answer writes it.
    public String word() {
      return word;
    }

    /// HTTP status of the answer.
    public int status() {
      return status;
    }
  }

  /// A refusal.
  ///
  /// @param code for the record: one word
  /// @param description for the developer of the client: ASCII without quotes, never a token
  public ExchangeRefusedException(OauthError error, String code, String description) {
    super(description);
    this.error = error;
    this.code = code;
  }

  static ExchangeRefusedException invalid(String description) {
    return new ExchangeRefusedException(OauthError.INVALID_REQUEST, "malformed", description);
  }

  /// What the answer says.
  public OauthError error() {
    return error;
  }

  /// What the record says.
  public String code() {
    return code;
  }

  /// What was wrong and what to do, for the developer of the client.
  public String description() {
    return String.valueOf(getMessage());
  }
}
