package dev.nestor.evidence.survey;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nestor.evidence.archive.EvidenceArchive;
import dev.nestor.evidence.archive.EvidenceArchives;
import dev.nestor.evidence.credential.CredentialUse;
import dev.nestor.evidence.credential.HygieneRules;
import dev.nestor.evidence.finding.Finding;
import dev.nestor.evidence.finding.Severity;
import dev.nestor.evidence.finding.StatementRef;
import dev.nestor.evidence.testing.AgentsStory;
import java.nio.file.Path;
import java.time.LocalTime;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SurveyTest {
  @TempDir static Path folder;
  private static Survey survey;
  private static Path file;

  @BeforeAll
  static void read() throws Exception {
    file = AgentsStory.write(folder, "agents", 77).file();
    survey = survey(rules -> rules);
  }

  private static Survey survey(UnaryOperator<HygieneRules> change) throws Exception {
    try (EvidenceArchive archive = EvidenceArchives.open(file)) {
      return Survey.of(
          List.of(archive), change.apply(HygieneRules.standard()), Optional.empty(), () -> true);
    }
  }

  private static Finding of(String rule, String credential) {
    return survey.findings().stream()
        .filter(each -> each.rule().equals(rule) && each.credential().equals(credential))
        .findFirst()
        .orElseThrow(() -> new AssertionError(rule + " of " + credential + " in " + rules()));
  }

  private static List<String> rules() {
    return survey.findings().stream().map(each -> each.rule() + " " + each.credential()).toList();
  }

  private static CredentialUse use(String label) {
    return survey.credentials().stream()
        .filter(each -> each.credential().label().equals(label))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void aStatementAfterRevocationIsCriticalAndListed() {
    Finding finding = of("used-after-revocation", "c-77d0");

    assertThat(finding.severity()).isEqualTo(Severity.CRITICAL);
    assertThat(finding.reason()).isEqualTo("Used 6 min after revocation");
    assertThat(finding.why().getFirst())
        .contains("2026-01-01 00:50:00 UTC", "by ana.ruiz@acme", "HR-7");
    assertThat(finding.statements())
        .extracting(StatementRef::text)
        .containsExactly("select * from payments");
  }

  @Test
  void aSessionThatGoesOnAfterRevocationIsCachedAndNotUsedAnew() {
    Finding finding = of("cached-after-revocation", "c-cac4");

    assertThat(finding.severity()).isEqualTo(Severity.CRITICAL);
    assertThat(finding.reason())
        .isEqualTo("Answered 62 s after revocation by a session opened before");
    assertThat(finding.why().getFirst()).contains("2026-01-01 00:47:00 UTC", "HR-8");
    assertThat(finding.statements())
        .extracting(StatementRef::text)
        .containsExactly("select sum(total) from orders");
    assertThat(rules())
        .as("a session opened afterwards is use; what was blocked was only tried")
        .doesNotContain("cached-after-revocation c-77d0");
    assertThat(of("used-after-revocation", "c-cac4").reason()).startsWith("Tried");
    assertThat(of("used-after-revocation", "c-77d0").reason()).startsWith("Used");
  }

  @Test
  void grantsThatNoStatementUsedAreNamedEach() {
    Finding finding = of("over-privileged", "c-e007");

    assertThat(finding.reason()).isEqualTo("Wider than use: 0 of 5 grants used");
    assertThat(finding.why())
        .contains(
            "Not used: SELECT on public.customers.",
            "Not used: DELETE, SELECT, UPDATE on public.orders.",
            "Not used: SELECT on public.payments.")
        .noneMatch(line -> line.contains("secrets"));
    assertThat(rules())
        .as("a credential that was ended early was not observed for long enough")
        .doesNotContain("over-privileged c-cac4");
  }

  @Test
  void aShortRecordingDoesNotShowThatSomethingWasNotUsed() throws Exception {
    java.time.Duration longer = survey.coverage().from().until(survey.asOf()).plusDays(1);
    Survey asked =
        survey(rules ->
            new HygieneRules(
                rules.unusedFor(),
                rules.lifetimeMax(),
                rules.placesMax(),
                rules.blockedRepeatsMax(),
                rules.coverageMin(),
                longer,
                rules.schedule()));

    assertThat(asked.findings())
        .extracting(Finding::rule)
        .contains("not-observed")
        .doesNotContain("unused");
    assertThat(asked.findings())
        .filteredOn(each -> each.rule().equals("not-observed"))
        .allSatisfy(each -> {
          assertThat(each.observed()).isFalse();
          assertThat(each.reason()).matches(".* (19|20) days are recorded of at least 21 days");
          assertThat(each.why()).anyMatch(line -> line.startsWith("Looked at 2026-01-01"));
        });
  }

  @Test
  void aChildThatOutlivesItsParentNamesIt() {
    Finding finding = of("outlives-parent", "c-a113");

    assertThat(finding.reason()).isEqualTo("Outlives parent c-91be by 32 min");
    assertThat(finding.statements()).hasSize(1);
  }

  @Test
  void aCredentialWithoutEndIsOverTheLimit() {
    assertThat(of("lifetime-over-limit", "c-2290").reason()).startsWith("Never expires");
    assertThat(of("lifetime-over-limit", "c-6b10").reason())
        .isEqualTo("Good for 30 days (limit 24 h)");
  }

  @Test
  void lastAttemptIsNotLastSuccess() {
    CredentialUse prober = use("c-bad1");

    assertThat(prober.lastSuccess()).isPresent();
    assertThat(of("retried-after-block", "c-bad1").reason()).contains("12 times");
    assertThat(prober.decisions().blocked()).isEqualTo(12);
  }

  @Test
  void blockedAndThenRephrasedListsBothStatements() {
    Finding finding = of("blocked-then-rephrased", "c-bad1");

    assertThat(finding.statements())
        .extracting(StatementRef::text)
        .containsExactly(
            "select value from app.settings where key = $1", "select key from app.settings");
  }

  @Test
  void manyRowsOfOneTableAreABulkRead() {
    assertThat(of("bulk-read", "c-91be").reason())
        .isEqualTo("Read 2,500 rows of public.customers in one session");
  }

  @Test
  void oneCredentialFromManyPlacesIsFound() {
    assertThat(of("many-places", "c-6b10").reason()).isEqualTo("Used from 3 places (limit 2)");
  }

  @Test
  void aServiceThatNobodyOwnsIsFound() {
    assertThat(of("no-owner", "c-2290").reason()).isEqualTo("No human stands behind it");
    assertThat(rules()).doesNotContain("no-owner c-a113"); // ana stands above its parent
  }

  @Test
  void theGatewaysOwnFindingIsAmongThem() {
    Finding bypass =
        survey.findings().stream().filter(e -> e.rule().equals("bypass")).findFirst().orElseThrow();

    assertThat(bypass.why().getFirst()).contains("role app_rw", "server process 4242");
  }

  @Test
  void absenceOfUseIsClaimedOnlyWhereTheRecordingIsWhole() throws Exception {
    assertThat(of("unused", "c-6b10").observed()).isTrue();
    assertThat(of("never-used", "c-2290").observed()).isTrue();

    try (EvidenceArchive archive = EvidenceArchives.open(file)) {
      Survey later =
          Survey.of(
              List.of(archive),
              HygieneRules.standard(),
              Optional.of(archive.card().to().orElseThrow().plusSeconds(40 * 86_400L)),
              () -> true);
      assertThat(later.findings())
          .filteredOn(each -> each.credential().equals("c-2290"))
          .extracting(Finding::rule)
          .contains("not-observed")
          .doesNotContain("never-used", "unused");
    }
  }

  @Test
  void rulesHaveParameters() throws Exception {
    Survey strict =
        survey(rules ->
            new HygieneRules(
                rules.unusedFor(),
                rules.lifetimeMax(),
                5,
                100,
                rules.coverageMin(),
                rules.observedMin(),
                Optional.of(new HygieneRules.Schedule(LocalTime.of(8, 0), LocalTime.of(18, 0)))));

    assertThat(strict.findings())
        .extracting(Finding::rule)
        .contains("outside-schedule")
        .doesNotContain("many-places", "retried-after-block");
  }

  @Test
  void theMostSevereComesFirstAndKeysAreTheSameInEveryRun() throws Exception {
    assertThat(survey.findings())
        .isSortedAccordingTo(
            java.util.Comparator.comparing(Finding::severity, java.util.Comparator.reverseOrder()));
    assertThat(survey(rules -> rules).findings())
        .extracting(Finding::key)
        .isEqualTo(survey.findings().stream().map(Finding::key).toList())
        .doesNotHaveDuplicates();
  }

  @Test
  void everyFindingAboutStatementsListsThem() {
    assertThat(survey.findings())
        .filteredOn(each -> each.statementCount() > 0)
        .allSatisfy(each -> assertThat(each.statements()).isNotEmpty());
  }
}
