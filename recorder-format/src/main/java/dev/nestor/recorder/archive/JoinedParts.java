package dev.nestor.recorder.archive;

import java.util.List;
import java.util.Objects;
import java.util.function.ToIntFunction;

/// Where each part begins in a list that is joined from several. Never changes.
final class JoinedParts {
  /// By part, the elements before it; then all.
  private final int[] before;

  private JoinedParts(int[] before) {
    this.before = before;
  }

  /// @param size of a part, which never changes
  static <T> JoinedParts of(List<T> parts, ToIntFunction<T> size) {
    int[] before = new int[parts.size() + 1];
    for (int i = 0; i < parts.size(); i++) {
      before[i + 1] = before[i] + size.applyAsInt(parts.get(i));
    }
    return new JoinedParts(before);
  }

  /// Elements of all parts.
  int size() {
    return before[before.length - 1];
  }

  /// The part that an element is in.
  ///
  /// @throws IndexOutOfBoundsException if there is no such element
  int partOf(int index) {
    Objects.checkIndex(index, size());
    int low = 0;
    int high = before.length - 2;
    while (low < high) {
      int middle = (low + high + 1) >>> 1;
      if (before[middle] <= index) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return low;
  }

  /// Position in its part of an element of all.
  int within(int part, int index) {
    return index - before[part];
  }
}
