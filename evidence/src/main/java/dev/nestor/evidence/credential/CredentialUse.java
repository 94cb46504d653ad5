package dev.nestor.evidence.credential;

import dev.nestor.evidence.archive.CredentialFact;
import dev.nestor.evidence.archive.DecisionCounts;
import dev.nestor.evidence.archive.Party;
import dev.nestor.evidence.finding.StatementRef;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// A credential and everything that was done with it in the archives that were looked at.
///
/// @param key the token's digest where it is recorded, so that it is one over several archives
/// @param archiveId identity of the archive whose record of it is shown
/// @param parent key of the credential that it was issued from; empty for none
/// @param sessions opened with it
/// @param refusals logins that were refused, by reason
/// @param lastSuccess last statement that ran
/// @param lastAttempt last statement, blocked ones too, or refused login
/// @param touches relations and verbs, at most 500
/// @param verbs of statements that ran
/// @param clients addresses that used it
/// @param inferred other clients that the gateway saw on it, one short text each: inferred
///   children, never credentials; at most 64
/// @param recent its last statements, at most 50
/// @param exceptions statements that were not simply allowed, at most 100
/// @param ticks when it was used, the first 300 times
/// @param afterEnd statements after it was revoked, expired or lost its parent, but those of
///   `cached`
/// @param cached statements that ran after it was revoked or lost its parent, in sessions that had
///   been opened before: somebody went on with what was known of it
/// @param grants what the database lets its sessions do, and what was used of that
/// @param blockedMost how often the same statement was blocked, at most
public record CredentialUse(
    String key,
    String archiveId,
    CredentialFact credential,
    String parent,
    long sessions,
    Map<String, Long> refusals,
    long statements,
    DecisionCounts decisions,
    long rows,
    Optional<Instant> firstUse,
    Optional<Instant> lastSuccess,
    Optional<Instant> lastAttempt,
    List<Touch> touches,
    Set<String> verbs,
    Set<String> clients,
    List<String> inferred,
    List<StatementRef> recent,
    List<StatementRef> exceptions,
    List<Instant> ticks,
    AfterEnd afterEnd,
    AfterEnd cached,
    GrantUse grants,
    long blockedMost) {
  /// All statements after its end.
  public long afterEndCount() {
    return afterEnd.count() + cached.count();
  }

  /// How many statements ran after its end.
  public long ranAfterEnd() {
    return afterEnd.ran() + cached.ran();
  }

  /// Who holds it, by name.
  public String holder() {
    return credential.holder().map(Party::name).orElse("unknown");
  }

  /// On whose behalf, by name; empty if nobody is named.
  public String subject() {
    return credential.subject().map(Party::name).orElse("");
  }
}
