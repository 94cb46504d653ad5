package dev.nestor.samples;

import dev.nestor.evidence.archive.DecisionCounts;
import dev.nestor.evidence.archive.DecisionKind;
import dev.nestor.evidence.archive.EvidenceArchive;
import dev.nestor.evidence.archive.Party;
import dev.nestor.evidence.archive.ReplayRow;
import dev.nestor.evidence.archive.SessionCard;
import dev.nestor.evidence.archive.SessionReplay;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/// What an archive says of a story.
///
/// @param sessions all of them, refused ones too
/// @param statements all of them, in the order of their sessions
/// @param frames in the archive
/// @param budgetsUsedUp how often a statement was stopped because of a budget
/// @param events of no session, as sentences
record Recorded(
    List<SessionCard> sessions,
    List<Line> statements,
    long frames,
    long budgetsUsedUp,
    List<String> events) {

  /// Statements that the server ran to their end, or until a budget stopped them: its own log must
  /// have a line for each.
  long ranOnServer() {
    return budgetsUsedUp
        + statements.stream().filter(line -> ServerLog.ranOnServer(line.row())).count();
  }

  /// Statements in whose place the gateway made the server raise an error.
  long raisedOnServer() {
    return statements.stream()
            .filter(line -> line.row().outcome() == ReplayRow.Outcome.ERROR)
            .filter(line ->
                line.row().decision() == DecisionKind.BLOCK
                    || line.row().decision() == DecisionKind.HOLD)
            .count()
        - budgetsUsedUp;
  }

  /// Statements in flight when their session was killed: they may have reached the server or not.
  long inFlightAtKill() {
    return statements.stream()
        .filter(line -> line.row().decision() == DecisionKind.KILL)
        .filter(line -> line.row().outcome() == ReplayRow.Outcome.NO_ANSWER)
        .count();
  }

  /// One statement.
  ///
  /// @param name of whoever acted
  record Line(String name, ReplayRow.Statement row) {}

  static Recorded of(EvidenceArchive archive) throws IOException {
    List<Line> lines = new ArrayList<>();
    long budgets = 0;
    for (SessionCard session : archive.sessions()) {
      SessionReplay replay = archive.replay(session.number());
      for (long position = 0; position < replay.size(); position++) {
        switch (replay.row(position)) {
          case ReplayRow.Statement row -> lines.add(new Line(name(session), row));
          case ReplayRow.Event event ->
              budgets += event.kind() == ReplayRow.EventKind.BUDGET ? 1 : 0;
          default -> {}
        }
      }
    }
    return new Recorded(
        archive.sessions(),
        List.copyOf(lines),
        archive.card().frames(),
        budgets,
        archive.eventsOfNoSession().stream().map(ReplayRow.Event::text).toList());
  }

  static String name(SessionCard session) {
    return session.current().map(Party::name).orElse("");
  }

  DecisionCounts decisions() {
    DecisionCounts counts = DecisionCounts.NONE;
    for (Line line : statements) {
      counts = counts.plusOne(line.row().decision());
    }
    return counts;
  }

  /// Subjects of the sessions that were let in.
  Set<String> subjects() {
    return sessions.stream()
        .filter(session -> session.refusal().isEmpty())
        .map(Recorded::name)
        .collect(Collectors.toSet());
  }

  /// How many statements whose text contains this, by this caller, got this decision.
  long count(String name, String text, DecisionKind decision) {
    return statements.stream()
        .filter(line ->
            line.name().equals(name)
                && line.row().decision() == decision
                && line.row().sql().toLowerCase(java.util.Locale.ROOT).contains(text))
        .count();
  }

  /// Whether a session of somebody was let in and ended like this.
  boolean ended(String name, String how) {
    return sessions.stream()
        .anyMatch(session ->
            name(session).equals(name)
                && session.refusal().isEmpty()
                && session.end().contains(how));
  }

  /// Who acts in the first session of somebody, from the one next to the subject on.
  List<String> actors(String name) {
    return sessions.stream()
        .filter(session -> name(session).equals(name))
        .findFirst()
        .map(session -> session.actors().stream().map(Party::name).toList())
        .orElse(List.of());
  }

  /// How many log-ins were refused for this reason.
  long refused(String reason) {
    return sessions.stream().filter(session -> session.refusal().equals(reason)).count();
  }
}
