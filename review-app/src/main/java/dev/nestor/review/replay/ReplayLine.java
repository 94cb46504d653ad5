package dev.nestor.review.replay;

import dev.nestor.evidence.archive.FrameRow;
import dev.nestor.evidence.archive.ReplayRow;
import java.time.Duration;
import java.util.Optional;

/// A line of the list.
public sealed interface ReplayLine {
  /// Position of the row that it is, or belongs to.
  long position();

  /// A statement.
  ///
  /// @param since the row before; absent for the first
  /// @param open whether its frames are shown
  /// @param proved whether its frame is under a trusted signature
  record OfStatement(
      long position,
      ReplayRow.Statement row,
      Optional<Duration> since,
      boolean open,
      boolean proved)
      implements ReplayLine {}

  /// An event between statements.
  record OfEvent(
      long position, ReplayRow.Event row, Optional<Duration> since, boolean open, boolean proved)
      implements ReplayLine {
    /// Whether messages belong to it.
    boolean expands() {
      return row.kind() == ReplayRow.EventKind.SESSION && row.text().startsWith("Session opened");
    }
  }

  /// A frame of the statement above it.
  record OfFrame(long position, int index, FrameRow frame) implements ReplayLine {}

  /// A row that is being read.
  record Pending(long position) implements ReplayLine {}

  /// A row that cannot be read.
  record Unreadable(long position, String why) implements ReplayLine {}
}
