package dev.nestor.evidence.finding;

import dev.nestor.evidence.archive.DecisionKind;
import dev.nestor.evidence.archive.StatementFact;
import java.nio.file.Path;
import java.time.Instant;

/// A statement that a finding rests on, with the way back to it.
///
/// @param archive file that has it
/// @param archiveId identity of that archive, without dashes
/// @param text its template in one line, at most 200 characters
public record StatementRef(
    Path archive,
    String archiveId,
    long session,
    long statement,
    long frame,
    Instant at,
    DecisionKind decision,
    String text) {
  private static final int TEXT_MAX = 200;

  /// Of a statement.
  public static StatementRef of(Path archive, String archiveId, StatementFact fact) {
    String line = fact.template().replaceAll("\\s+", " ").strip();
    return new StatementRef(
        archive,
        archiveId.replace("-", ""),
        fact.session(),
        fact.statement(),
        fact.frame(),
        fact.at(),
        fact.decision(),
        line.length() <= TEXT_MAX ? line : line.substring(0, TEXT_MAX - 1) + "…");
  }

  /// The address that people cite.
  public String citation() {
    return "pgrec:%s/s/%d/f/%d".formatted(archiveId, session, frame);
  }
}
