package dev.nestor.evidence.finding;

import dev.nestor.evidence.archive.DecisionKind;
import dev.nestor.evidence.archive.Party;
import dev.nestor.evidence.archive.SessionCard;
import dev.nestor.evidence.archive.StatementFact;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// A statement was blocked, and soon the same session asked for the same relation in other words
/// and was let through: either the block taught somebody the way around it, or the rule is too
/// wide.
public final class BlockedThenRephrased implements FindingRule {
  private static final int STATEMENTS_BETWEEN = 20;
  private static final Duration WITHIN = Duration.ofMinutes(10);
  private static final int SESSIONS_MAX = 100_000;

  private record Blocked(StatementFact fact, StatementRef ref) {}

  private final Map<String, Blocked> lastBlocked = new HashMap<>();
  private final List<Finding> found = new ArrayList<>();

  @Override
  public void see(Path archive, String archiveId, SessionCard session, StatementFact statement) {
    String key = archive + "#" + session.number();
    if (statement.decision() == DecisionKind.BLOCK) {
      if (statement.factsKnown() && lastBlocked.size() < SESSIONS_MAX) {
        lastBlocked.put(
            key, new Blocked(statement, StatementRef.of(archive, archiveId, statement)));
      }
      return;
    }
    Blocked before = lastBlocked.get(key);
    if (before == null || !statement.succeeded()) {
      return;
    }
    if (statement.statement() - before.fact().statement() > STATEMENTS_BETWEEN
        || Duration.between(before.fact().at(), statement.at()).compareTo(WITHIN) > 0) {
      lastBlocked.remove(key);
      return;
    }
    List<String> same = new ArrayList<>(before.fact().relations());
    same.retainAll(statement.relations());
    same.removeIf(BulkRead::isSystem);
    boolean alike =
        before.fact().verb().equals(statement.verb())
            || (before.fact().writes().isEmpty() && statement.writes().isEmpty());
    if (same.isEmpty()
        || !alike // another thing, not the same in other words
        || before.fact().template().equals(statement.template())) {
      return;
    }
    lastBlocked.remove(key);
    found.add(
        new Finding(
            "blocked-then-rephrased",
            Severity.MEDIUM,
            "Blocked on %s, then let through in other words".formatted(String.join(", ", same)),
            List.of(
                "Statement %d was blocked by %s."
                    .formatted(
                        before.fact().statement(),
                        before.fact().rules().isEmpty()
                            ? "the default"
                            : "rule " + before.fact().rules().getFirst()),
                "Statement %d of the same session reached %s %s later and ran."
                    .formatted(
                        statement.statement(),
                        String.join(", ", same),
                        words(Duration.between(before.fact().at(), statement.at())))),
            session.credential().map(each -> each.label()).orElse(""),
            session.current().map(Party::name).orElse(""),
            session.subject().map(Party::name).orElse(""),
            statement.at(),
            List.of(before.ref(), StatementRef.of(archive, archiveId, statement)),
            2,
            true,
            before.ref().citation()));
  }

  private static String words(Duration length) {
    return length.toSeconds() > 0 ? length.toSeconds() + " s" : length.toMillis() + " ms";
  }

  @Override
  public List<Finding> findings() {
    return List.copyOf(found);
  }
}
