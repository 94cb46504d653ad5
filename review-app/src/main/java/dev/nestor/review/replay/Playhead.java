package dev.nestor.review.replay;

/// The one place that says where a replay stands. Header, list, strip and panes follow it.
///
/// @param position of the row, from 0; -1 in an empty session
/// @param frame index of the frame in the row, from 0; -1 for the row as a whole
public record Playhead(long position, int frame) {
  static final Playhead NOWHERE = new Playhead(-1, -1);

  /// A row as a whole.
  public static Playhead row(long position) {
    return new Playhead(position, -1);
  }
}
