package dev.nestor.evidence.credential;

import dev.nestor.evidence.archive.ArchiveCard;
import dev.nestor.evidence.archive.CredentialFact;
import dev.nestor.evidence.archive.DecisionCounts;
import dev.nestor.evidence.archive.DecisionKind;
import dev.nestor.evidence.archive.Entitlements;
import dev.nestor.evidence.archive.RecordedFinding;
import dev.nestor.evidence.archive.SessionCard;
import dev.nestor.evidence.archive.StatementFact;
import dev.nestor.evidence.archive.Trail;
import dev.nestor.evidence.finding.StatementRef;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// Adds up what was done with each credential. Fed archive by archive: first the trail, then every
/// statement. Belongs to one thread.
public final class CredentialLedger {
  private static final int RECENT_MAX = 50;
  private static final int EXCEPTIONS_MAX = 100;
  private static final int TICKS_MAX = 300;
  private static final int NAMES_MAX = 500;
  private static final int TEMPLATES_MAX = 1_000;
  private static final int INFERRED_MAX = 64;

  private static final class Entry {
    private final String key;
    private final String archiveId;
    private CredentialFact credential;
    private String parent = "";
    private long sessions;
    private final Map<String, Long> refusals = new TreeMap<>();
    private DecisionCounts decisions = DecisionCounts.NONE;
    private long statements;
    private long rows;
    private Optional<Instant> firstUse = Optional.empty();
    private Optional<Instant> lastSuccess = Optional.empty();
    private Optional<Instant> lastAttempt = Optional.empty();
    private final Map<String, Touch> touches = new LinkedHashMap<>();
    private final List<StatementRef> exceptions = new ArrayList<>();
    private final List<Instant> ticks = new ArrayList<>();
    private final Set<String> verbs = new TreeSet<>();
    private final Set<String> clients = new LinkedHashSet<>();
    private final List<String> inferred = new ArrayList<>();
    private final Deque<StatementRef> recent = new ArrayDeque<>();
    private final AfterEndTally afterEnd = new AfterEndTally();
    private final AfterEndTally cached = new AfterEndTally();
    private final GrantTally grants = new GrantTally();
    private final Map<String, Long> blocked = new HashMap<>();

    Entry(String key, String archiveId, CredentialFact credential) {
      this.key = key;
      this.archiveId = archiveId;
      this.credential = credential;
    }
  }

  private final Map<String, Entry> entries = new LinkedHashMap<>();
  private final List<ArchiveCard> cards = new ArrayList<>();
  private Map<Long, Entry> here = Map.of();
  private Map<Long, String> clients = Map.of();
  private Map<Long, Instant> begun = Map.of();
  private List<Entitlements> entitlements = List.of();
  private String archiveId = "";
  private Path archive = Path.of("");

  /// Begins an archive.
  public void archive(ArchiveCard card, List<SessionCard> sessions, Trail trail) {
    cards.add(card);
    archiveId = card.id().replace("-", "");
    archive = card.path();
    clients = trail.clients();
    Map<Long, Entry> numbered = new HashMap<>();
    for (CredentialFact each : trail.credentials()) {
      String key =
          each.tokenSha256().isEmpty() ? archiveId + "#" + each.number() : each.tokenSha256();
      Entry entry = entries.computeIfAbsent(key, k -> new Entry(k, archiveId, each));
      if (entry.credential.changes().isEmpty() && !each.changes().isEmpty()) {
        entry.credential = each;
      }
      numbered.put(each.number(), entry);
    }
    for (CredentialFact each : trail.credentials()) {
      Entry parent = numbered.get(each.parent());
      Entry entry = numbered.get(each.number());
      if (parent != null && entry != null && entry.parent.isEmpty()) {
        entry.parent = parent.key;
      }
    }
    here = numbered;
    entitlements = trail.entitlements();
    begun = new HashMap<>();
    sessions.forEach(this::session);
    trail.findings().stream()
        .filter(each -> each.rule().equals(RecordedFinding.INFERRED_CHILD))
        .forEach(this::inferred);
  }

  private void inferred(RecordedFinding finding) {
    Entry entry = here.get(finding.credential());
    if (entry != null && entry.inferred.size() < INFERRED_MAX) {
      entry.inferred.add(
          "session %d%s, beside session %d"
              .formatted(
                  finding.session(),
                  finding.about().isEmpty() ? "" : ", " + finding.about(),
                  finding.besideSession()));
    }
  }

