package dev.nestor.evidence.credential;

import dev.nestor.evidence.archive.CredentialFact;
import dev.nestor.evidence.archive.Party;
import dev.nestor.evidence.finding.Finding;
import dev.nestor.evidence.finding.Severity;
import dev.nestor.evidence.finding.StatementRef;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The rules for credentials that should no longer be, or should never have been.
public final class StaleCredentials {
  /// Names of the rules.
  public static final Set<String> RULES =
      Set.of(
          "used-after-revocation",
          "used-after-end",
          "cached-after-revocation",
          "outlives-parent",
          "lifetime-over-limit",
          "not-observed",
          "never-used",
          "unused",
          "many-places",
          "outside-schedule",
          "over-privileged",
          "retried-after-block",
          "no-owner",
          "inactive-subject",
          "presented-after-end");

  private static final Set<String> READING =
      Set.of("select", "show", "begin", "commit", "rollback");

  private final HygieneRules rules;
  private final Coverage coverage;
  private final Instant asOf;
  private final Map<String, CredentialUse> byKey = new HashMap<>();
  private final List<CredentialUse> uses;

  /// @param asOf the moment at which "unused since" is counted; the end of the evidence, mostly
  public StaleCredentials(
      HygieneRules rules, Coverage coverage, Instant asOf, List<CredentialUse> uses) {
    this.rules = rules;
    this.coverage = coverage;
    this.asOf = asOf;
    this.uses = List.copyOf(uses);
    uses.forEach(each -> byKey.put(each.key(), each));
  }

  /// The most severe first.
  public List<Finding> findings() {
    List<Finding> all = new ArrayList<>();
    for (CredentialUse use : uses) {
      usedAfterEnd(use).ifPresent(all::add);
      cached(use).ifPresent(all::add);
      outlivesParent(use).ifPresent(all::add);
      lifetime(use).ifPresent(all::add);
      unused(use).ifPresent(all::add);
      places(use).ifPresent(all::add);
      schedule(use).ifPresent(all::add);
      privileges(use).ifPresent(all::add);
      retried(use).ifPresent(all::add);
      owner(use).ifPresent(all::add);
      inactiveSubject(use).ifPresent(all::add);
      refused(use).ifPresent(all::add);
    }
    all.sort(
        Comparator.comparing(Finding::severity)
            .reversed()
            .thenComparing(Finding::rule)
            .thenComparing(Finding::credential));
    return all;
  }

  static Finding finding(
      CredentialUse use,
      String rule,
      Severity severity,
      String reason,
      List<String> why,
      Instant at,
      List<StatementRef> statements,
      long count,
      boolean observed) {
    return new Finding(
        rule,
        severity,
        reason,
        why,
        use.credential().label(),
        use.holder(),
        use.subject(),
        at,
        statements,
        count,
        observed,
        use.key());
  }

  static String words(Duration length) {
    if (length.toDays() >= 2) {
      return length.toDays() + " days";
    }
    if (length.toMinutes() >= 120) {
      return length.toHours() + " h";
    }
    if (length.toMinutes() >= 2) {
      return length.toMinutes() + " min";
    }
    return length.toSeconds() >= 1 ? length.toSeconds() + " s" : length.toMillis() + " ms";
  }

  static String time(Instant at) {
    return at.truncatedTo(ChronoUnit.MILLIS).toString().replace('T', ' ').replace("Z", " UTC");
  }

  private Optional<Finding> usedAfterEnd(CredentialUse use) {
    Optional<Instant> ended = use.credential().ended();
    AfterEnd after = use.afterEnd();
    if (ended.isEmpty() || after.count() == 0) {
      return Optional.empty();
    }
    boolean byRevocation = revocation(use).isPresent();
    StatementRef first = after.statements().getFirst();
    return Optional.of(
        finding(
            use,
            byRevocation ? "used-after-revocation" : "used-after-end",
            after.ran() > 0 ? Severity.CRITICAL : Severity.HIGH,
            "%s %s after %s"
                .formatted(
                    after.ran() > 0 ? "Used" : "Tried",
                    words(Duration.between(ended.get(), after.last().orElse(first.at()))),
                    byRevocation ? "revocation" : "its end"),
            List.of(
                revocation(use)
                    .map(StaleCredentials::revoked)
                    .orElse("Good until %s.".formatted(time(ended.get()))),
                "%d of %d statements after that ran; the first is frame %,d at %s."
                    .formatted(after.ran(), after.count(), first.frame(), time(first.at()))),
            first.at(),
            after.statements(),
            after.count(),
            true));
  }

