package dev.nestor.review.app;

import dev.nestor.review.ui.TimeText;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Where somebody wants to go, as they typed it: a frame (`48,218`, `48218.2`), a statement
/// (`#139`), a time (`09:48:49`, `2026-11-19 09:48:49.257 UTC`) or a citation
/// (`pgrec:7f1c…/s/12/f/48218`).
sealed interface GoTo {
  /// A frame.
  record Frame(long number) implements GoTo {}

  /// A statement of the session that is shown.
  record Statement(long number) implements GoTo {}

  /// A time.
  record Time(Instant at) implements GoTo {}

  /// Something that is none of these.
  record Unclear(String why) implements GoTo {}

  Pattern FRAME = Pattern.compile("([0-9][0-9,_ ]{0,24})(?:\\.[0-9]{1,6})?");
  Pattern CITATION = Pattern.compile("pgrec:[^/]*/s/[^/]+/f/([0-9]{1,18})(?:\\.[0-9]+)?");
  Pattern CITATION_PARTS = Pattern.compile("pgrec:([0-9a-f]{1,64})/s/[0-9]{1,18}/f/([0-9]{1,18})");
  Pattern STATEMENT = Pattern.compile("#([0-9]{1,18})");
  Pattern TIME =
      Pattern.compile(
          "(?:(\\d{4}-\\d{2}-\\d{2})[T ])?(\\d{1,2}:\\d{2}(?::\\d{2}(?:\\.\\d{1,6})?)?)"
              + "\\s*(Z|UTC|[+-]\\d{2}:\\d{2})?");

  /// Reads what was typed.
  ///
  /// @param day that a time without a date means
  /// @param times zone that a time without a zone means
  static GoTo of(String typed, Instant day, TimeText times) {
    String text = typed.strip();
    Matcher citation = CITATION.matcher(text);
    if (citation.matches()) {
      return new Frame(Long.parseLong(citation.group(1)));
    }
    Matcher statement = STATEMENT.matcher(text);
    if (statement.matches()) {
      return new Statement(Long.parseLong(statement.group(1)));
    }
    Matcher frame = FRAME.matcher(text);
    if (frame.matches()) {
      String digits = frame.group(1).replaceAll("[,_ ]", "");
      return digits.length() > 18
          ? new Unclear("No archive has that many frames.")
          : new Frame(Long.parseLong(digits));
    }
    Matcher time = TIME.matcher(text);
    if (time.matches()) {
      return time(time, day, times);
    }
    return new Unclear(
        "Type a frame (48,218), a statement (#139), a time (09:48:49) or a citation (pgrec:…).");
  }

  private static GoTo time(Matcher match, Instant day, TimeText times) {
    try {
      String date = match.group(1);
      String clock = match.group(2);
      String zone = match.group(3);
      LocalTime at = LocalTime.parse(clock.indexOf(':') == 1 ? "0" + clock : clock);
      LocalDate on = date == null ? day.atZone(times.zone()).toLocalDate() : LocalDate.parse(date);
      LocalDateTime local = LocalDateTime.of(on, at);
      if (zone == null) {
        return new Time(local.atZone(times.zone()).toInstant());
      }
      String offset = zone.equals("UTC") ? "Z" : zone;
      return new Time(
          OffsetDateTime.parse(
                  local.toString().length() == 16 ? local + ":00" + offset : local + offset)
              .toInstant());
    } catch (DateTimeException e) {
      return new Unclear("There is no such time: " + match.group());
    }
  }
}