  private void session(SessionCard session) {
    Entry entry = session.credential().map(each -> here.get(each.number())).orElse(null);
    if (entry == null) {
      return;
    }
    if (session.refusal().isEmpty()) {
      entry.sessions++;
      begun.put(session.number(), session.started());
      entry.grants.session(session, entitlements);
    } else {
      entry.refusals.merge(session.refusal(), 1L, Long::sum);
      entry.lastAttempt = later(entry.lastAttempt, session.started());
    }
    String client = clients.get(session.number());
    if (client != null && entry.clients.size() < NAMES_MAX) {
      entry.clients.add(client);
    }
  }

  /// A statement of the archive that was begun.
  public void statement(StatementFact fact) {
    Entry entry = here.get(fact.credential());
    if (entry == null) {
      return;
    }
    entry.statements++;
    entry.decisions = entry.decisions.plusOne(fact.decision());
    entry.lastAttempt = later(entry.lastAttempt, fact.at());
    if (entry.firstUse.isEmpty()) {
      entry.firstUse = Optional.of(fact.at());
    }
    StatementRef ref = StatementRef.of(archive, archiveId, fact);
    if (fact.succeeded()) {
      entry.lastSuccess = later(entry.lastSuccess, fact.at());
      entry.rows += fact.rows().orElse(0);
      if (entry.verbs.size() < NAMES_MAX && !fact.verb().isEmpty()) {
        entry.verbs.add(fact.verb());
      }
    } else if (fact.decision() == DecisionKind.BLOCK && entry.blocked.size() < TEMPLATES_MAX) {
      entry.blocked.merge(fact.template(), 1L, Long::sum);
    }
    touch(entry, fact);
    if (fact.decision().isException() && entry.exceptions.size() < EXCEPTIONS_MAX) {
      entry.exceptions.add(ref);
    }
    if (entry.ticks.size() < TICKS_MAX) {
      entry.ticks.add(fact.at());
    }
    entry.recent.addLast(ref);
    if (entry.recent.size() > RECENT_MAX) {
      entry.recent.removeFirst();
    }
    entry.grants.statement(fact);
    Optional<Instant> end = entry.credential.ended().filter(at -> fact.at().isAfter(at));
    if (end.isPresent()) {
      boolean wentOn =
          fact.succeeded()
              && !entry.credential.endedByItself()
              && begun.getOrDefault(fact.session(), Instant.MAX).isBefore(end.get());
      (wentOn ? entry.cached : entry.afterEnd).add(ref, fact.succeeded());
    }
  }

  private static void touch(Entry entry, StatementFact fact) {
    List<String> relations = fact.relations().isEmpty() ? List.of("") : fact.relations();
    for (String relation : relations) {
      String key = relation + " " + fact.verb();
      if (entry.touches.size() >= NAMES_MAX && !entry.touches.containsKey(key)) {
        continue;
      }
      long rows = fact.succeeded() ? fact.rows().orElse(0) : 0;
      boolean clear = !fact.labels().isEmpty() && fact.decision() != DecisionKind.MASK;
      entry.touches.merge(
          key,
          new Touch(
              relation,
              fact.verb(),
              1,
              rows,
              Set.copyOf(fact.labels()),
              DecisionCounts.NONE.plusOne(fact.decision()),
              clear ? rows : 0),
          Touch::plus);
    }
  }

  private static Optional<Instant> later(Optional<Instant> known, Instant at) {
    return known.filter(each -> each.isAfter(at)).or(() -> Optional.of(at));
  }

  /// What the archives cover together.
  public Coverage coverage() {
    return Coverage.of(cards);
  }

  /// The credentials, in the order in which they were met.
  public List<CredentialUse> uses() {
    return entries.values().stream().map(CredentialLedger::use).toList();
  }

  private static CredentialUse use(Entry entry) {
    return new CredentialUse(
        entry.key,
        entry.archiveId,
        entry.credential,
        entry.parent,
        entry.sessions,
        Map.copyOf(entry.refusals),
        entry.statements,
        entry.decisions,
        entry.rows,
        entry.firstUse,
        entry.lastSuccess,
        entry.lastAttempt,
        List.copyOf(entry.touches.values()),
        Set.copyOf(entry.verbs),
        Set.copyOf(entry.clients),
        List.copyOf(entry.inferred),
        List.copyOf(entry.recent),
        List.copyOf(entry.exceptions),
        List.copyOf(entry.ticks),
        entry.afterEnd.total(),
        entry.cached.total(),
        entry.grants.total(),
        entry.blocked.values().stream().mapToLong(Long::longValue).max().orElse(0));
  }
}
