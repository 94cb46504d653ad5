package dev.nestor.review.replay;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/// What part of a session's time is seen, and what part is chosen. All times are microseconds of
/// the archive clock.
final class TimeWindow {
  private static final double MIN_MICROS = 1_000;
  private static final double CLOSER = 4;

  /// A part of time.
  record Span(double from, double to) {}

  private final Deque<Span> before = new ArrayDeque<>();
  private Span seen;
  private Optional<Double> anchor = Optional.empty();
  private double end;

  TimeWindow(double from, double to) {
    seen = new Span(from, to);
  }

  Span seen() {
    return seen;
  }

  /// What is chosen, the earlier end first.
  Optional<Span> chosen() {
    return anchor.map(at -> new Span(Math.min(at, end), Math.max(at, end)));
  }

  /// Begins a choice at a place, or moves its end.
  void choose(double from, double to) {
    if (anchor.isEmpty()) {
      anchor = Optional.of(from);
    }
    end = to;
  }

  void forgetChoice() {
    anchor = Optional.empty();
  }

  /// Closer: to what is chosen, else around a place.
  void zoom(double head) {
    Span to =
        chosen()
            .filter(span -> span.to() - span.from() >= MIN_MICROS)
            .orElseGet(() -> {
              double width = (seen.to() - seen.from()) / CLOSER;
              double from = Math.clamp(head - width / 2, seen.from(), seen.to() - width);
              return new Span(from, from + width);
            });
    if (to.to() - to.from() >= MIN_MICROS) {
      before.push(seen);
      seen = to;
      forgetChoice();
    }
  }

  /// Back to what was seen before.
  void back() {
    if (!before.isEmpty()) {
      seen = before.pop();
    }
  }

  /// Moves so that a place is seen.
  void follow(double head) {
    double width = seen.to() - seen.from();
    if (!before.isEmpty() && (head < seen.from() || head > seen.to())) {
      Span all = before.peekLast();
      double from =
          Math.clamp(head - width / 2, all.from(), Math.max(all.from(), all.to() - width));
      seen = new Span(from, from + width);
    }
  }
}
