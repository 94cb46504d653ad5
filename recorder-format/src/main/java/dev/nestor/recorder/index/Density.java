package dev.nestor.recorder.index;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// How much happened when: equal bins from the segment's first time on, of the smallest width that
/// is a power of two and needs no more than 4,096 of them.
///
/// @param binMicros width of a bin
/// @param bins six numbers each: frames, then statements allowed, masked, held, blocked, killed
public record Density(long tsFirst, long binMicros, List<List<Integer>> bins) {
  static final int BINS_MAX = 4096;
  static final int COLUMNS = 6;

  public Density {
    bins = List.copyOf(bins);
  }

  /// Counts while the end is not known.
  static final class Counter {
    private final int[] counts = new int[BINS_MAX * COLUMNS];
    private long tsFirst = -1;
    private int shift;
    private int used;

    void start(long ts) {
      if (tsFirst < 0) {
        tsFirst = ts;
      }
    }

    /// @param column 0 for a frame, 1 to 5 for a decision
    void count(long ts, int column) {
      start(ts);
      long since = Math.max(0, ts - tsFirst);
      while (since >>> shift >= BINS_MAX) {
        halve();
      }
      int bin = (int) (since >>> shift);
      counts[bin * COLUMNS + column]++;
      used = Math.max(used, bin + 1);
    }

    private void halve() {
      for (int bin = 0; bin < BINS_MAX / 2; bin++) {
        for (int c = 0; c < COLUMNS; c++) {
          counts[bin * COLUMNS + c] =
              counts[bin * 2 * COLUMNS + c] + counts[(bin * 2 + 1) * COLUMNS + c];
        }
      }
      Arrays.fill(counts, BINS_MAX / 2 * COLUMNS, counts.length, 0);
      used = (used + 1) / 2;
      shift++;
    }

    Density finish() {
      List<List<Integer>> bins = new ArrayList<>();
      for (int bin = 0; bin < used; bin++) {
        bins.add(Arrays.stream(counts, bin * COLUMNS, (bin + 1) * COLUMNS).boxed().toList());
      }
      return new Density(Math.max(0, tsFirst), 1L << shift, bins);
    }
  }
}
