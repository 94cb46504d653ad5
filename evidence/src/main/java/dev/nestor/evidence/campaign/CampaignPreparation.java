package dev.nestor.evidence.campaign;

import dev.nestor.evidence.archive.ArchiveCard;
import dev.nestor.evidence.archive.EvidenceArchive;
import dev.nestor.evidence.credential.CredentialUse;
import dev.nestor.evidence.credential.HygieneRules;
import dev.nestor.evidence.credential.Touch;
import dev.nestor.evidence.finding.Finding;
import dev.nestor.evidence.finding.Severity;
import dev.nestor.evidence.finding.StatementRef;
import dev.nestor.evidence.integrity.IntegrityReport;
import dev.nestor.evidence.integrity.TrustedSigners;
import dev.nestor.evidence.survey.Survey;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/// Makes a campaign from archives: every credential is an item; identical ones without findings are
/// one item together, and so are those of which all that is found is the same unused grants.
public final class CampaignPreparation {
  private static final Set<String> WRITING =
      Set.of("insert", "update", "delete", "merge", "truncate", "drop");
  private static final int EVIDENCE_MAX = 100;

  private CampaignPreparation() {}

  /// @param title of the campaign
  /// @param now when it is prepared
  /// @throws IOException if an archive cannot be read
  public static Campaign of(
      String title, List<EvidenceArchive> archives, TrustedSigners trusted, Instant now)
      throws IOException {
    List<Campaign.Source> sources = new ArrayList<>();
    for (EvidenceArchive archive : archives) {
      IntegrityReport report = archive.verify(trusted, (_, _) -> true);
      ArchiveCard card = archive.card();
      sources.add(
          new Campaign.Source(
              card.name(),
              card.id(),
              report.sha256(),
              report.state().json(),
              card.frames(),
              EvidenceRoots.of(card.path())));
    }
    Survey survey = Survey.of(archives, HygieneRules.standard(), Optional.empty(), () -> true);
    List<ReviewItem> items = items(survey);
    return new Campaign(
        title,
        now,
        sources,
        survey.coverage().from(),
        survey.coverage().to(),
        survey.coverage().gaps().toSeconds(),
        items,
        CampaignFile.populationSha256(items));
  }

  private static List<ReviewItem> items(Survey survey) {
    Map<String, List<Finding>> found = new TreeMap<>();
    survey
        .findings()
        .forEach(
            each -> found.computeIfAbsent(each.credential(), _ -> new ArrayList<>()).add(each));
    Map<String, List<CredentialUse>> alike = new LinkedHashMap<>();
    for (CredentialUse use : survey.credentials()) {
      List<Finding> ofUse = found.getOrDefault(use.credential().label(), List.of());
      boolean plain =
          ofUse.stream().allMatch(CampaignPreparation::isShared)
              && use.decisions().total() == use.decisions().allowed();
      String key =
          plain
              ? String.join(
                  " ",
                  use.holder(),
                  use.subject(),
                  use.credential().kind(),
                  use.credential().scopes().toString(),
                  ofUse.stream().map(each -> each.reason() + each.why()).toList().toString())
              : use.key();
      alike.computeIfAbsent(key, _ -> new ArrayList<>()).add(use);
    }
    List<ReviewItem> items = new ArrayList<>();
    alike.forEach((_, uses) ->
        items.add(item(uses, found.getOrDefault(uses.getFirst().credential().label(), List.of()))));
    items.sort(Comparator.comparing(ReviewItem::risk).reversed().thenComparing(ReviewItem::id));
    return items;
  }

