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
    return new StatementRef(
        archive,
        archiveId.replace("-", ""),
        fact.session(),
        fact.statement(),
        fact.frame(),
        fact.at(),
        fact.decision(),
        oneLine(fact.template()));
  }

  /// Written by hand: a survey asks for it once for each of millions of statements.
  private static String oneLine(String text) {
    StringBuilder line = new StringBuilder(Math.min(text.length(), TEXT_MAX) + 1);
    boolean space = false;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == ' ' || (c >= '\t' && c <= '\r')) {
        space = true;
        continue;
      }
      if (space && !line.isEmpty() && !isGlued(line.charAt(line.length() - 1), c)) {
        line.append(' ');
      }
      space = false;
      line.append(c);
      if (line.length() > TEXT_MAX) {
        return line.substring(0, TEXT_MAX - 1) + "…";
      }
    }
    return line.toString();
  }

  /// Whether people write nothing between two characters; a template has a blank between all
  /// tokens.
  private static boolean isGlued(char before, char after) {
    return before == '(' || before == '.' || after == ')' || after == ',' || after == '.';
  }

  /// The address that people cite.
  public String citation() {
    return citation(archiveId, session, frame);
  }

  /// The address of a frame.
  ///
  /// @param archiveId without dashes
  public static String citation(String archiveId, long session, long frame) {
    return "pgrec:%s/s/%d/f/%d".formatted(archiveId, session, frame);
  }
}
