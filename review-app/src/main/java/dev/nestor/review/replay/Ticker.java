package dev.nestor.review.replay;

import java.time.Duration;

/// Runs something a little later, on the JavaFX application thread.
@FunctionalInterface
public interface Ticker {
  /// Runs an action after a wait.
  ///
  /// @param action runs once, unless the answer was run before
  /// @return takes it back
  Runnable after(Duration wait, Runnable action);
}
