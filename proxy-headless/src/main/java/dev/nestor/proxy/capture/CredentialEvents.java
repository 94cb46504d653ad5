package dev.nestor.proxy.capture;

import dev.nestor.proxy.credential.CredentialListener;
import dev.nestor.proxy.credential.HeldCredential;
import dev.nestor.proxy.identity.VerifiedToken;
import dev.nestor.proxy.identity.VerifiedToken.DeclaredActor;
import dev.nestor.recorder.bytes.Bytes;
import dev.nestor.recorder.event.RecordedEvent;
import dev.nestor.recorder.event.RecordedEvent.ChangeSource;
import dev.nestor.recorder.event.RecordedEvent.CredentialStep;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Credentials in the archive: who holds them, what they were issued from, what became of them.
///
/// Parentage by issuance is *verified*; what an issuer says by an `act` claim is *declared* and
/// stands in the chain of that one credential. The two never mix.
public final class CredentialEvents {
  /// What the archive keeps beside the claims: who says of which kind the caller is.
  static final String KIND_BASIS = "nestor_kind_basis";

  private CredentialEvents() {}

  /// The holders and credentials from the identity provider's to this one.
  public static List<RecordedEvent> chain(HeldCredential credential, Principals principals) {
    List<RecordedEvent> events = new ArrayList<>();
    for (HeldCredential each : credential.chain()) {
      events.add(holder(each, principals));
      for (DeclaredActor actor : each.token().declaredActors()) {
        events.add(
            new RecordedEvent.Principal(
                principals.number(actor.issuer(), actor.subject()),
                RecordedEvent.PrincipalKind.UNSET,
                actor.issuer(),
                actor.subject(),
                "",
                List.of(),
                List.of()));
      }
      events.add(credential(each, principals));
    }
    return events;
  }

  /// Who holds a credential.
  public static RecordedEvent holder(HeldCredential credential, Principals principals) {
    VerifiedToken token = credential.token();
    List<RecordedEvent.Claim> claims = new ArrayList<>();
    token.claims().entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .forEach(claim -> claims.add(new RecordedEvent.Claim(claim.getKey(), claim.getValue())));
    claims.add(new RecordedEvent.Claim(KIND_BASIS, token.kindBasis()));
    return new RecordedEvent.Principal(
        principals.holder(credential),
        switch (token.kind()) {
          case "human" -> RecordedEvent.PrincipalKind.HUMAN;
          case "agent" -> RecordedEvent.PrincipalKind.AGENT;
          case "service" -> RecordedEvent.PrincipalKind.SERVICE;
          default -> RecordedEvent.PrincipalKind.UNSET;
        },
        token.issuer(),
        token.subject(),
        token.clientId().orElse(""),
        claims,
        token.groups().stream().sorted().toList());
  }

  private static RecordedEvent credential(HeldCredential credential, Principals principals) {
    VerifiedToken token = credential.token();
    List<Long> declared =
        token.declaredActors().stream()
            .map(actor -> principals.number(actor.issuer(), actor.subject()))
            .toList();
    long holder = principals.holder(credential);
    return RecordedEvent.Credential.builder()
        .no(principals.number(credential))
        .kind(
            credential.isGrant()
                ? "grant"
                : credential.parent().isEmpty() ? "access-token" : "child")
        .actor(declared.isEmpty() ? holder : declared.getFirst())
        .subject(principals.holder(credential.root()))
        .parentNo(credential.parent().map(principals::number).orElse(0L))
        .lineage(
            declared.isEmpty() ? RecordedEvent.Lineage.VERIFIED : RecordedEvent.Lineage.DECLARED)
        .tokenSha256(Bytes.of(token.digest()))
        .issued(token.issuedAt().map(CredentialEvents::micros).orElse(0L))
        .notBefore(token.notBefore().map(CredentialEvents::micros).orElse(0L))
        .expires(micros(token.expiresAt()))
        .scope(token.scopes().stream().sorted().toList())
        .audience(token.audience())
        .declaredChain(declared)
        .depth(credential.depth())
        .decidingActor(holder)
        .keyId(token.keyId())
        .build();
  }

  /// A child was issued, or a holder was given more for a while.
  public static List<RecordedEvent> issued(HeldCredential child, Principals principals) {
    List<RecordedEvent> events = new ArrayList<>(chain(child, principals));
    HeldCredential parent = child.parent().orElseThrow();
    long at = child.token().issuedAt().map(CredentialEvents::micros).orElse(0L);
    if (child.isGrant()) { // who agreed stands in the votes, by the same ticket
      events.add(
          new RecordedEvent.CredentialChange(
              principals.number(child),
              CredentialStep.ISSUED,
              principals.holder(parent),
              at,
              ChangeSource.API,
              0,
              "access",
              child.token().claims().getOrDefault("nestor_access", ""),
              0));
      return events;
    }
    events.add(
        change(parent, CredentialStep.EXCHANGED, principals.holder(parent), at, "", principals));
    events.add(change(child, CredentialStep.ISSUED, principals.holder(parent), at, "", principals));
    return events;
  }

  /// An exchange was refused, or a credential was used after its end.
  ///
  /// @param code one word
  public static List<RecordedEvent> refused(
      HeldCredential credential,
      CredentialStep step,
      String code,
      Instant now,
      Principals principals) {
    List<RecordedEvent> events = new ArrayList<>(chain(credential, principals));
    events.add(
        change(credential, step, principals.holder(credential), micros(now), code, principals));
    return events;
  }

  private static RecordedEvent change(
      HeldCredential credential,
      CredentialStep step,
      long by,
      long effective,
      String code,
      Principals principals) {
    return new RecordedEvent.CredentialChange(
        principals.number(credential), step, by, effective, ChangeSource.API, 0, code, "", 0);
  }

  /// Credentials have ended.
  ///
  /// @param now when it was noticed
  /// @param sessions how many sessions of each were cut, in the order of the end's credentials
  public static List<RecordedEvent> ended(
      CredentialListener.End end, Instant now, List<Integer> sessions, Principals principals) {
    List<RecordedEvent> events = new ArrayList<>();
    long by = 0;
    if (end.by().isPresent()) {
      events.addAll(chain(end.by().get(), principals));
      by = principals.holder(end.by().get());
    }
    events.addAll(chain(end.credentials().getFirst(), principals));
    CredentialStep step =
        switch (end.cause()) {
          case REVOKED, LOCKED -> CredentialStep.REVOKED;
          case EXPIRED -> CredentialStep.EXPIRED;
        };
    ChangeSource source =
        switch (end.cause()) {
          case REVOKED -> ChangeSource.API;
          case LOCKED -> ChangeSource.UNSET;
          case EXPIRED -> ChangeSource.TIMER;
        };
    for (int i = 0; i < end.credentials().size(); i++) {
      events.add(
          new RecordedEvent.CredentialChange(
              principals.number(end.credentials().get(i)),
              i == 0 ? step : CredentialStep.PARENT_ENDED,
              by,
              micros(end.at()),
              source,
              Math.max(0, Duration.between(end.at(), now).toNanos() / 1000),
              i == 0 ? end.reason() : end.credentials().getFirst().id(),
              "",
              sessions.get(i)));
    }
    return events;
  }

  private static long micros(Instant instant) {
    return Math.max(0, instant.getEpochSecond() * 1_000_000 + instant.getNano() / 1000);
  }
}