  private static ReviewItem item(List<CredentialUse> uses, List<Finding> findings) {
    CredentialUse first = uses.getFirst();
    Map<String, Touch> touches = new LinkedHashMap<>();
    uses.forEach(use ->
        use.touches()
            .forEach(
                touch -> touches.merge(touch.relation() + " " + touch.verb(), touch, Touch::plus)));
    List<Touch> sorted =
        touches.values().stream()
            .sorted(
                Comparator.comparingLong(Touch::rows)
                    .reversed()
                    .thenComparing(Touch::relation)
                    .thenComparing(Touch::verb))
            .toList();
    List<ReviewItem.Grant> grants =
        first.credential().scopes().stream().map(scope -> grant(scope, uses, sorted)).toList();
    Severity risk =
        findings.stream()
            .map(Finding::severity)
            .max(Comparator.naturalOrder())
            .orElse(Severity.LOW);
    List<String> reasonsFor = new ArrayList<>();
    List<String> reasonsAgainst = new ArrayList<>();
    findings.stream().limit(8).forEach(each -> reasonsFor.add(each.reason()));
    long unused = grants.stream().filter(each -> each.used() == 0).count();
    if (unused > 0) {
      reasonsFor.add(
          "%d of %d grants were not used in the recorded period".formatted(unused, grants.size()));
    }
    long ran = uses.stream().mapToLong(u -> u.statements() - u.decisions().blocked()).sum();
    if (ran > 0) {
      reasonsAgainst.add(String.format(Locale.ROOT, "%,d statements were not stopped", ran));
    }
    Decision.Kind advice =
        risk.compareTo(Severity.HIGH) >= 0
            ? Decision.Kind.REVOKE
            : findings.stream().anyMatch(CampaignPreparation::saysUnused)
                ? Decision.Kind.REVOKE
                : unused > 0 && grants.size() > unused
                    ? Decision.Kind.REDUCE
                    : Decision.Kind.CERTIFY;
    List<StatementRef> evidence = new ArrayList<>();
    findings.forEach(each -> evidence.addAll(each.statements()));
    uses.forEach(use -> evidence.addAll(use.recent()));
    return new ReviewItem(
        CampaignFile.sha256(first.key()).substring(0, 12),
        first.holder(),
        first.subject(),
        uses.stream().map(each -> each.credential().label()).toList(),
        first.credential().kind(),
        first.credential().scopes(),
        uses.stream()
            .flatMap(each -> each.credential().issued().stream())
            .min(Comparator.naturalOrder())
            .map(Instant::toString)
            .orElse(""),
        uses.stream().allMatch(each -> each.credential().expires().isPresent())
            ? uses.stream()
                .flatMap(each -> each.credential().expires().stream())
                .max(Comparator.naturalOrder())
                .map(Instant::toString)
                .orElse("")
            : "",
        sorted.stream()
            .limit(50)
            .map(touch ->
                new ReviewItem.Use(
                    touch.relation(),
                    touch.verb(),
                    touch.statements(),
                    touch.rows(),
                    touch.outcome().blocked() + touch.outcome().killed()))
            .toList(),
        grants,
        risk,
        advice,
        reasonsFor,
        reasonsAgainst,
        evidence.stream()
            .distinct()
            .limit(EVIDENCE_MAX)
            .map(each ->
                new ReviewItem.Evidence(
                    each.citation(), each.at().toString(), each.decision().json(), each.text()))
            .toList());
  }

  /// Whether a finding rather is about what all who have the same role and do the same have.
  private static boolean isShared(Finding finding) {
    return finding.rule().equals("over-privileged") && finding.severity() == Severity.LOW;
  }

  private static boolean saysUnused(Finding finding) {
    return finding.severity().compareTo(Severity.MEDIUM) >= 0
        && (finding.rule().equals("never-used") || finding.rule().equals("unused"));
  }

  /// What was used of a grant: a scope that ends in `read` by statements that read, one that ends
  /// in another word by those that write.
  private static ReviewItem.Grant grant(
      String scope, List<CredentialUse> uses, List<Touch> touches) {
    boolean reads = scope.toLowerCase(Locale.ROOT).endsWith("read");
    long used =
        touches.stream()
            .filter(touch -> !touch.relation().isEmpty())
            .filter(touch -> reads != WRITING.contains(touch.verb()))
            .mapToLong(
                touch -> touch.statements() - touch.outcome().blocked() - touch.outcome().killed())
            .sum();
    return new ReviewItem.Grant(scope, used, used == 0 ? "" : last(uses, true), last(uses, false));
  }

  private static String last(List<CredentialUse> uses, boolean success) {
    return uses.stream()
        .flatMap(each -> (success ? each.lastSuccess() : each.lastAttempt()).stream())
        .max(Comparator.naturalOrder())
        .map(Instant::toString)
        .orElse("");
  }
}