  /// Somebody went on with what was known of the credential before: a session that was open when it
  /// was revoked, and whose statements still ran. The credential itself was not presented again.
  private Optional<Finding> cached(CredentialUse use) {
    Optional<Instant> ended = use.credential().ended();
    AfterEnd cached = use.cached();
    if (ended.isEmpty() || cached.count() == 0) {
      return Optional.empty();
    }
    StatementRef first = cached.statements().getFirst();
    List<Long> sessions =
        cached.statements().stream().map(StatementRef::session).distinct().limit(8).toList();
    String numbers =
        sessions.stream().map(String::valueOf).collect(java.util.stream.Collectors.joining(", "));
    return Optional.of(
        finding(
            use,
            "cached-after-revocation",
            Severity.CRITICAL,
            "Answered %s after %s by a session opened before"
                .formatted(
                    words(Duration.between(ended.get(), cached.last().orElse(first.at()))),
                    revocation(use).isPresent() ? "revocation" : "its parent's end"),
            List.of(
                revocation(use)
                    .map(StaleCredentials::revoked)
                    .orElse("Its parent ended %s.".formatted(time(ended.get()))),
                "Session%s %s had been opened before and went on: %d statements ran, the first is"
                        .formatted(sessions.size() == 1 ? "" : "s", numbers, cached.count())
                    + " frame %,d at %s.".formatted(first.frame(), time(first.at())),
                "The credential was not presented again: what was known of it was kept."),
            first.at(),
            cached.statements(),
            cached.count(),
            true));
  }

  /// The revocation, where it is what ended the credential.
  private static Optional<CredentialFact.Change> revocation(CredentialUse use) {
    return use.credential()
        .revoked()
        .filter(each -> Optional.of(each.effective()).equals(use.credential().ended()));
  }

  private static String revoked(CredentialFact.Change change) {
    return "Revoked %s%s%s."
        .formatted(
            time(change.effective()),
            change.by().isEmpty() ? "" : " by " + change.by(),
            change.ticket().isEmpty()
                ? change.reason().isEmpty() ? "" : " (" + change.reason() + ")"
                : " (ticket " + change.ticket() + ")");
  }

  private Optional<Finding> outlivesParent(CredentialUse use) {
    CredentialUse parent = byKey.get(use.parent());
    if (parent == null) {
      return Optional.empty();
    }
    Optional<Instant> parentEnd = parent.credential().ended();
    Optional<Instant> end = use.credential().ended();
    if (parentEnd.isEmpty() || end.filter(each -> !each.isAfter(parentEnd.get())).isPresent()) {
      return Optional.empty();
    }
    List<StatementRef> after =
        use.recent().stream().filter(each -> each.at().isAfter(parentEnd.get())).toList();
    List<String> why = new ArrayList<>();
    why.add(
        "Its parent %s (%s) ended %s."
            .formatted(parent.credential().label(), parent.holder(), time(parentEnd.get())));
    why.add(
        end.map(each -> "It is good until %s.".formatted(time(each)))
            .orElse("It has no end of its own."));
    if (!after.isEmpty()) {
      why.add("%d of its last statements came after its parent's end.".formatted(after.size()));
    }
    return Optional.of(
        finding(
            use,
            "outlives-parent",
            after.isEmpty() ? Severity.MEDIUM : Severity.HIGH,
            end.map(each ->
                    "Outlives parent %s by %s"
                        .formatted(
                            parent.credential().label(),
                            words(Duration.between(parentEnd.get(), each))))
                .orElse("Outlives parent %s without end".formatted(parent.credential().label())),
            why,
            parentEnd.get(),
            after,
            after.size(),
            true));
  }

  private Optional<Finding> lifetime(CredentialUse use) {
    CredentialFact credential = use.credential();
    if (credential.issued().isEmpty()) {
      return Optional.empty();
    }
    Instant issued = credential.issued().get();
    if (credential.expires().isEmpty()) {
      return Optional.of(
          finding(
              use,
              "lifetime-over-limit",
              Severity.HIGH,
              "Never expires; %s old".formatted(words(Duration.between(issued, asOf))),
              List.of("Issued %s without an end.".formatted(time(issued))),
              issued,
              List.of(),
              0,
              true));
    }
    Duration lifetime = Duration.between(issued, credential.expires().get());
    if (lifetime.compareTo(rules.lifetimeMax()) <= 0) {
      return Optional.empty();
    }
    return Optional.of(
        finding(
            use,
            "lifetime-over-limit",
            Severity.MEDIUM,
            "Good for %s (limit %s)".formatted(words(lifetime), words(rules.lifetimeMax())),
            List.of(
                "Issued %s, expires %s.".formatted(time(issued), time(credential.expires().get()))),
            issued,
            List.of(),
            0,
            true));
  }

