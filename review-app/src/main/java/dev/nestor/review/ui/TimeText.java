package dev.nestor.review.ui;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/// The one place that turns time into text. Times are shown in one zone, and every full time says
/// which.
///
/// @param zone that times are shown in
public record TimeText(ZoneId zone) {
  /// Coordinated Universal Time, the default.
  public static final TimeText UTC = new TimeText(ZoneOffset.UTC);

  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("yyyy-MM-dd", Locale.ROOT);
  private static final DateTimeFormatter MINUTE =
      DateTimeFormatter.ofPattern("MM-dd HH:mm", Locale.ROOT);
  private static final DateTimeFormatter SECOND =
      DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT);
  private static final DateTimeFormatter CLOCK =
      DateTimeFormatter.ofPattern("HH:mm:ss.SSS", Locale.ROOT);
  private static final DateTimeFormatter OFFSET = DateTimeFormatter.ofPattern("xxx", Locale.ROOT);

  /// Whether the zone is UTC.
  public boolean isUtc() {
    return zone.equals(ZoneOffset.UTC);
  }

  /// The zone in words: `UTC`, or the zone's name.
  public String zoneWord() {
    return isUtc() ? "UTC" : zone.getId();
  }

  /// `2026-11-19 02:14:07.572 UTC`; another zone gives its offset.
  public String full(Instant at) {
    ZonedDateTime time = at.atZone(zone);
    return DATE.format(time) + " " + CLOCK.format(time) + " " + suffix(time);
  }

  /// `02:14:07.572`, for a column whose head names the zone.
  public String clock(Instant at) {
    return CLOCK.format(at.atZone(zone));
  }

  /// `02:14:07`, for an axis.
  public String second(Instant at) {
    return SECOND.format(at.atZone(zone));
  }

  /// `2026-11-19`.
  public String date(Instant at) {
    return DATE.format(at.atZone(zone));
  }

  /// `11-19 02:14`, for a column whose head names the zone.
  public String minute(Instant at) {
    return MINUTE.format(at.atZone(zone));
  }

  /// `11-19 02:14–02:31`, for a column whose head names the zone; with both days where they differ.
  public String span(Instant from, Instant to) {
    String end = minute(to);
    return date(from).equals(date(to))
        ? minute(from) + "–" + end.substring(end.indexOf(' ') + 1)
        : minute(from) + " – " + end;
  }

  private String suffix(ZonedDateTime time) {
    return isUtc() ? "UTC" : OFFSET.format(time);
  }

  /// How long, in at most two units: `96 ms`, `4.3 s`, `1 min 12 s`, `2 h 05 min`.
  public static String length(Duration length) {
    long micros = length.toNanos() / 1_000;
    if (micros < 0) {
      return "-" + length(length.negated());
    }
    if (micros < 1_000) {
      return micros + " µs";
    }
    if (micros < 10_000) {
      return "%.1f ms".formatted(micros / 1_000.0);
    }
    if (micros < 1_000_000) {
      return micros / 1_000 + " ms";
    }
    if (micros < 60_000_000) {
      return "%.1f s".formatted(Math.floor(micros / 100_000.0) / 10);
    }
    long seconds = micros / 1_000_000;
    return seconds < 3_600
        ? "%d min %02d s".formatted(seconds / 60, seconds % 60)
        : "%d h %02d min".formatted(seconds / 3_600, seconds / 60 % 60);
  }

  /// As [#length], for a narrow column: `1 m 12 s`, and whole milliseconds.
  public static String shortLength(Duration length) {
    long micros = length.toNanos() / 1_000;
    return micros >= 0 && micros < 10_000
        ? micros / 1_000 + " ms"
        : length(length).replace(" min", " m");
  }
}
