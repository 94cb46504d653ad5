package dev.nestor.recorder.archive;

import java.util.AbstractList;
import java.util.List;
import java.util.RandomAccess;

/// The chunks of all segments as one list, of which nothing is made before it is asked for.
final class ChunkPlaces extends AbstractList<Archive.ChunkPlace> implements RandomAccess {
  private final List<Segment> segments;
  private final JoinedParts joined;

  ChunkPlaces(List<Segment> segments) {
    this.segments = segments;
    this.joined = JoinedParts.of(segments, segment -> segment.chunks().size());
  }

  @Override
  public Archive.ChunkPlace get(int index) {
    int part = joined.partOf(index);
    int position = joined.within(part, index);
    Segment segment = segments.get(part);
    return new Archive.ChunkPlace(segment, position, segment.chunks().get(position));
  }

  @Override
  public int size() {
    return joined.size();
  }
}
