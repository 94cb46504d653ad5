package dev.nestor.evidence.archive;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// One session, refused ones too.
///
/// @param number in the archive, from 1
/// @param subject on whose behalf; absent if unknown
/// @param actors from the one next to the subject to the one that acts now; empty if the subject
///   acted directly
/// @param ended absent while it runs, or if its end was not recorded
/// @param end how it ended, in words; empty if it has not
/// @param refusal reason code of a refused login; empty if it was let in
public record SessionCard(
    long number,
    String database,
    String role,
    Optional<Party> subject,
    List<Party> actors,
    Optional<CredentialCard> credential,
    String application,
    String client,
    Instant started,
    Optional<Instant> ended,
    String end,
    String refusal,
    long firstFrame,
    long frames,
    long statements,
    DecisionCounts decisions,
    long rows,
    long bytesOut) {
  public SessionCard {
    actors = List.copyOf(actors);
  }

  /// Who acts now: the last actor, else the subject.
  public Optional<Party> current() {
    return actors.isEmpty() ? subject : Optional.of(actors.getLast());
  }
}
