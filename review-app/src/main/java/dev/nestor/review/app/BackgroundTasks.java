package dev.nestor.review.app;

import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/// Threads for what reads files. Counts what runs, so that the tour knows when a screen is
/// complete.
///
/// What somebody waits for, such as the rows of a list, has threads of its own. What takes minutes
/// with a large archive, such as its verification and its survey, goes through [#patient()]: fewer
/// threads than processors, of the lowest priority, so that the window always has a processor.
public final class BackgroundTasks implements Executor, AutoCloseable {
  private final ExecutorService threads =
      Executors.newFixedThreadPool(
          2 + Math.max(2, Runtime.getRuntime().availableProcessors()),
          Thread.ofPlatform().name("workstation-", 1).daemon().factory());

  @SuppressWarnings(
      "ThreadPriorityCheck") // a hint, where the system takes hints; nothing relies on it
  private final ExecutorService patient =
      Executors.newFixedThreadPool(
          Math.max(1, Runtime.getRuntime().availableProcessors() - 1),
          Thread.ofPlatform()
              .name("workstation-patient-", 1)
              .daemon()
              .priority(Thread.MIN_PRIORITY)
              .factory());

  private final AtomicInteger running = new AtomicInteger();

  @Override
  public void execute(Runnable task) {
    execute(threads, task);
  }

  /// For what takes its time and must not be in the way.
  public Executor patient() {
    return task -> execute(patient, task);
  }

  private void execute(ExecutorService on, Runnable task) {
    running.incrementAndGet();
    on.execute(() -> {
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
    patient.shutdownNow();
  }
}
