package dev.nestor.recorder.chunk;

import java.util.AbstractList;
import java.util.List;
import java.util.RandomAccess;
import org.jspecify.annotations.Nullable;

/// The frames of a chunk that was read, as the columns of META have them; each becomes an object
/// when it is first asked for. Whoever wants one frame of some thousand pays for one. Never
/// changes.
final class FrameTable extends AbstractList<FrameMeta> implements RandomAccess {
  private final List<ChunkSession> sessions;
  private final long firstFrame;
  private final Columns columns;
  private final @Nullable FrameMeta[] known;

  /// A value per frame, checked by whoever made them.
  ///
  /// @param numbers of the frames; `null` if they follow one on the other
  /// @param places `local session << 3 | lane`
  /// @param sequences position among the session's frames in this chunk, from 1
  /// @param wireDeltas `null` if all are 0
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Columns(
      long @Nullable [] numbers,
      long[] times,
      long[] places,
      int[] sequences,
      long[] lengths,
      long[] types,
      long[] messages,
      long[] flags,
      long @Nullable [] wireDeltas) {}

  FrameTable(List<ChunkSession> sessions, long firstFrame, Columns columns) {
    this.sessions = sessions;
    this.firstFrame = firstFrame;
    this.columns = columns;
    this.known = new FrameMeta[columns.times.length];
  }

  @Override
  public FrameMeta get(int index) {
    FrameMeta frame = known[index];
    if (frame == null) {
      frame = frame(index);
      known[index] = frame; // two threads may both make it, and it is the same
    }
    return frame;
  }

  private FrameMeta frame(int index) {
    long[] numbers = columns.numbers;
    long[] wireDeltas = columns.wireDeltas;
    ChunkSession session = sessions.get((int) (columns.places[index] >>> 3));
    return new FrameMeta(
        numbers == null ? firstFrame + index : numbers[index],
        session.no(),
        session.framesBefore() + columns.sequences[index],
        (int) columns.places[index] & 7,
        columns.times[index],
        (int) columns.lengths[index],
        (int) columns.types[index],
        (int) columns.messages[index],
        (int) columns.flags[index],
        wireDeltas == null ? 0 : wireDeltas[index]);
  }

  @Override
  public int size() {
    return known.length;
  }
}
