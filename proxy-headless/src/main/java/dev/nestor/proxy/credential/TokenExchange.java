package dev.nestor.proxy.credential;

import dev.nestor.proxy.credential.Credentials.Issued;
import dev.nestor.proxy.credential.ExchangeRefusedException.OauthError;
import dev.nestor.proxy.credential.HeldCredential.State;
import dev.nestor.proxy.identity.RefusalReason;
import dev.nestor.proxy.identity.RefusedException;
import dev.nestor.proxy.store.StateStore;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.locks.ReentrantLock;

/// The rules by which a caller hands on a part of what it may do: the scope is a subset, the life
/// ends no later, depth and number of children are bounded. The child belongs to no group: what a
/// person may do by belonging somewhere is not what a program of his may do.
final class TokenExchange {
  private final Credentials credentials;
  private final StateStore store;
  private final ChildTokens tokens;
  private final DelegationLimits limits;
  private final Clock clock;

  /// One child after the other: two at once could both be the last that is allowed. Nobody who ends
  /// a credential takes it.
  private final ReentrantLock oneAtATime = new ReentrantLock();

  TokenExchange(
      Credentials credentials,
      StateStore store,
      ChildTokens tokens,
      DelegationLimits limits,
      Clock clock) {
    this.credentials = credentials;
    this.store = store;
    this.tokens = tokens;
    this.limits = limits;
    this.clock = clock;
  }

  Issued exchange(ExchangeRequest request) throws ExchangeRefusedException, IOException {
    HeldCredential parent = parent(request.subjectToken());
    try {
      return exchange(parent, request);
    } catch (ExchangeRefusedException e) {
      credentials.exchangeRefused(Optional.of(parent), e.code());
      throw e;
    }
  }

  private HeldCredential parent(String subjectToken) throws ExchangeRefusedException {
    try {
      return switch (credentials.present(subjectToken)) {
        case Presented.Live(HeldCredential credential) -> credential;
        case Presented.Over(HeldCredential credential, RefusalReason reason) -> {
          credentials.exchangeRefused(Optional.of(credential), reason.code());
          throw refusedToken(reason);
        }
      };
    } catch (RefusedException e) {
      credentials.exchangeRefused(Optional.empty(), e.reason().code());
      throw refusedToken(e.reason());
    }
  }

  private static ExchangeRefusedException refusedToken(RefusalReason reason) {
    return reason == RefusalReason.PROVIDER
        ? new ExchangeRefusedException(
            OauthError.TEMPORARILY_UNAVAILABLE,
            reason.code(),
            "the issuer's keys cannot be had now")
        : new ExchangeRefusedException(
            OauthError.INVALID_REQUEST,
            reason.code(),
            "the subject token was refused: " + reason.code());
  }

  private Issued exchange(HeldCredential parent, ExchangeRequest request)
      throws ExchangeRefusedException, IOException {
    Instant now = clock.instant();
    checkAudience(parent, request);
    if (parent.depth() >= limits.depthMax()) {
      throw new ExchangeRefusedException(
          OauthError.INVALID_REQUEST,
          "too-deep",
          "the subject token is "
              + parent.depth()
              + " exchanges deep, and this gateway allows "
              + limits.depthMax());
    }
    Set<String> scopes = scopes(parent, request);
    Duration life = life(parent, request, now);
    oneAtATime.lock();
    try {
      long children = credentials.liveChildren(parent);
      if (children >= limits.fanOutMax()) {
        throw new ExchangeRefusedException(
            OauthError.INVALID_REQUEST,
            "too-many",
            "the subject token has "
                + limits.fanOutMax()
                + " live children, and more are not"
                + " allowed; revoke one or let it expire");
      }
      return issue(parent, request.name().orElse("child-" + (children + 1)), scopes, now, life);
    } finally {
      oneAtATime.unlock();
    }
  }

  private Issued issue(
      HeldCredential parent, String name, Set<String> scopes, Instant now, Duration life)
      throws ExchangeRefusedException, IOException {
    ChildTokens.Signed signed = tokens.sign(parent, name, scopes, now, life);
    HeldCredential child = new HeldCredential(signed.token(), parent);
    store.add(child.chain().stream().map(CredentialDocument::stored).toList());
    credentials.issued(child);
    if (child.state(clock.instant()) != State.LIVE) {
      // its parent ended meanwhile: the child is in the record, and ended with it
      throw refusedToken(RefusalReason.REVOKED);
    }
    return new Issued(signed.text(), child);
  }

  /// Gives a holder one more scope until an instant, or until its own credential ends.
  ///
  /// @param durable writes it down
  Issued grant(
      HeldCredential holder,
      String scope,
      String ticket,
      Instant until,
      Credentials.Durable durable)
      throws IOException {
    Instant now = clock.instant();
    Instant end = until.isBefore(holder.token().expiresAt()) ? until : holder.token().expiresAt();
    ChildTokens.Signed signed = tokens.signGrant(holder, scope, ticket, now, end);
    HeldCredential grant = new HeldCredential(signed.token(), holder);
    durable.write(grant.chain().stream().map(CredentialDocument::stored).toList());
    credentials.issued(grant);
    return new Issued(signed.text(), grant);
  }

  private static void checkAudience(HeldCredential parent, ExchangeRequest request)
      throws ExchangeRefusedException {
    if (!parent.token().audience().containsAll(request.audiences())) {
      throw new ExchangeRefusedException(
          OauthError.INVALID_TARGET,
          "wrong-audience",
          "the audience is not one of the subject token: "
              + String.join(" ", new TreeSet<>(parent.token().audience())));
    }
  }

  private static Set<String> scopes(HeldCredential parent, ExchangeRequest request)
      throws ExchangeRefusedException {
    Set<String> allowed = parent.handedOn();
    Set<String> wanted = request.scopes().orElse(allowed);
    if (!allowed.containsAll(wanted)) {
      Set<String> wider = new TreeSet<>(wanted);
      wider.removeAll(allowed);
      throw new ExchangeRefusedException(
          OauthError.INVALID_SCOPE,
          "scope-widened",
          "the subject token cannot hand on the scope " + String.join(" ", wider));
    }
    return wanted;
  }

  private Duration life(HeldCredential parent, ExchangeRequest request, Instant now)
      throws ExchangeRefusedException {
    Duration left = Duration.between(now, parent.token().expiresAt());
    Duration most = left.compareTo(limits.lifeMax()) < 0 ? left : limits.lifeMax();
    Duration wanted = request.life().orElse(most);
    if (wanted.compareTo(left) > 0) {
      throw new ExchangeRefusedException(
          OauthError.INVALID_REQUEST,
          "life-longer",
          "lifetime "
              + wanted.toSeconds()
              + " is longer than the subject token's, which has "
              + left.toSeconds()
              + " s left");
    }
    if (wanted.compareTo(limits.lifeMax()) > 0) {
      throw new ExchangeRefusedException(
          OauthError.INVALID_REQUEST,
          "life-over-limit",
          "lifetime "
              + wanted.toSeconds()
              + " is longer than this gateway allows: "
              + limits.lifeMax().toSeconds()
              + " s");
    }
    return wanted;
  }
}
