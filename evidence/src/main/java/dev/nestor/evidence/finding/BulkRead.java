package dev.nestor.evidence.finding;

import dev.nestor.evidence.archive.DecisionKind;
import dev.nestor.evidence.archive.Party;
import dev.nestor.evidence.archive.SessionCard;
import dev.nestor.evidence.archive.StatementFact;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Many rows of one relation in one session: more than a task needs. Rows with labelled columns
/// that were not masked weigh more.
public final class BulkRead implements FindingRule {
  private static final int KEYS_MAX = 200_000;

  private record Key(Path archive, long session, String relation) {}

  private static final class Sum {
    private final SessionCard session;
    private final List<StatementRef> statements = new ArrayList<>();
    private long count;
    private long rows;
    private long clearRows;

    Sum(SessionCard session) {
      this.session = session;
    }
  }

  private final long rowsMax;
  private final Map<Key, Sum> sums = new LinkedHashMap<>();

  /// @param rowsMax so many rows of a relation in a session are still ordinary
  public BulkRead(long rowsMax) {
    this.rowsMax = rowsMax;
  }

  @Override
  public void see(Path archive, String archiveId, SessionCard session, StatementFact statement) {
    if (!statement.succeeded()
        || statement.rows().orElse(0) == 0
        || !statement.writes().isEmpty()
        || statement.reads().isEmpty()) {
      return;
    }
    for (String relation : statement.reads()) {
      if (isSystem(relation)) {
        continue;
      }
      Key key = new Key(archive, session.number(), relation);
      Sum sum = sums.get(key);
      if (sum == null) {
        if (sums.size() >= KEYS_MAX) {
          continue;
        }
        sum = new Sum(session);
        sums.put(key, sum);
      }
      sum.rows += statement.rows().orElse(0);
      sum.count++;
      if (!statement.labels().isEmpty() && statement.decision() != DecisionKind.MASK) {
        sum.clearRows += statement.rows().orElse(0);
      }
      if (sum.statements.size() < Finding.STATEMENTS_MAX) {
        sum.statements.add(StatementRef.of(archive, archiveId, statement));
      }
    }
  }

  static boolean isSystem(String relation) {
    return relation.startsWith("pg_catalog.") || relation.startsWith("information_schema.");
  }

  @Override
  public List<Finding> findings() {
    List<Finding> findings = new ArrayList<>();
    sums.forEach((key, sum) -> {
      if (sum.rows <= rowsMax) {
        return;
      }
      List<String> why = new ArrayList<>();
      why.add(
          String.format(
              Locale.ROOT,
              "%,d rows of %s in %,d statements of session %d; up to %,d are ordinary.",
              sum.rows,
              key.relation(),
              sum.count,
              key.session(),
              rowsMax));
      if (sum.clearRows > 0) {
        why.add(
            String.format(
                Locale.ROOT,
                "%,d of them came from statements that read labelled columns and were not masked.",
                sum.clearRows));
      }
      findings.add(
          new Finding(
              "bulk-read",
              sum.clearRows > 0 ? Severity.HIGH : Severity.MEDIUM,
              String.format(
                  Locale.ROOT, "Read %,d rows of %s in one session", sum.rows, key.relation()),
              why,
              sum.session.credential().map(each -> each.label()).orElse(""),
              sum.session.current().map(Party::name).orElse(""),
              sum.session.subject().map(Party::name).orElse(""),
              sum.statements.getLast().at(),
              sum.statements,
              sum.count,
              true,
              sum.statements.getFirst().citation() + "/" + key.relation()));
    });
    return findings;
  }
}
