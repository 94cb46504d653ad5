package dev.nestor.recorder.index;

import java.util.List;

/// In which chunks something occurs.
///
/// @param what a plan, or an SQLSTATE
/// @param count how many statements
/// @param chunks numbers, ascending
public record Posting<T>(T what, long count, List<Long> chunks) {
  public Posting {
    chunks = List.copyOf(chunks);
  }
}
