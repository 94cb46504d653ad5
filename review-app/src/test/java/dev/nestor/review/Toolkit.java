package dev.nestor.review;

import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import javafx.application.Platform;

/// JavaFX for tests, without a display; started once in a JVM.
public final class Toolkit {
  private static boolean started;

  private Toolkit() {}

  public static synchronized void start() {
    if (started) {
      return;
    }
    CountDownLatch ready = new CountDownLatch(1);
    Platform.startup(ready::countDown);
    Platform.setImplicitExit(false);
    try {
      if (!ready.await(60, TimeUnit.SECONDS)) {
        throw new IllegalStateException("JavaFX did not start");
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    started = true;
  }

  /// Runs on the JavaFX application thread and waits.
  public static <T> T on(Callable<T> task) throws Exception {
    FutureTask<T> future = new FutureTask<>(task);
    Platform.runLater(future);
    return future.get(60, TimeUnit.SECONDS);
  }

  /// Runs on the JavaFX application thread and waits.
  public static void run(Runnable task) throws Exception {
    on(() -> {
      task.run();
      return true;
    });
  }
}
