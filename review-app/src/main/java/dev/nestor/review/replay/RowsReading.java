package dev.nestor.review.replay;

import dev.nestor.evidence.archive.SessionReplay;
import java.io.IOException;
import java.util.concurrent.Executor;
import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyBooleanWrapper;
import javafx.beans.property.ReadOnlyDoubleProperty;
import javafx.beans.property.ReadOnlyDoubleWrapper;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;

/// Reads the rows of a large session behind those that are shown already, and says how far it is.
/// Used on the JavaFX application thread.
public final class RowsReading {
  private static final long TOLD_NANOS = 200_000_000;

  private final SessionReplay replay;
  private final Executor background;
  private final Executor fxThread;
  private final Runnable grown;
  private final ReadOnlyDoubleWrapper share;
  private final ReadOnlyStringWrapper problem = new ReadOnlyStringWrapper(this, "problem", "");
  private final ReadOnlyBooleanWrapper running = new ReadOnlyBooleanWrapper(this, "running");
  private volatile boolean stopped;

  /// @param grown runs on the JavaFX application thread when rows have come
  RowsReading(SessionReplay replay, Executor background, Executor fxThread, Runnable grown) {
    this.replay = replay;
    this.background = background;
    this.fxThread = fxThread;
    this.grown = grown;
    this.share = new ReadOnlyDoubleWrapper(this, "share", replay.isWhole() ? 1 : 0);
  }

  /// How much of the session's part of the archive was read, from 0 to 1.
  public ReadOnlyDoubleProperty shareProperty() {
    return share.getReadOnlyProperty();
  }

  /// Why it ended before the last row; empty if it did not.
  public ReadOnlyStringProperty problemProperty() {
    return problem.getReadOnlyProperty();
  }

  /// Whether rows are being read.
  public ReadOnlyBooleanProperty runningProperty() {
    return running.getReadOnlyProperty();
  }

  /// Whether every row is there.
  public boolean isWhole() {
    return replay.isWhole();
  }

  /// Reads on from where it was stopped.
  ///
  /// @param whole runs on the JavaFX application thread once every row is there
  public void start(Runnable whole) {
    if (replay.isWhole()) {
      whole.run();
      return;
    }
    if (running.get()) {
      return;
    }
    running.set(true);
    stopped = false;
    problem.set("");
    long[] told = {System.nanoTime()};
    background.execute(() -> {
      String why = "";
      boolean complete = false;
      try {
        complete =
            replay.read((done, total) -> {
              long now = System.nanoTime();
              if (now - told[0] > TOLD_NANOS) {
                told[0] = now;
                fxThread.execute(() -> tell(total == 0 ? 0 : (double) done / total));
              }
              return !stopped;
            });
      } catch (IOException | RuntimeException e) {
        why = "The session cannot be read to its end: " + e.getMessage();
      }
      String ended = why;
      boolean all = complete;
      fxThread.execute(() -> {
        problem.set(ended);
        tell(all ? 1 : share.get());
        running.set(false);
        if (all) {
          whole.run();
        }
      });
    });
  }

  /// Stops; the rows that are there stay.
  public void stop() {
    stopped = true;
  }

  private void tell(double now) {
    grown.run();
    share.set(now);
  }
}
