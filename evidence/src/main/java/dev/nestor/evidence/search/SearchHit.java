package dev.nestor.evidence.search;

import dev.nestor.evidence.archive.SessionCard;
import dev.nestor.evidence.archive.StatementFact;
import dev.nestor.evidence.finding.StatementRef;
import java.util.List;

/// A statement that matches.
///
/// @param ref the way back to it
/// @param chain names from the subject to the one that acts
/// @param text its text in one line, with constants where it was kept
public record SearchHit(
    StatementRef ref, SessionCard session, StatementFact fact, List<String> chain, String text) {
  public SearchHit {
    chain = List.copyOf(chain);
  }
}