  private Optional<Finding> unused(CredentialUse use) {
    Instant from =
        use.lastSuccess()
            .or(() -> use.credential().issued())
            .filter(each -> each.isAfter(coverage.from()))
            .orElse(coverage.from());
    Observation looked = Observation.of(use, from, coverage, asOf);
    Duration unused = looked.length();
    boolean never = use.lastSuccess().isEmpty();
    if (unused.isNegative() || unused.isZero()) {
      return Optional.empty();
    }
    boolean ended = use.credential().ended().filter(each -> !each.isAfter(asOf)).isPresent();
    if (never ? ended && use.statements() > 0 : ended || unused.compareTo(rules.unusedFor()) < 0) {
      return Optional.empty();
    }
    boolean observed = looked.isEnough(rules);
    String since = words(unused);
    String says =
        !observed
            ? "Use not observed: " + looked.shortfall(rules)
            : never
                ? "Never used in %s".formatted(since)
                : "Unused for %s (limit %s)".formatted(since, words(rules.unusedFor()));
    return Optional.of(
        finding(
            use,
            !observed ? "not-observed" : never ? "never-used" : "unused",
            observed && unused.compareTo(rules.unusedFor()) >= 0 ? Severity.MEDIUM : Severity.LOW,
            says,
            List.of(
                "\"Used\" means: a statement that ran. Blocked attempts do not count.",
                "Looked at %s to %s, of which %.0f %% are recorded."
                    .formatted(time(from), time(looked.to()), Math.floor(looked.share() * 100))),
            from,
            List.of(),
            0,
            observed));
  }

  private Optional<Finding> places(CredentialUse use) {
    if (use.clients().size() <= rules.placesMax()) {
      return Optional.empty();
    }
    List<String> sorted = use.clients().stream().sorted().limit(8).toList();
    return Optional.of(
        finding(
            use,
            "many-places",
            Severity.HIGH,
            "Used from %d places (limit %d)".formatted(use.clients().size(), rules.placesMax()),
            List.of("Addresses: " + String.join(", ", sorted) + "."),
            use.firstUse().or(() -> use.credential().issued()).orElse(coverage.from()),
            use.recent(),
            use.statements(),
            true));
  }

  private Optional<Finding> schedule(CredentialUse use) {
    if (rules.schedule().isEmpty()) {
      return Optional.empty();
    }
    HygieneRules.Schedule hours = rules.schedule().get();
    List<StatementRef> outside =
        use.recent().stream()
            .filter(each -> !hours.has(each.at().atOffset(ZoneOffset.UTC).toLocalTime()))
            .toList();
    return outside.isEmpty()
        ? Optional.empty()
        : Optional.of(
            finding(
                use,
                "outside-schedule",
                Severity.MEDIUM,
                "%d statements outside %s to %s UTC"
                    .formatted(outside.size(), hours.from(), hours.to()),
                List.of(
                    "Of the last %d statements with it. The first outside: %s."
                        .formatted(use.recent().size(), time(outside.getFirst().at()))),
                outside.getFirst().at(),
                outside,
                outside.size(),
                true));
  }

  /// More was granted than was used: by the grants of its role where they are recorded, else by the
  /// names of its scopes.
  private Optional<Finding> privileges(CredentialUse use) {
    Instant from =
        use.credential().issued().filter(at -> at.isAfter(coverage.from())).orElse(coverage.from());
    if (use.lastSuccess().isEmpty() || !Observation.of(use, from, coverage, asOf).isEnough(rules)) {
      return Optional.empty();
    }
    return use.grants().isKnown() ? UnusedGrants.of(use) : unusedScopes(use);
  }

