package dev.nestor.evidence.credential;

import java.time.Duration;
import java.time.Instant;

/// A time in which use of a credential was looked for, and how much of it is recorded. Absence of
/// use is claimed only where that is enough.
///
/// @param from when looking began: the later of its last use, its issue and the first recording
/// @param to its end, or the end of the evidence
/// @param share of that time that is recorded, 0 to 1
/// @param wholeLife whether the time is all of the credential's life, up to the expiry that it was
///   issued with; one that somebody ended early had no time to be used
record Observation(Instant from, Instant to, double share, boolean wholeLife) {
  static Observation of(CredentialUse use, Instant since, Coverage coverage, Instant asOf) {
    Instant to = use.credential().ended().filter(each -> each.isBefore(asOf)).orElse(asOf);
    return new Observation(
        since,
        to,
        coverage.share(since, to),
        use.credential().endedByItself()
            && use.credential().issued().filter(each -> !each.isBefore(since)).isPresent()
            && use.credential().ended().filter(each -> !each.isAfter(asOf)).isPresent());
  }

  Duration length() {
    return Duration.between(from, to);
  }

  /// How much of it is recorded.
  Duration recorded() {
    return Duration.ofMillis(Math.round(length().toMillis() * share));
  }

  /// Whether enough is recorded: the share and the least time that the rules ask for, or all of a
  /// life that was shorter.
  boolean isEnough(HygieneRules rules) {
    return share >= rules.coverageMin()
        && (wholeLife || recorded().compareTo(rules.observedMin()) >= 0);
  }

  /// Why it is not enough, in words.
  String shortfall(HygieneRules rules) {
    return share < rules.coverageMin()
        ? "the recording covers %.0f %% of %s"
            .formatted(Math.floor(share * 100), StaleCredentials.words(length()))
        : "%s are recorded of at least %s"
            .formatted(
                StaleCredentials.words(recorded()), StaleCredentials.words(rules.observedMin()));
  }
}
