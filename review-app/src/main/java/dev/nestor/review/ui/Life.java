package dev.nestor.review.ui;

import dev.nestor.evidence.archive.DecisionKind;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// How long something was good, and what it did meanwhile; drawn by [LifeBar].
///
/// @param from absent where the beginning is not known
/// @param to absent where nothing ends it
/// @param cut when it ended before its time; absent if it did not
/// @param ticks when it was used
/// @param marks what was not simply allowed
/// @param line how sure its place is
/// @param note beside its end
public record Life(
    Optional<Instant> from,
    Optional<Instant> to,
    Optional<Instant> cut,
    List<Instant> ticks,
    List<Mark> marks,
    Line line,
    String note) {
  /// Something that was stopped or changed.
  public record Mark(Instant at, DecisionKind kind) {}

  /// How the outline is drawn.
  public enum Line {
    SOLID,
    DASHED,
    DOTTED
  }

  public Life {
    ticks = List.copyOf(ticks);
    marks = List.copyOf(marks);
  }
}
