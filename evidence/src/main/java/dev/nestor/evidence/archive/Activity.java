package dev.nestor.evidence.archive;

import java.util.List;

/// What happened when, counted into equal bins of time.
///
/// @param fromMicros start of the first bin, microseconds since 1970
/// @param toMicros end of the last bin
/// @param frames of each bin
/// @param marks of everything that was not simply allowed, in order; at most [#MARKS_MAX], the
///   strongest first kept
/// @param gaps that were not recorded
public record Activity(
    long fromMicros,
    long toMicros,
    List<Integer> frames,
    List<Mark> marks,
    List<RecordingGap> gaps) {
  /// More marks than pixels are of no use.
  public static final int MARKS_MAX = 20_000;

  public static final int BINS = 2_048;

  public Activity {
    frames = List.copyOf(frames);
    marks = List.copyOf(marks);
    gaps = List.copyOf(gaps);
  }

  /// One exception.
  ///
  /// @param position of its row
  public record Mark(long atMicros, DecisionKind kind, long position) {}
}
