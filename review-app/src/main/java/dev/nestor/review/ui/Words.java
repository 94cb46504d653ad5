package dev.nestor.review.ui;

import dev.nestor.evidence.finding.StatementRef;
import java.util.Locale;

/// Numbers and counted nouns as text.
public final class Words {
  private Words() {}

  /// With thousands separated: `48,218`.
  public static String number(long value) {
    return String.format(Locale.ROOT, "%,d", value);
  }

  /// `1 frame`, `2 frames`.
  public static String counted(long count, String one) {
    return number(count) + " " + (count == 1 ? one : one + "s");
  }

  /// What a screen reader says of a statement.
  public static String ofStatement(StatementRef statement) {
    return "Frame %s, %s, %s"
        .formatted(number(statement.frame()), statement.decision().word(), statement.text());
  }

  /// `812 bytes`, `1.9 MB`.
  public static String bytes(long bytes) {
    if (bytes < 10_000) {
      return counted(bytes, "byte");
    }
    double value = bytes;
    for (String unit : new String[] {"kB", "MB", "GB"}) {
      value /= 1_000;
      if (value < 999.95) {
        return String.format(Locale.ROOT, "%.1f %s", value, unit);
      }
    }
    return String.format(Locale.ROOT, "%.1f TB", value / 1_000);
  }

  /// Cut in the middle, as paths and digests are.
  public static String middle(String text, int charactersMax) {
    if (text.length() <= charactersMax) {
      return text;
    }
    int head = (charactersMax - 1) / 2;
    return text.substring(0, head)
        + "…"
        + text.substring(text.length() - (charactersMax - 1 - head));
  }
}
