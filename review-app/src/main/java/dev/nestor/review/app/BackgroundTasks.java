package dev.nestor.review.app;

import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/// Threads for what reads files. Counts what runs, so that the tour knows when a screen is
/// complete.
///
/// More threads than processors: the verification and the survey of a large archive take one each
/// for as long as they last, and the rows that somebody waits for must not wait for them.
public final class BackgroundTasks implements Executor, AutoCloseable {
  private final ExecutorService threads =
      Executors.newFixedThreadPool(
          2 + Math.max(2, Runtime.getRuntime().availableProcessors()),
          Thread.ofPlatform().name("workstation-", 1).daemon().factory());
  private final AtomicInteger running = new AtomicInteger();

  @Override
  public void execute(Runnable task) {
    running.incrementAndGet();
    threads.execute(() -> {
      try {
        task.run();
      } finally {
        running.decrementAndGet();
      }
    });
  }

  /// Whether nothing runs or waits.
  public boolean isIdle() {
    return running.get() == 0;
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
