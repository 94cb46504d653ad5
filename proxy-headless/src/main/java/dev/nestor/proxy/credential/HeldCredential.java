package dev.nestor.proxy.credential;

import dev.nestor.proxy.identity.VerifiedToken;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A credential that this gateway knows, and where it stands among others. One object for one
/// credential, for as long as the gateway runs. Thread-safe; nothing here blocks.
public final class HeldCredential {
  private static final int ID_DIGITS = 16;

  /// Claim of a grant: the scope that it adds.
  static final String GRANTED = "nestor_granted";

  private final VerifiedToken token;
  private final String digest;
  private final @Nullable HeldCredential parent;
  private final int depth;
  private volatile @Nullable Ending ending;

  /// How a credential was ended before its time.
  ///
  /// @param by who did it; empty for a rule
  /// @param withDescendants whether what was issued from it ended too
  public record Ending(
      Instant at, Optional<HeldCredential> by, String reason, boolean withDescendants) {}

  /// Whether a credential is good.
  public enum State {
    /// It is.
    LIVE("live"),
    /// It was revoked, or a rule locked it.
    REVOKED("revoked"),
    /// One that it was issued from has ended.
    PARENT_ENDED("parentEnded"),
    /// Its time is over.
    EXPIRED("expired");

    private final String word;

    State(String word) {
      this.word = word;
    }

    /// As JSON writes it.
    public String word() {
      return word;
    }
  }

  HeldCredential(VerifiedToken token, @Nullable HeldCredential parent) {
    this.token = token;
    this.digest = HexFormat.of().formatHex(token.digest());
    this.parent = parent;
    this.depth = parent == null ? 0 : parent.depth + 1;
  }

  /// Who it is for and what it allows.
  public VerifiedToken token() {
    return token;
  }

  /// `c-` and the first 16 hex digits of the token's SHA-256; how people, scripts and logs name it.
  public String id() {
    return "c-" + digest.substring(0, ID_DIGITS);
  }

  /// SHA-256 of the token, 64 hex digits.
  public String digest() {
    return digest;
  }

  /// The credential that it was issued from; empty for one of an identity provider.
  public Optional<HeldCredential> parent() {
    return Optional.ofNullable(parent);
  }

  /// How many exchanges lie between it and the identity provider's.
  public int depth() {
    return depth;
  }

  /// From the identity provider's to this one.
  public List<HeldCredential> chain() {
    List<HeldCredential> chain = new ArrayList<>();
    for (HeldCredential at = this; at != null; at = at.parent) {
      chain.addFirst(at);
    }
    return chain;
  }

  /// The identity provider's, on whose subject's behalf it acts.
  public HeldCredential root() {
    HeldCredential at = this;
    while (at.parent != null) {
      at = at.parent;
    }
    return at;
  }

  /// Whether it gives the holder of the one before it more scope for a while, instead of giving a
  /// child something: then both have the same holder.
  public boolean isGrant() {
    return parent != null && token.claims().containsKey(GRANTED);
  }

  /// The scopes that it may hand on to a child. What people gave to one of them is not among these:
  /// each must ask for itself.
  public Set<String> handedOn() {
    return parent != null && isGrant() ? parent.handedOn() : token.scopes();
  }

  /// Whether somebody holds it or one that it was issued from, or is declared to stand among those.
  public boolean involves(VerifiedToken somebody) {
    for (HeldCredential each : chain()) {
      VerifiedToken one = each.token();
      boolean declared =
          one.declaredActors().stream()
              .anyMatch(actor -> is(somebody, actor.issuer(), actor.subject()));
      boolean declares =
          somebody.declaredActors().stream()
              .anyMatch(actor -> is(one, actor.issuer(), actor.subject()));
      if (declared || declares || is(somebody, one.issuer(), one.subject())) {
        return true;
      }
    }
    return false;
  }

  private static boolean is(VerifiedToken token, String issuer, String subject) {
    return token.issuer().equals(issuer) && token.subject().equals(subject);
  }

  /// What policies know the holder by: the name of the root's token, and behind it those of the
  /// children, with `/` between. A child chooses its own name, so that alone must never be able to
  /// pass for somebody else's.
  public String qualifiedName() {
    if (parent == null) {
      return token.name();
    }
    return isGrant() ? parent.qualifiedName() : parent.qualifiedName() + "/" + token.name();
  }

  /// Whether it is good now.
  public State state(Instant now) {
    if (ending != null) {
      return State.REVOKED;
    }
    for (HeldCredential at = parent; at != null; at = at.parent) {
      Ending ended = at.ending;
      if (ended != null && ended.withDescendants()) {
        return State.PARENT_ENDED;
      }
    }
    return now.isBefore(token.expiresAt()) ? State.LIVE : State.EXPIRED;
  }

  /// How it was ended itself, if it was.
  public Optional<Ending> ending() {
    return Optional.ofNullable(ending);
  }

  /// Whether it is another one or was issued from it, over any number of steps.
  public boolean isOrDescendsFrom(HeldCredential other) {
    for (HeldCredential at = this; at != null; at = at.parent) {
      if (at == other) {
        return true;
      }
    }
    return false;
  }

  /// Ends it, once; a later end that reaches further replaces an earlier one.
  ///
  /// @return whether this changed anything
  synchronized boolean end(Ending end) {
    Ending before = ending;
    if (before != null && (before.withDescendants() || !end.withDescendants())) {
      return false;
    }
    ending = end;
    return true;
  }

  @Override
  public String toString() {
    return id();
  }
}
