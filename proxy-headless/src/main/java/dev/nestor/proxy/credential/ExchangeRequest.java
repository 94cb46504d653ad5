package dev.nestor.proxy.credential;

import dev.nestor.proxy.credential.ExchangeRefusedException.OauthError;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// A request for a child credential, as far as it can be checked by itself.
///
/// @param subjectToken the parent's token
/// @param scopes what the child asks for; empty asks for all that the parent has
/// @param life how long it is wanted; empty for as long as may be
/// @param name what the child is called; empty for a name that the gateway gives
/// @param audiences whom the token is for; empty for this gateway
public record ExchangeRequest(
    String subjectToken,
    Optional<Set<String>> scopes,
    Optional<Duration> life,
    Optional<String> name,
    List<String> audiences) {
  /// The one grant that the endpoint knows.
  public static final String GRANT = "urn:ietf:params:oauth:grant-type:token-exchange";

  /// What is taken and what is issued.
  public static final String ACCESS_TOKEN = "urn:ietf:params:oauth:token-type:access_token";

  private static final String JWT = "urn:ietf:params:oauth:token-type:jwt";

  private static final Set<String> ONCE =
      Set.of(
          "grant_type",
          "subject_token",
          "subject_token_type",
          "actor_token",
          "actor_token_type",
          "requested_token_type",
          "scope",
          "lifetime",
          "name");

  private static final Pattern SCOPE = Pattern.compile("[\\x21\\x23-\\x5b\\x5d-\\x7e]{1,128}");
  private static final int SCOPES_MAX = 64;
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,62}");
  private static final Pattern SECONDS = Pattern.compile("[1-9][0-9]{0,8}");

  /// Copies the list.
  public ExchangeRequest {
    scopes = scopes.map(Set::copyOf);
    audiences = List.copyOf(audiences);
  }

  /// Reads the parameters of a form. One without a value counts as left out, as RFC 6749 says;
  /// unknown ones are ignored.
  ///
  /// @throws ExchangeRefusedException with the first thing that is wrong
  public static ExchangeRequest parse(Map<String, List<String>> form)
      throws ExchangeRefusedException {
    for (String name : ONCE) {
      if (form.getOrDefault(name, List.of()).size() > 1) {
        throw ExchangeRefusedException.invalid("the parameter " + name + " stands there twice");
      }
    }
    String grant = value(form, "grant_type").orElse("");
    if (grant.isEmpty()) {
      throw ExchangeRefusedException.invalid("grant_type is missing; it must be " + GRANT);
    }
    if (!grant.equals(GRANT)) {
      throw new ExchangeRefusedException(
          OauthError.UNSUPPORTED_GRANT_TYPE, "grant-type", "the only grant_type here is " + GRANT);
    }
    String subject =
        value(form, "subject_token")
            .orElseThrow(() -> ExchangeRefusedException.invalid("subject_token is missing"));
    tokenType(form, "subject_token_type", true);
    tokenType(form, "requested_token_type", false);
    if (value(form, "actor_token").isPresent() || value(form, "actor_token_type").isPresent()) {
      throw ExchangeRefusedException.invalid(
          "actor_token is not taken; the child is a new actor, whose name you may give as name");
    }
    if (form.getOrDefault("resource", List.of()).stream().anyMatch(each -> !each.isEmpty())) {
      throw new ExchangeRefusedException(
          OauthError.INVALID_TARGET,
          "target",
          "tokens are issued for this gateway, not for a resource");
    }
    return new ExchangeRequest(
        subject,
        scopes(form),
        life(form),
        name(form),
        form.getOrDefault("audience", List.of()).stream().filter(each -> !each.isEmpty()).toList());
  }

  private static Optional<String> value(Map<String, List<String>> form, String name) {
    List<String> values = form.getOrDefault(name, List.of());
    return values.isEmpty() || values.getFirst().isEmpty()
        ? Optional.empty()
        : Optional.of(values.getFirst());
  }

  private static void tokenType(Map<String, List<String>> form, String name, boolean required)
      throws ExchangeRefusedException {
    Optional<String> type = value(form, name);
    boolean good =
        type.map(each -> each.equals(ACCESS_TOKEN) || each.equals(JWT)).orElse(!required);
    if (!good) {
      throw ExchangeRefusedException.invalid(
          name + (type.isEmpty() ? " is missing; it" : "") + " must be " + ACCESS_TOKEN);
    }
  }

  private static Optional<Set<String>> scopes(Map<String, List<String>> form)
      throws ExchangeRefusedException {
    Optional<String> text = value(form, "scope");
    if (text.isEmpty()) {
      return Optional.empty();
    }
    Set<String> scopes = new LinkedHashSet<>(List.of(text.get().split(" ", -1)));
    if (scopes.size() > SCOPES_MAX
        || !scopes.stream().allMatch(scope -> SCOPE.matcher(scope).matches())) {
      throw new ExchangeRefusedException(
          OauthError.INVALID_SCOPE,
          "scope-malformed",
          "scope is not a list of at most " + SCOPES_MAX + " names with one blank between");
    }
    return Optional.of(scopes);
  }

  private static Optional<Duration> life(Map<String, List<String>> form)
      throws ExchangeRefusedException {
    Optional<String> text = value(form, "lifetime");
    if (text.isEmpty()) {
      return Optional.empty();
    }
    if (!SECONDS.matcher(text.get()).matches()) {
      throw ExchangeRefusedException.invalid("lifetime must be a number of seconds, at least 1");
    }
    return Optional.of(Duration.ofSeconds(Long.parseLong(text.get())));
  }

  private static Optional<String> name(Map<String, List<String>> form)
      throws ExchangeRefusedException {
    Optional<String> name = value(form, "name");
    if (name.isPresent() && !NAME.matcher(name.get()).matches()) {
      throw ExchangeRefusedException.invalid(
          "name must be 1 to 63 letters, digits, dots, hyphens and underscores, and begin with a"
              + " letter or digit");
    }
    return name;
  }

  @Override
  public String toString() {
    return "exchange for " + name.orElse("a child"); // a record's own would print the token
  }
}
