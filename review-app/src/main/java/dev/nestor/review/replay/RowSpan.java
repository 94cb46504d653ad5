package dev.nestor.review.replay;

import dev.nestor.evidence.archive.ReplayRow;
import dev.nestor.evidence.archive.SessionReplay;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// Rows of a session that are selected together: two positions, never a list of rows, so that
/// selecting all of a large session and letting go of it costs nothing.
///
/// @param from position of the first
/// @param to position of the last; less than `from` for none
public record RowSpan(long from, long to) {
  /// No row.
  public static final RowSpan NONE = new RowSpan(0, -1);

  /// How many rows.
  public long size() {
    return Math.max(0, to - from + 1);
  }

  /// First frames of the statements among the rows.
  ///
  /// @param max more are not read
  List<Long> statements(SessionReplay replay, int max) throws IOException {
    List<Long> frames = new ArrayList<>();
    for (long at = from; at <= Math.min(to, replay.size() - 1) && frames.size() < max; at++) {
      if (replay.row(at) instanceof ReplayRow.Statement statement) {
        frames.add(statement.frame());
      }
    }
    return frames;
  }
}
