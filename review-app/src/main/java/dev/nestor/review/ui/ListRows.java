package dev.nestor.review.ui;

import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/// Rows that are all there, in a list, and look alike.
///
/// @param list gives the list as it is now; another one may stand there later
/// @param words what a screen reader says of a row
/// @param <R> what a row shows
public record ListRows<R>(Supplier<List<R>> list, Function<R, String> words)
    implements FrameList.Rows<R> {
  @Override
  public long size() {
    return list.get().size();
  }

  @Override
  public R row(long index) {
    return list.get().get((int) index);
  }

  @Override
  public String spoken(R row) {
    return words.apply(row);
  }

  @Override
  public List<String> styles(R row) {
    return List.of();
  }
}
