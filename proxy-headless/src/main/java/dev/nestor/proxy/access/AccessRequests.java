package dev.nestor.proxy.access;

import dev.nestor.policy.AccessOffer;
import dev.nestor.policy.Policy;
import dev.nestor.proxy.access.AccessRequest.State;
import dev.nestor.proxy.approval.VoteRefusedException;
import dev.nestor.proxy.approval.VoteRefusedException.Why;
import dev.nestor.proxy.approval.Voters;
import dev.nestor.proxy.credential.Credentials;
import dev.nestor.proxy.credential.HeldCredential;
import dev.nestor.proxy.store.StateStore;
import dev.nestor.proxy.store.StoredAccess;
import dev.nestor.proxy.store.StoredAccess.StoredVote;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The requests for more scope of one gateway. Each change is durable before its method returns.
///
/// Thread-safe; blocks. They are few: one lock for all.
public final class AccessRequests {
  /// How long people may think; the requester's own credential mostly ends before.
  private static final Duration THINKING_MAX = Duration.ofHours(24);

  private static final int OPEN_MAX = 8;
  private static final int REASON_CHARS_MAX = 500;
  private static final int ID_BYTES = 8;

  private final StateStore store;
  private final Credentials credentials;
  private final Policies policies;
  private final Clock clock;
  private final SecureRandom random = new SecureRandom();
  private final Map<String, AccessRequest> requests = new LinkedHashMap<>();

  /// Finds policies.
  public interface Policies {
    /// The policy of a database that clients can ask for, or null if there is no such.
    @Nullable Policy of(String database);
  }

  private AccessRequests(
      StateStore store, Credentials credentials, Policies policies, Clock clock) {
    this.store = store;
    this.credentials = credentials;
    this.policies = policies;
    this.clock = clock;
  }

  /// Reads what an earlier run left behind. What was asked by a credential that has expired is
  /// forgotten.
  ///
  /// @throws IOException if the store cannot be read
  public static AccessRequests start(
      StateStore store, Credentials credentials, Policies policies, Clock clock)
      throws IOException {
    AccessRequests access = new AccessRequests(store, credentials, policies, clock);
    for (StoredAccess stored : store.accessRequests()) {
      credentials
          .byDigest(stored.requester())
          .ifPresent(requester -> access.requests.put(stored.id(), read(stored, requester)));
    }
    return access;
  }

  private static AccessRequest read(StoredAccess stored, HeldCredential requester) {
    return new AccessRequest(
        stored.id(),
        requester,
        stored.database(),
        stored.scope(),
        stored.window(),
        stored.reason(),
        stored.askedAt(),
        stored.until(),
        State.valueOf(stored.state().toUpperCase(Locale.ROOT)),
        stored.decidedAt(),
        stored.votes());
  }

  /// The offer that a request rests on; empty if the policy no longer makes it.
  public Optional<AccessOffer> offer(AccessRequest request) {
    return offer(request.database(), request.scope());
  }

  private Optional<AccessOffer> offer(String database, String scope) {
    @Nullable Policy policy = policies.of(database);
    return policy == null
        ? Optional.empty()
        : policy.offers().stream().filter(each -> each.scope().equals(scope)).findFirst();
  }

  /// Asks for a scope.
  ///
  /// @param window empty for as long as the policy offers
  /// @param reason one line for those who decide
  /// @throws AccessRefusedException if it cannot be asked for
  /// @throws IOException if the store failed; nothing was asked
  public synchronized AccessRequest ask(
      HeldCredential requester,
      String database,
      String scope,
      Optional<Duration> window,
      String reason)
      throws AccessRefusedException, IOException {
    Instant now = clock.instant();
    requests.values().removeIf(each -> each.isOver(now) && each.until().isBefore(now));
    if (reason.isBlank()
        || reason.length() > REASON_CHARS_MAX
        || reason.codePoints().anyMatch(Character::isISOControl)) {
      throw new AccessRefusedException(
          400, "a reason is needed: one line of at most " + REASON_CHARS_MAX + " characters");
    }
    AccessOffer offer =
        offer(database, scope)
            .orElseThrow(() ->
                new AccessRefusedException(
                    404, "the policy of that database does not offer the scope " + scope));
    if (requester.token().scopes().contains(scope)) {
      throw new AccessRefusedException(409, "your credential has the scope " + scope + " already");
    }
    Duration wanted = window.orElse(offer.most());
    if (wanted.isNegative() || wanted.isZero() || wanted.compareTo(offer.most()) > 0) {
      throw new AccessRefusedException(
          400,
          "the window is "
              + wanted.toSeconds()
              + " s (expected: 1 to "
              + offer.most().toSeconds()
              + ", as the policy says)");
    }
    long open =
        requests.values().stream()
            .filter(each -> each.requester() == requester && !each.isOver(now))
            .count();
    if (open >= OPEN_MAX) {
      throw new AccessRefusedException(
          409, "you have " + OPEN_MAX + " requests open; take or await those first");
    }
    Instant latest = now.plus(THINKING_MAX);
    Instant end = requester.token().expiresAt();
    AccessRequest request =
        new AccessRequest(
            newId(),
            requester,
            database,
            scope,
            wanted,
            reason,
            now,
            end.isBefore(latest) ? end : latest,
            State.WAITING,
            Optional.empty(),
            List.of());
    store.addAccess(Credentials.stored(requester), stored(request));
    requests.put(request.id(), request);
    return request;
  }

