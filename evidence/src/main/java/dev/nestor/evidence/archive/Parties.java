package dev.nestor.evidence.archive;

import dev.nestor.recorder.archive.Archive;
import dev.nestor.recorder.event.RecordedEvent;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Who is who in an archive: principals, credentials, and the chain behind each credential.
final class Parties {
  private static final int CHAIN_MAX = 64;
  private static final List<String> NAME_CLAIMS = List.of("preferred_username", "name", "email");

  private final Map<Long, RecordedEvent.Principal> principals;
  private final Map<Long, RecordedEvent.Credential> credentials;

  Parties(Archive archive) throws IOException {
    principals = archive.principals();
    credentials = archive.credentials();
  }

  Optional<Party> party(long number) {
    RecordedEvent.Principal known = principals.get(number);
    if (known != null) {
      return Optional.of(
          new Party(number, name(known), kind(known.kind()), known.issuer(), known.subject()));
    }
    return number == 0
        ? Optional.empty()
        : Optional.of(new Party(number, "principal " + number, Party.Kind.UNKNOWN, "", ""));
  }

  String name(long number) {
    return party(number).map(Party::name).orElse("nobody");
  }

  private static String name(RecordedEvent.Principal principal) {
    for (String claim : NAME_CLAIMS) {
      for (RecordedEvent.Claim each : principal.claims()) {
        if (each.name().equals(claim) && !each.value().isEmpty()) {
          return each.value();
        }
      }
    }
    return principal.subject().isEmpty() ? "principal " + principal.no() : principal.subject();
  }

  private static Party.Kind kind(RecordedEvent.PrincipalKind kind) {
    return switch (kind) {
      case UNSET -> Party.Kind.UNKNOWN;
      case HUMAN -> Party.Kind.HUMAN;
      case AGENT -> Party.Kind.AGENT;
      case SERVICE -> Party.Kind.SERVICE;
      case GATEWAY -> Party.Kind.GATEWAY;
    };
  }

  /// On whose behalf a credential acts.
  Optional<Party> subject(long credential, long principal) {
    RecordedEvent.Credential known = credentials.get(credential);
    return known != null && known.subject() != 0 ? party(known.subject()) : party(principal);
  }

  /// From the one next to the subject to the one that acts now.
  List<Party> actors(long credential) {
    List<Long> numbers = new ArrayList<>();
    collect(credential, numbers, new HashSet<>());
    RecordedEvent.Credential known = credentials.get(credential);
    long subject = known == null ? 0 : known.subject();
    List<Party> actors = new ArrayList<>();
    for (long number : numbers) {
      if (number != subject
          && actors.stream().noneMatch(each -> each.number() == number)
          && actors.size() < CHAIN_MAX) {
        party(number).ifPresent(actors::add);
      }
    }
    return actors;
  }

  private void collect(long number, List<Long> into, Set<Long> seen) {
    RecordedEvent.Credential credential = credentials.get(number);
    if (credential == null || !seen.add(number) || seen.size() > CHAIN_MAX) {
      return;
    }
    collect(credential.parentNo(), into, seen);
    into.addAll(credential.declaredChain().reversed()); // outermost first in the token
    if (credential.actor() != 0) {
      into.add(credential.actor());
    }
  }

  Optional<CredentialCard> credential(long number) {
    RecordedEvent.Credential known = credentials.get(number);
    return known == null
        ? Optional.empty()
        : Optional.of(
            new CredentialCard(
                number,
                known.kind(),
                known
                    .tokenSha256()
                    .toHex()
                    .substring(0, Math.min(16, 2 * known.tokenSha256().length())),
                known.parentNo(),
                known.lineage() == RecordedEvent.Lineage.UNSET
                    ? ""
                    : known.lineage().name().toLowerCase(Locale.ROOT),
                instant(known.issued()),
                instant(known.expires()),
                known.scope()));
  }

  /// A credential's name on screen.
  String label(long number) {
    return credential(number).map(CredentialCard::label).orElse("c-" + number);
  }

  /// Who acts with a credential.
  String holder(long number) {
    RecordedEvent.Credential known = credentials.get(number);
    return known == null ? "nobody" : name(known.actor());
  }

  private static Optional<Instant> instant(long micros) {
    return micros == 0 ? Optional.empty() : Optional.of(Instants.of(micros));
  }
}
