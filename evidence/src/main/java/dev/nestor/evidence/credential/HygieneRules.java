package dev.nestor.evidence.credential;

import java.time.Duration;
import java.time.LocalTime;
import java.util.Optional;

/// Where the rules for stale credentials draw their lines.
///
/// @param unusedFor so long without a successful statement is too long
/// @param lifetimeMax no credential should be good for longer
/// @param placesMax so many client addresses are ordinary for one credential
/// @param blockedRepeatsMax so often may the same statement be blocked before it is a finding
/// @param coverageMin share of a time that must be recorded before absence of use is claimed, 0 to
///   1
/// @param observedMin so long must be recorded before absence of use is claimed, unless the
///   credential's whole life was shorter and is recorded
/// @param schedule hours of the day, UTC, in which work is expected; absent for any
public record HygieneRules(
    Duration unusedFor,
    Duration lifetimeMax,
    int placesMax,
    long blockedRepeatsMax,
    double coverageMin,
    Duration observedMin,
    Optional<Schedule> schedule) {
  /// Name and version, as findings and reviews cite it.
  public static final String VERSION = "credential-hygiene v2";

  /// Hours of the day in UTC, from one up to another; over midnight where the second is earlier.
  public record Schedule(LocalTime from, LocalTime to) {
    /// Whether a time of the day lies in it.
    public boolean has(LocalTime time) {
      return from.isBefore(to)
          ? !time.isBefore(from) && time.isBefore(to)
          : !time.isBefore(from) || time.isBefore(to);
    }
  }

  /// 14 days, 24 hours, 2 places, 10 repeats, 90 %, 1 hour, any hour of the day.
  public static HygieneRules standard() {
    return new HygieneRules(
        Duration.ofDays(14),
        Duration.ofHours(24),
        2,
        10,
        0.9,
        Duration.ofHours(1),
        Optional.empty());
  }
}
