package dev.nestor.recorder.archive;

import dev.nestor.recorder.index.IndexEntry;
import java.util.AbstractList;
import java.util.List;
import java.util.RandomAccess;

/// Index entries from several records as one list, in which nothing is copied: a file that was cut
/// opens without an object for each of its chunks. Never changes.
final class JoinedEntries extends AbstractList<IndexEntry> implements RandomAccess {
  private final List<List<IndexEntry>> parts;

  /// By part, the entries before it; then all.
  private final int[] before;

  /// @param parts that never change
  JoinedEntries(List<List<IndexEntry>> parts) {
    this.parts = List.copyOf(parts);
    this.before = new int[parts.size() + 1];
    for (int i = 0; i < parts.size(); i++) {
      before[i + 1] = before[i] + parts.get(i).size();
    }
  }

  @Override
  public IndexEntry get(int index) {
    java.util.Objects.checkIndex(index, size());
    int low = 0;
    int high = parts.size() - 1;
    while (low < high) {
      int middle = (low + high + 1) >>> 1;
      if (before[middle] <= index) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return parts.get(low).get(index - before[low]);
  }

  @Override
  public int size() {
    return before[parts.size()];
  }
}
