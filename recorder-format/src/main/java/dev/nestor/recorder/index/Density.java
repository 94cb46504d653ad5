package dev.nestor.recorder.index;

import java.util.Arrays;

/// How much happened when: equal bins from the segment's first time on, of the smallest width that
/// is a power of two and needs no more than 4,096 of them.
public final class Density {
  /// Numbers per bin: frames, then statements allowed, masked, held, blocked, killed.
  public static final int COLUMNS = 6;

  static final int BINS_MAX = 4096;

  private final long tsFirst;
  private final long binMicros;
  private final int[] counts;

  Density(long tsFirst, long binMicros, int[] counts) {
    this.tsFirst = tsFirst;
    this.binMicros = binMicros;
    this.counts = counts;
  }

  /// Where the first bin begins, microseconds since 1970.
  public long tsFirst() {
    return tsFirst;
  }

  /// Width of a bin.
  public long binMicros() {
    return binMicros;
  }

  /// How many bins there are.
  public int bins() {
    return counts.length / COLUMNS;
  }

  /// A count of a bin.
  ///
  /// @param column 0 for frames, 1 to 5 for statements by decision
  public int count(int bin, int column) {
    return counts[bin * COLUMNS + column];
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Density that
        && tsFirst == that.tsFirst
        && binMicros == that.binMicros
        && Arrays.equals(counts, that.counts);
  }

  @Override
  public int hashCode() {
    return Long.hashCode(tsFirst) * 31 + Arrays.hashCode(counts);
  }

  /// Counts while the end is not known.
  static final class Counter {
    private int[] counts = new int[64 * COLUMNS];
    private long tsFirst = -1;
    private int shift;
    private int used;

    void start(long ts) {
      if (tsFirst < 0) {
        tsFirst = ts;
      }
    }

    /// Counts a frame or a statement.
    ///
    /// @param column 0 for a frame, 1 to 5 for a decision
    void count(long ts, int column) {
      start(ts);
      long since = Math.max(0, ts - tsFirst);
      while (since >>> shift >= counts.length / COLUMNS) {
        if (counts.length < BINS_MAX * COLUMNS) {
          counts = Arrays.copyOf(counts, counts.length * 2);
        } else {
          halve();
        }
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
      return new Density(Math.max(0, tsFirst), 1L << shift, Arrays.copyOf(counts, used * COLUMNS));
    }
  }
}
