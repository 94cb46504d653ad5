package dev.nestor.evidence.survey;

import dev.nestor.evidence.archive.EvidenceArchive;
import dev.nestor.evidence.archive.RecordedFinding;
import dev.nestor.evidence.archive.SessionCard;
import dev.nestor.evidence.archive.Trail;
import dev.nestor.evidence.credential.Coverage;
import dev.nestor.evidence.credential.CredentialLedger;
import dev.nestor.evidence.credential.CredentialUse;
import dev.nestor.evidence.credential.HygieneRules;
import dev.nestor.evidence.credential.StaleCredentials;
import dev.nestor.evidence.finding.BlockedThenRephrased;
import dev.nestor.evidence.finding.BulkRead;
import dev.nestor.evidence.finding.Finding;
import dev.nestor.evidence.finding.FindingRule;
import dev.nestor.evidence.finding.FirstSeenTable;
import dev.nestor.evidence.finding.Severity;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;

/// What a set of archives says: made by one reading of each.
///
/// @param asOf the moment that "since" counts to
/// @param credentials in the order in which they were met
/// @param findings the most severe first
/// @param statements how many were read
/// @param complete false where parts of an archive could not be read
public record Survey(
    Instant asOf,
    HygieneRules rules,
    Coverage coverage,
    List<CredentialUse> credentials,
    List<Finding> findings,
    long statements,
    boolean complete) {
  private static final long BULK_ROWS = 1_000;
  private static final long SETTLED_AFTER = 20;
  private static final Comparator<Finding> ORDER =
      Comparator.comparing(Finding::severity)
          .reversed()
          .thenComparing(Finding::at)
          .thenComparing(Finding::key);

  public Survey {
    credentials = List.copyOf(credentials);
    findings = List.copyOf(findings);
  }

  /// Findings about credentials, as the place Credentials shows them.
  public List<Finding> credentialFindings() {
    return findings.stream().filter(each -> !each.credential().isEmpty()).toList();
  }

  /// The same evidence, its credentials judged by other rules; nothing is read again.
  public Survey judgedBy(HygieneRules other) {
    List<Finding> judged =
        new ArrayList<>(
            findings.stream()
                .filter(each -> !StaleCredentials.RULES.contains(each.rule()) || isRecorded(each))
                .toList());
    judged.addAll(new StaleCredentials(other, coverage, asOf, credentials).findings());
    judged.sort(ORDER);
    return new Survey(asOf, other, coverage, credentials, judged, statements, complete);
  }

  /// What the gateway wrote down is anchored in its archive, at a frame.
  private static boolean isRecorded(Finding finding) {
    return finding.anchor().contains("/");
  }

  /// Reads archives. Of copies of one archive only the first counts.
  ///
  /// @param asOf absent for the end of the evidence
  /// @param goOn asked now and then; false stops
  /// @throws IOException if a file cannot be read
  /// @throws CancellationException if it was told to stop
  public static Survey of(
      List<EvidenceArchive> archives,
      HygieneRules rules,
      Optional<Instant> asOf,
      BooleanSupplier goOn)
      throws IOException {
    CredentialLedger ledger = new CredentialLedger();
    List<FindingRule> finders =
        List.of(
            new BlockedThenRephrased(), new BulkRead(BULK_ROWS), new FirstSeenTable(SETTLED_AFTER));
    List<Finding> findings = new ArrayList<>();
    long[] statements = {0};
    boolean complete = true;
    Set<String> seen = new HashSet<>();
    List<EvidenceArchive> inOrder =
        archives.stream()
            .filter(each -> each.card().id().isEmpty() || seen.add(each.card().id()))
            .sorted(Comparator.comparing(each -> each.card().from().orElse(Instant.MAX)))
            .toList();
    for (EvidenceArchive archive : inOrder) {
      Trail trail = archive.trail();
      complete &= trail.complete();
      ledger.archive(archive.card(), archive.sessions(), trail);
      Map<Long, SessionCard> sessions = new HashMap<>();
      archive.sessions().forEach(each -> sessions.put(each.number(), each));
      String id = archive.card().id();
      archive.statements(fact -> {
        if ((statements[0]++ & 0xff) == 0 && !goOn.getAsBoolean()) {
          throw new CancellationException();
        }
        ledger.statement(fact);
        SessionCard session = sessions.get(fact.session());
        if (session != null) {
          finders.forEach(each -> each.see(archive.card().path(), id, session, fact));
        }
        return true;
      });
      trail.findings().forEach(each -> findings.add(recorded(archive, each)));
    }
    Coverage coverage = ledger.coverage();
    Instant end = asOf.orElse(coverage.to());
    List<CredentialUse> uses = ledger.uses();
    findings.addAll(new StaleCredentials(rules, coverage, end, uses).findings());
    finders.forEach(each -> findings.addAll(each.findings()));
    findings.sort(ORDER);
    return new Survey(end, rules, coverage, uses, findings, statements[0], complete);
  }

  /// A finding that the gateway wrote down.
  private static Finding recorded(EvidenceArchive archive, RecordedFinding finding) {
    boolean inferred = finding.rule().equals(RecordedFinding.INFERRED_CHILD);
    boolean bypass = finding.rule().toLowerCase(Locale.ROOT).contains("bypass");
    return new Finding(
        finding.rule(),
        switch (finding.severity()) {
          case "critical" -> Severity.CRITICAL;
          case "high" -> Severity.HIGH;
          case "low" -> Severity.LOW;
          default -> bypass ? Severity.HIGH : Severity.MEDIUM;
        },
        bypass
            ? "A connection went past the gateway"
            : inferred
                ? "A second client uses a credential"
                : "The gateway noted: " + finding.rule(),
        inferred
            ? List.of(
                "Session %d came beside session %d with the same credential%s."
                    .formatted(
                        finding.session(),
                        finding.besideSession(),
                        finding.about().isEmpty() ? "" : ": " + finding.about()),
                "A child that nobody issued anything to? This is inferred, not proved.")
            : finding.about().isEmpty()
                ? List.of()
                : List.of(
                    "Seen on the server: " + finding.about() + ".",
                    "Its statements are not in this archive: the gateway never saw them."),
        "",
        "",
        "",
        finding.at(),
        List.of(),
        0,
        true,
        archive.card().id().replace("-", "") + "/" + finding.frame());
  }
}
