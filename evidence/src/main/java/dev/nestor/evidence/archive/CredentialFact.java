package dev.nestor.evidence.archive;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// A credential as the archive has it, with everything that happened to it.
///
/// @param number in its archive
/// @param kind as recorded: `jwt`, `child`, …
/// @param tokenSha256 hex; the token itself is never recorded
/// @param actor who acts with it; absent if the subject does
/// @param subject on whose behalf
/// @param parent number of the credential that it was issued from, 0 for none
/// @param lineage how the parent is known: `verified`, `declared`, `inferred`; empty without one
/// @param declared inner actors that the token names and that nobody verified, nearest first
/// @param depth below the first credential, as recorded
/// @param changes in their order
public record CredentialFact(
    long number,
    String kind,
    String tokenSha256,
    Optional<Party> actor,
    Optional<Party> subject,
    long parent,
    String lineage,
    List<Party> declared,
    Optional<Instant> issued,
    Optional<Instant> expires,
    List<String> scopes,
    List<String> audience,
    int depth,
    List<Change> changes) {
  public CredentialFact {
    declared = List.copyOf(declared);
    scopes = List.copyOf(scopes);
    audience = List.copyOf(audience);
    changes = List.copyOf(changes);
  }

  /// Something that happened to a credential.
  ///
  /// @param frame with the event
  /// @param at when it was recorded
  /// @param effective from when it counted
  /// @param step what happened
  /// @param by name of who did it; empty if nobody is named
  /// @param source such as `api` or `timer`
  public record Change(
      long frame,
      Instant at,
      Instant effective,
      Step step,
      String by,
      String source,
      String reason,
      String ticket) {}

  /// What can happen to a credential.
  public enum Step {
    ISSUED("issued"),
    EXCHANGED("exchanged"),
    REFUSED("refused"),
    REVOKED("revoked"),
    EXPIRED("expired"),
    PARENT_ENDED("parent ended"),
    USED_AFTER_END("used after its end"),
    BOUND("bound to a client"),
    UNBOUND("freed from its client"),
    OTHER("changed");

    private final String words;

    Step(String words) {
      this.words = words;
    }

    /// In words.
    public String words() {
      return words;
    }
  }

  /// The name on screen: `c-` and the first four digits of the token's digest, else the number.
  public String label() {
    return "c-" + (tokenSha256.length() >= 4 ? tokenSha256.substring(0, 4) : number);
  }

  /// Who holds it: the actor, else the subject.
  public Optional<Party> holder() {
    return actor.or(() -> subject);
  }

  /// The first moment at which it was revoked.
  public Optional<Change> revoked() {
    return changes.stream().filter(each -> each.step() == Step.REVOKED).findFirst();
  }

  /// Whether its end, if it has one, is the expiry that it was issued with; false where somebody
  /// ended it before.
  public boolean endedByItself() {
    return ended().equals(expires);
  }

  /// When it stopped being good, by revocation, by its parent's end or by its expiry, whichever
  /// came first.
  public Optional<Instant> ended() {
    return java.util.stream.Stream.concat(
            expires.stream(),
            changes.stream()
                .filter(each ->
                    each.step() == Step.REVOKED
                        || each.step() == Step.EXPIRED
                        || each.step() == Step.PARENT_ENDED)
                .map(Change::effective))
        .min(java.util.Comparator.naturalOrder());
  }
}
