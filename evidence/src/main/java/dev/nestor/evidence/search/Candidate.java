package dev.nestor.evidence.search;

import dev.nestor.evidence.archive.Party;
import dev.nestor.evidence.archive.SessionCard;
import dev.nestor.evidence.archive.StatementFact;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;

/// A statement with everything that a query may ask of it.
///
/// @param fullText its text with constants, read when it is asked for; empty if it was not kept
record Candidate(
    Path archive,
    String archiveId,
    SessionCard session,
    StatementFact fact,
    Supplier<String> fullText) {
  /// Names from the subject to the one that acts now.
  List<String> chain() {
    return SearchHits.chain(session);
  }

  /// The actors alone, the current one first; the subject where nobody acts for it.
  List<String> actors() {
    return session.actors().isEmpty()
        ? session.subject().map(each -> List.of(each.name())).orElse(List.of())
        : session.actors().reversed().stream().map(Party::name).toList();
  }
}
