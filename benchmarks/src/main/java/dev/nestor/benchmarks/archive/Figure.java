package dev.nestor.benchmarks.archive;

import java.util.Locale;

/// One measured figure beside its target.
///
/// @param target number in the format's table of targets
/// @param what is measured
/// @param bound of the target
/// @param atMost true if the value must not be larger than the bound, false if not smaller
/// @param detail what it was computed from
record Figure(
    String target, String what, double value, double bound, boolean atMost, String detail) {
  static Figure atMost(String target, String what, double value, double bound, String detail) {
    return new Figure(target, what, value, bound, true, detail);
  }

  static Figure atLeast(String target, String what, double value, double bound, String detail) {
    return new Figure(target, what, value, bound, false, detail);
  }

  boolean met() {
    return atMost ? value <= bound : value >= bound;
  }

  /// Missed by at most 15 %.
  boolean near() {
    return atMost ? value <= bound * 1.15 : value * 1.15 >= bound;
  }

  String verdict() {
    return met() ? "met" : near() ? "within 15 %" : "missed";
  }

  String line() {
    return String.format(
        Locale.ROOT,
        "%-3s %-58s %11s  %s %-9s %-12s %s",
        target,
        what,
        number(value),
        atMost ? "<=" : ">=",
        number(bound),
        verdict(),
        detail);
  }

  private static String number(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e9
        ? String.format(Locale.ROOT, "%,d", (long) value)
        : String.format(Locale.ROOT, Math.abs(value) < 10 ? "%.3f" : "%,.1f", value);
  }
}
