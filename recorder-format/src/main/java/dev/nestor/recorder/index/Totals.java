package dev.nestor.recorder.index;

import java.util.List;

/// Counts over a segment.
///
/// @param frames by lane, six of them
/// @param byDecision allow, mask, hold, block, kill
/// @param byOutcome seven, as [dev.nestor.recorder.event.Outcome] numbers them
/// @param coverage when it was recorded: everything but gaps
public record Totals(
    long tsFirst,
    long tsLast,
    List<Long> frames,
    List<Long> byDecision,
    List<Long> byOutcome,
    long gaps,
    List<Interval> coverage) {
  /// A stretch of time, both ends included.
  public record Interval(long from, long to) {}

  public Totals {
    frames = List.copyOf(frames);
    byDecision = List.copyOf(byDecision);
    byOutcome = List.copyOf(byOutcome);
    coverage = List.copyOf(coverage);
  }

  /// Frames of all lanes.
  public long allFrames() {
    return frames.stream().mapToLong(Long::longValue).sum();
  }

  public long allStatements() {
    return byDecision.stream().mapToLong(Long::longValue).sum();
  }
}
