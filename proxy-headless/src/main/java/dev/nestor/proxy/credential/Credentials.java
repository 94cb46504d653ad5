package dev.nestor.proxy.credential;

import dev.nestor.proxy.credential.CredentialListener.Cause;
import dev.nestor.proxy.credential.CredentialListener.End;
import dev.nestor.proxy.credential.HeldCredential.Ending;
import dev.nestor.proxy.credential.HeldCredential.State;
import dev.nestor.proxy.identity.RefusalReason;
import dev.nestor.proxy.identity.RefusedException;
import dev.nestor.proxy.identity.TokenVerifier;
import dev.nestor.proxy.identity.VerifiedToken;
import dev.nestor.proxy.store.StateStore;
import dev.nestor.proxy.store.StoredCredential;
import dev.nestor.proxy.store.StoredCredential.StoredEnd;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The credentials of one gateway: what is presented, issued, revoked and expires.
///
/// An identity provider's token is remembered in memory when it is first presented, and in the
/// store when something rests on it: a child, or its end.
public final class Credentials implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Credentials.class);

  private final StateStore store;
  private final TokenVerifier verifier;
  private final ChildTokens children;
  private final Clock clock;
  private final ConcurrentHashMap<String, HeldCredential> held = new ConcurrentHashMap<>();
  private final List<CredentialListener> listeners = new CopyOnWriteArrayList<>();
  private final Expiry expiry;
  private final TokenExchange exchange;

  private Credentials(
      StateStore store,
      TokenVerifier verifier,
      ChildTokens children,
      DelegationLimits limits,
      Clock clock) {
    this.store = store;
    this.verifier = verifier;
    this.children = children;
    this.clock = clock;
    this.expiry = new Expiry(clock, this::expired);
    this.exchange = new TokenExchange(this, store, children, limits, clock);
  }

  /// Reads what an earlier run left behind.
  ///
  /// @param store stays the caller's
  /// @throws IOException if the store cannot be read
  public static Credentials start(
      StateStore store, TokenVerifier verifier, DelegationLimits limits, Clock clock)
      throws IOException {
    Credentials credentials =
        new Credentials(store, verifier, ChildTokens.of(store), limits, clock);
    credentials.load();
    credentials.expiry.start();
    return credentials;
  }

  private void load() throws IOException {
    for (StoredCredential stored : store.credentials(clock.instant())) {
      @Nullable HeldCredential parent =
          stored.parent().isEmpty() ? null : held.get(stored.parent().get());
      if (stored.parent().isPresent() && parent == null) {
        throw new IOException("the store holds a credential without the one it was issued from");
      }
      HeldCredential credential = new HeldCredential(CredentialDocument.read(stored), parent);
      stored
          .end()
          .ifPresent(end ->
              credential.end(
                  new Ending(end.at(), Optional.empty(), end.reason(), end.withDescendants())));
      held.put(credential.digest(), credential);
      expiry.add(credential);
    }
  }

  /// Adds somebody who hears of changes.
  public void listen(CredentialListener listener) {
    listeners.add(listener);
  }

  /// `iss` of the tokens that this gateway signs.
  public String issuer() {
    return children.issuer();
  }

  /// Verifies a token and finds its credential. Blocks.
  ///
  /// @throws RefusedException if it is not a token that we could trust, with the first defect
  public Presented present(String token) throws RefusedException {
    HeldCredential credential;
    if (children.claimsToBeOurs(token)) {
      @Nullable HeldCredential issued = held.get(HexFormat.of().formatHex(children.verify(token)));
      if (issued == null) {
        throw new RefusedException(
            RefusalReason.NOT_ISSUED, "signed by this gateway, but not in its record");
      }
      credential = issued;
    } else {
      VerifiedToken verified = verifier.verify(token);
      credential =
          held.computeIfAbsent(
              HexFormat.of().formatHex(verified.digest()),
              _ -> {
                HeldCredential known = new HeldCredential(verified, null);
                expiry.add(known);
                return known;
              });
    }
    State state = credential.state(clock.instant());
    return switch (state) {
      case LIVE -> new Presented.Live(credential);
      case REVOKED -> over(credential, state, RefusalReason.REVOKED);
      case PARENT_ENDED -> over(credential, state, RefusalReason.PARENT_ENDED);
      case EXPIRED -> over(credential, state, RefusalReason.EXPIRED);
    };
  }

  private Presented over(HeldCredential credential, State state, RefusalReason reason) {
    listeners.forEach(listener -> listener.usedAfterEnd(credential, state));
    return new Presented.Over(credential, reason);
  }

  /// Gives a child a credential of its own. Blocks until it is durable.
  ///
  /// @throws ExchangeRefusedException if it may not have one; nothing was issued
  /// @throws IOException if the store failed; nothing was issued
  public Issued exchange(ExchangeRequest request) throws ExchangeRefusedException, IOException {
    return exchange.exchange(request);
  }

  /// Gives a holder one more scope for a while, because people agreed. Blocks until it is durable.
  ///
  /// @param ticket name of the request
  /// @param until when it ends; it never outlives the holder's own
  /// @throws IOException if it could not be written down; nothing was issued
  public Issued grant(
      HeldCredential holder, String scope, String ticket, Instant until, Durable durable)
      throws IOException {
    return exchange.grant(holder, scope, ticket, until, durable);
  }

  /// Writes a new credential down, with what else must change in the same step.
  public interface Durable {
    /// All or nothing.
    ///
    /// @param chain the credential, and before it those that it was issued from
    void write(List<StoredCredential> chain) throws IOException;
  }

  /// The same credential in the store's form, and before it those that it was issued from.
  public static List<StoredCredential> stored(HeldCredential credential) {
    return credential.chain().stream().map(CredentialDocument::stored).toList();
  }

  /// One that this gateway knows, by the SHA-256 of its token.
  ///
  /// @param digest 64 hex digits
  public Optional<HeldCredential> byDigest(String digest) {
    return Optional.ofNullable(held.get(digest));
  }

  /// What an exchange gives.
  ///
  /// @param text the token, for the child alone
  public record Issued(String text, HeldCredential credential) {
    @Override
    public String toString() {
      return credential.toString(); // a record's own would print the token
    }
  }

  void issued(HeldCredential child) {
    held.put(child.digest(), child);
    expiry.add(child);
    listeners.forEach(listener -> listener.issued(child));
  }

  void exchangeRefused(Optional<HeldCredential> parent, String code) {
    listeners.forEach(listener -> listener.refused(parent, code));
  }

  /// What was presented or issued and has not expired; a parent stands before its children.
  public List<HeldCredential> all() {
    return held.values().stream()
        .sorted(
            Comparator.comparingInt(HeldCredential::depth)
                .thenComparing(each -> each.token().issuedAt().orElse(Instant.MIN))
                .thenComparing(HeldCredential::id))
        .toList();
  }

  long liveChildren(HeldCredential parent) {
    Instant now = clock.instant();
    return held.values().stream()
        .filter(each -> each.parent().filter(parent::equals).isPresent() && !each.isGrant())
        .filter(each -> each.state(now) == State.LIVE)
        .count();
  }

  /// Those whose name in [HeldCredential#id] begins like this.
  ///
  /// @param id with or without `c-`, at least one hex digit
  public List<HeldCredential> find(String id) {
    String digits = id.startsWith("c-") ? id.substring(2) : id;
    return digits.isEmpty()
        ? List.of()
        : held.values().stream().filter(each -> each.digest().startsWith(digits)).toList();
  }

  /// Ends a credential and what was issued from it. Its sessions are cut before this returns, and
  /// it returns when the end is durable.
  ///
  /// @param by who does it
  /// @param reason of a person; for the record
  /// @throws IOException if the store failed: then the end holds until the gateway stops, and the
  ///   caller must be told
  public Revoked revoke(HeldCredential credential, Optional<HeldCredential> by, String reason)
      throws IOException {
    return revoke(credential, by, reason, true);
  }

  /// The same, for what was issued from it only where the caller says so.
  ///
  /// @throws IOException as for the other
  public Revoked revoke(
      HeldCredential credential,
      Optional<HeldCredential> by,
      String reason,
      boolean withDescendants)
      throws IOException {
    Revoked revoked = end(Cause.REVOKED, credential, by, reason, withDescendants);
    keep(credential);
    return revoked;
  }

  /// Ends a credential because a rule killed a session of it. Does not block; the end is in memory
  /// when this returns, and [#keep] makes it durable.
  ///
  /// @param rule its identifier
  public Revoked lock(HeldCredential credential, String rule, boolean withDescendants) {
    return end(Cause.LOCKED, credential, Optional.empty(), rule, withDescendants);
  }

  /// What an end came to.
  ///
  /// @param credentials how many ended that were good before, itself and those issued from it
  /// @param sessions what became of those under way
  public record Revoked(int credentials, CredentialListener.Sessions sessions) {}

  private Revoked end(
      Cause cause,
      HeldCredential credential,
      Optional<HeldCredential> by,
      String reason,
      boolean withDescendants) {
    Instant now = clock.instant();
    Set<HeldCredential> live =
        held.values().stream()
            .filter(each -> withDescendants || each == credential)
            .filter(each -> each.isOrDescendsFrom(credential))
            .filter(each -> each.state(now) == State.LIVE)
            .collect(Collectors.toSet());
    boolean changed = credential.end(new Ending(now, by, reason, withDescendants));
    List<HeldCredential> ended = new ArrayList<>();
    ended.add(credential);
    // again: a child that was issued between the two looks ends as well
    held.values().stream()
        .filter(each -> withDescendants && each != credential)
        .filter(each -> each.isOrDescendsFrom(credential))
        .filter(each -> live.contains(each) || each.state(now) == State.PARENT_ENDED)
        .forEach(ended::add);
    CredentialListener.Sessions sessions = CredentialListener.Sessions.NONE;
    if (changed) {
      End end = new End(cause, now, by, reason, ended);
      for (CredentialListener listener : listeners) {
        sessions = sessions.plus(listener.ended(end));
      }
    }
    return new Revoked(changed ? ended.size() : 0, sessions);
  }

  /// Makes the end of a credential durable, also one that an earlier call could not.
  ///
  /// @throws IOException if the store failed
  public void keep(HeldCredential credential) throws IOException {
    Optional<Ending> ending = credential.ending();
    if (ending.isPresent()) {
      Ending end = ending.get();
      store.end(
          credential.chain().stream().map(CredentialDocument::stored).toList(),
          new StoredEnd(
              end.at(),
              end.by().map(each -> each.token().issuer() + " " + each.token().subject()).orElse(""),
              end.reason(),
              end.withDescendants()));
    }
  }

  private void expired(HeldCredential credential) {
    if (credential.state(clock.instant()) == State.EXPIRED) {
      End end =
          new End(
              Cause.EXPIRED,
              credential.token().expiresAt(),
              Optional.empty(),
              "",
              List.of(credential));
      for (CredentialListener listener : listeners) {
        try {
          listener.ended(end);
        } catch (RuntimeException e) { // the others must still expire
          LOG.error("fault while credential {} expired", credential.id(), e);
        }
      }
    }
    held.remove(credential.digest(), credential);
  }

  @Override
  public void close() {
    expiry.close();
  }
}
