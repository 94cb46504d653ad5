package dev.nestor.review.replay;

import java.util.Map;
import java.util.TreeMap;

/// Which rows are open, and so which line of the list is what. Costs as much as rows are open,
/// however many rows there are.
final class Expansion {
  private final TreeMap<Long, Integer> open = new TreeMap<>();

  /// A line of the list.
  ///
  /// @param position of the row
  /// @param child index of the frame under it, -1 for the row itself
  record Line(long position, int child) {}

  void open(long position, int children) {
    open.put(position, children);
  }

  void close(long position) {
    open.remove(position);
  }

  boolean isOpen(long position) {
    return open.containsKey(position);
  }

  long lines(long rows) {
    return rows + open.values().stream().mapToLong(Integer::longValue).sum();
  }

  Line line(long index) {
    long before = 0;
    for (Map.Entry<Long, Integer> each : open.entrySet()) {
      long at = each.getKey() + before;
      if (index <= at) {
        break;
      }
      if (index <= at + each.getValue()) {
        return new Line(each.getKey(), (int) (index - at - 1));
      }
      before += each.getValue();
    }
    return new Line(index - before, -1);
  }

  long index(long position, int child) {
    long before =
        open.headMap(position, false).values().stream().mapToLong(Integer::longValue).sum();
    return position + before + (isOpen(position) ? child + 1 : 0);
  }
}