  private String newId() {
    byte[] bytes = new byte[ID_BYTES];
    random.nextBytes(bytes);
    return "r-" + HexFormat.of().formatHex(bytes);
  }

  private static StoredAccess stored(AccessRequest request) {
    return new StoredAccess(
        request.id(),
        request.requester().digest(),
        request.database(),
        request.scope(),
        request.window(),
        request.reason(),
        request.askedAt(),
        request.until(),
        request.state().word(),
        request.decidedAt(),
        request.votes());
  }

  /// All that are not forgotten, the oldest first.
  public synchronized List<AccessRequest> all() {
    return List.copyOf(requests.values());
  }

  /// One of them.
  public synchronized Optional<AccessRequest> find(String id) {
    return Optional.ofNullable(requests.get(id));
  }

  /// Votes. One refusal is enough; approvals are needed from as many people as the policy says.
  ///
  /// @throws VoteRefusedException if the vote does not count; nothing has changed
  /// @throws IOException if the store failed; nothing has changed
  public synchronized AccessRequest vote(String id, HeldCredential voter, boolean approve)
      throws VoteRefusedException, IOException {
    Instant now = clock.instant();
    @Nullable AccessRequest request = requests.get(id);
    if (request == null || request.state() != State.WAITING || request.isOver(now)) {
      throw new VoteRefusedException(Why.OVER, "no such request waits; it may be over already");
    }
    AccessOffer offer =
        offer(request)
            .orElseThrow(() ->
                new VoteRefusedException(
                    Why.CHANGED, "the policy does not offer this scope any more"));
    Voters.admit(voter, request.requester(), offer.approvers());
    StoredVote vote = new StoredVote(voter.token().issuer(), voter.token().subject(), approve, now);
    boolean twice =
        request.votes().stream()
            .anyMatch(each ->
                each.issuer().equals(vote.issuer()) && each.subject().equals(vote.subject()));
    if (twice) {
      throw new VoteRefusedException(
          Why.TWICE, "you have approved it already; another person must");
    }
    List<StoredVote> votes = new ArrayList<>(request.votes());
    votes.add(vote);
    State state =
        !approve
            ? State.REFUSED
            : request.approvals() + 1 >= offer.count() ? State.GRANTED : State.WAITING;
    store.voteAccess(id, vote, state.word());
    return put(request, state, state == State.WAITING ? Optional.empty() : Optional.of(now), votes);
  }

  private AccessRequest put(
      AccessRequest request, State state, Optional<Instant> decidedAt, List<StoredVote> votes) {
    AccessRequest changed =
        new AccessRequest(
            request.id(),
            request.requester(),
            request.database(),
            request.scope(),
            request.window(),
            request.reason(),
            request.askedAt(),
            request.until(),
            state,
            decidedAt,
            votes);
    requests.put(request.id(), changed);
    return changed;
  }

  /// Gives the requester what it was granted, once.
  ///
  /// @param caller must be the requester
  /// @throws AccessRefusedException if there is nothing to take
  /// @throws IOException if the store failed; nothing was issued
  public synchronized Credentials.Issued take(String id, HeldCredential caller)
      throws AccessRefusedException, IOException {
    @Nullable AccessRequest request = requests.get(id);
    if (request == null || request.requester() != caller) {
      throw new AccessRefusedException(404, "you have no such request");
    }
    if (request.state() != State.GRANTED || request.isOver(clock.instant())) {
      throw new AccessRefusedException(
          409,
          request.state() == State.GRANTED
              ? "its window has ended"
              : "it is not granted but " + request.state().word());
    }
    Credentials.Issued issued =
        credentials.grant(
            caller,
            request.scope(),
            id,
            request.ends().orElseThrow(),
            chain -> store.takeAccess(id, chain));
    put(request, State.TAKEN, request.decidedAt(), request.votes());
    return issued;
  }
}
