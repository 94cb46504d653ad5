package dev.nestor.recorder.verify;

/// Watches a verification, and may end it.
@FunctionalInterface
public interface Progress {
  /// Called after each record and each finding, on the verifying thread.
  ///
  /// @param doneBytes of all segments
  /// @param findings so far
  /// @return false to end here; the report then says what was found up to here
  boolean goOn(long doneBytes, long totalBytes, int findings);

  /// Goes on to the end.
  static Progress none() {
    return (_, _, _) -> true;
  }
}
