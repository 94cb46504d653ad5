package dev.nestor.recorder.archive;

import dev.nestor.recorder.event.RecordedEvent;
import dev.nestor.recorder.index.SessionTotals;
import java.util.Optional;

/// A session of an archive, over all its segments.
///
/// @param totals counts
/// @param head who and what it is
/// @param end how it ended; empty if it did not, or not here
public record RecordedSession(
    SessionTotals totals,
    Optional<RecordedEvent.Session> head,
    Optional<RecordedEvent.SessionEnd> end) {
  public long no() {
    return totals.no();
  }
}
