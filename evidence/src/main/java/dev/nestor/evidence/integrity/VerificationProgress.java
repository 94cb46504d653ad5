package dev.nestor.evidence.integrity;

/// Hears how far verification has come and says whether to go on.
@FunctionalInterface
public interface VerificationProgress {
  /// Goes on to the end and tells nobody.
  VerificationProgress SILENT = (done, total) -> true;

  /// Called now and then, at least once a chunk.
  ///
  /// @param doneBytes checked so far
  /// @param totalBytes to check
  /// @return false to stop; verification then ends with a
  ///   [java.util.concurrent.CancellationException]
  boolean checked(long doneBytes, long totalBytes);
}