  /// A scope that lets one write, and nothing was written.
  private static Optional<Finding> unusedScopes(CredentialUse use) {
    List<String> unusedScopes =
        use.credential().scopes().stream().filter(StaleCredentials::lets).toList();
    if (unusedScopes.isEmpty() || !READING.containsAll(use.verbs())) {
      return Optional.empty();
    }
    return Optional.of(
        finding(
            use,
            "over-privileged",
            Severity.LOW,
            "Scope wider than use: %s, and nothing was written"
                .formatted(String.join(", ", unusedScopes)),
            List.of(
                "Granted: %s.".formatted(String.join(", ", use.credential().scopes())),
                "Statements that ran: %s.".formatted(String.join(", ", sorted(use.verbs()))),
                "What its role may do in the database is not recorded."),
            use.lastSuccess().orElseThrow(),
            use.recent(),
            use.statements(),
            true));
  }

  private static List<String> sorted(Set<String> words) {
    return words.stream().sorted().toList();
  }

  private static boolean lets(String scope) {
    String last = scope.substring(scope.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    return Set.of("write", "admin", "delete", "update", "all", "ddl").contains(last);
  }

  private Optional<Finding> retried(CredentialUse use) {
    return use.blockedMost() <= rules.blockedRepeatsMax()
        ? Optional.empty()
        : Optional.of(
            finding(
                use,
                "retried-after-block",
                Severity.HIGH,
                "Retried after block, %d times the same statement".formatted(use.blockedMost()),
                List.of("%d of its statements were blocked.".formatted(use.decisions().blocked())),
                use.lastAttempt().orElse(coverage.to()),
                use.recent().stream().filter(each -> each.decision().isException()).toList(),
                use.decisions().blocked(),
                true));
  }

  private Optional<Finding> owner(CredentialUse use) {
    boolean human =
        use.credential().subject().map(Party::kind).filter(Party.Kind.HUMAN::equals).isPresent();
    boolean agentOfNobody =
        use.credential()
            .subject()
            .map(Party::kind)
            .filter(kind -> kind == Party.Kind.AGENT || kind == Party.Kind.SERVICE)
            .isPresent();
    if (human || (use.parent().isEmpty() ? !agentOfNobody : hasHumanAbove(use))) {
      return Optional.empty();
    }
    return Optional.of(
        finding(
            use,
            "no-owner",
            Severity.LOW,
            "No human stands behind it",
            List.of(
                "Its subject is %s."
                    .formatted(
                        use.credential()
                            .subject()
                            .map(each -> "the " + each.kind().word() + " " + each.name())
                            .orElse("not named"))),
            use.credential().issued().orElse(coverage.from()),
            List.of(),
            0,
            true));
  }

  private boolean hasHumanAbove(CredentialUse use) {
    CredentialUse at = use;
    for (int depth = 0; at != null && depth < 32; depth++) {
      if (at.credential().subject().map(Party::kind).filter(Party.Kind.HUMAN::equals).isPresent()) {
        return true;
      }
      at = byKey.get(at.parent());
    }
    return false;
  }

  /// Somebody whose other credentials were all taken away still has this one.
  private Optional<Finding> inactiveSubject(CredentialUse use) {
    if (use.subject().isEmpty() || use.credential().ended().isPresent()) {
      return Optional.empty();
    }
    List<CredentialUse> others =
        uses.stream()
            .filter(each -> !each.key().equals(use.key()) && each.subject().equals(use.subject()))
            .toList();
    if (others.isEmpty() || others.stream().anyMatch(e -> e.credential().revoked().isEmpty())) {
      return Optional.empty();
    }
    return Optional.of(
        finding(
            use,
            "inactive-subject",
            Severity.HIGH,
            "%s has lost every other credential and keeps this one".formatted(use.subject()),
            List.of("%d other credentials were revoked.".formatted(others.size())),
            others.getLast().credential().revoked().orElseThrow().effective(),
            use.recent(),
            use.statements(),
            true));
  }

  /// Presented again after its time: it is still stored somewhere.
  private Optional<Finding> refused(CredentialUse use) {
    long late =
        use.refusals().entrySet().stream()
            .filter(each -> each.getKey().contains("expired") || each.getKey().contains("revoked"))
            .mapToLong(Map.Entry::getValue)
            .sum();
    return late == 0
        ? Optional.empty()
        : Optional.of(
            finding(
                use,
                "presented-after-end",
                Severity.HIGH,
                "Presented after its end and refused, %s"
                    .formatted(late == 1 ? "once" : late + " times"),
                List.of("Somebody still has it stored. No statement was run with it then."),
                use.lastAttempt().orElse(coverage.to()),
                List.of(),
                0,
                true));
  }
}
