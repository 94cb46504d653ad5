package dev.nestor.cli.control;

import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Spans of time as commands take them: `90s`, `30m`, `2h`; a number alone means seconds.
public final class Seconds {
  private static final Pattern SPAN = Pattern.compile("([0-9]{1,9})(s|m|h)?");

  private Seconds() {}

  /// How many seconds a text means; empty if it is no span of time.
  public static OptionalLong of(String text) {
    Matcher span = SPAN.matcher(text);
    if (!span.matches()) {
      return OptionalLong.empty();
    }
    long amount = Long.parseLong(span.group(1));
    return OptionalLong.of(
        switch (span.group(2)) {
          case "h" -> amount * 3600;
          case "m" -> amount * 60;
          case null, default -> amount;
        });
  }
}
