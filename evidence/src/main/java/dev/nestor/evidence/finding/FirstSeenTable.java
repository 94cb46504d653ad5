package dev.nestor.evidence.finding;

import dev.nestor.evidence.archive.Party;
import dev.nestor.evidence.archive.SessionCard;
import dev.nestor.evidence.archive.StatementFact;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// A caller reached a relation for the first time, after it had done enough for one to know what it
/// usually does. "First" means first in the evidence that was looked at.
public final class FirstSeenTable implements FindingRule {
  private static final int CALLERS_MAX = 100_000;
  private static final int FOUND_MAX = 1_000;

  private static final class Caller {
    private final Set<String> relations = new HashSet<>();
    private long statements;
  }

  private final long settledAfter;
  private final Map<String, Caller> callers = new HashMap<>();
  private final List<Finding> found = new ArrayList<>();

  /// @param settledAfter statements of a caller after which a new relation is worth a word
  public FirstSeenTable(long settledAfter) {
    this.settledAfter = settledAfter;
  }

  @Override
  public void see(Path archive, String archiveId, SessionCard session, StatementFact statement) {
    String name = session.current().map(Party::name).orElse("");
    if (name.isEmpty() || (callers.size() >= CALLERS_MAX && !callers.containsKey(name))) {
      return;
    }
    Caller caller = callers.computeIfAbsent(name, _ -> new Caller());
    caller.statements++;
    for (String relation : statement.relations()) {
      if (BulkRead.isSystem(relation)
          || !caller.relations.add(relation)
          || caller.statements <= settledAfter
          || found.size() >= FOUND_MAX) {
        continue;
      }
      found.add(
          new Finding(
              "first-seen-table",
              Severity.LOW,
              "%s reached %s for the first time".formatted(name, relation),
              List.of(
                  "%d statements of %s before it touched other relations only."
                      .formatted(caller.statements - 1, name),
                  "First means: first in the archives that were looked at."),
              session.credential().map(each -> each.label()).orElse(""),
              name,
              session.subject().map(Party::name).orElse(""),
              statement.at(),
              List.of(StatementRef.of(archive, archiveId, statement)),
              1,
              true,
              name + "/" + relation));
    }
  }

  @Override
  public List<Finding> findings() {
    return List.copyOf(found);
  }
}
