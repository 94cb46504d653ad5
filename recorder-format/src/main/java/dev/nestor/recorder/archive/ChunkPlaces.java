package dev.nestor.recorder.archive;

import java.util.AbstractList;
import java.util.List;
import java.util.RandomAccess;

/// The chunks of all segments as one list, of which nothing is made before it is asked for.
final class ChunkPlaces extends AbstractList<Archive.ChunkPlace> implements RandomAccess {
  private final List<Segment> segments;

  /// By segment, the chunks before it; then all.
  private final int[] before;

  ChunkPlaces(List<Segment> segments) {
    this.segments = segments;
    this.before = new int[segments.size() + 1];
    for (int i = 0; i < segments.size(); i++) {
      before[i + 1] = before[i] + segments.get(i).chunks().size();
    }
  }

  @Override
  public Archive.ChunkPlace get(int index) {
    java.util.Objects.checkIndex(index, size());
    int low = 0;
    int high = segments.size() - 1;
    while (low < high) {
      int middle = (low + high + 1) >>> 1;
      if (before[middle] <= index) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    int position = index - before[low];
    Segment segment = segments.get(low);
    return new Archive.ChunkPlace(segment, position, segment.chunks().get(position));
  }

  @Override
  public int size() {
    return before[segments.size()];
  }
}
