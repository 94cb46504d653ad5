package dev.nestor.recorder.archive;

import dev.nestor.recorder.index.IndexEntry;
import java.util.AbstractList;
import java.util.List;
import java.util.RandomAccess;

/// Index entries from several records as one list, in which nothing is copied: a file that was cut
/// opens without an object for each of its chunks. Never changes.
final class JoinedEntries extends AbstractList<IndexEntry> implements RandomAccess {
  private final List<List<IndexEntry>> parts;
  private final JoinedParts joined;

  /// @param parts that never change
  JoinedEntries(List<List<IndexEntry>> parts) {
    this.parts = List.copyOf(parts);
    this.joined = JoinedParts.of(this.parts, List::size);
  }

  @Override
  public IndexEntry get(int index) {
    int part = joined.partOf(index);
    return parts.get(part).get(joined.within(part, index));
  }

  @Override
  public int size() {
    return joined.size();
  }
}
