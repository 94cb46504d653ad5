package dev.nestor.review.ui;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Watches the thread of the window: sends it a heartbeat and, where none comes back in time, keeps
/// what the thread was at. A stall is logged with that stack.
///
/// **Threads.** Its own, a daemon; every method may be called from any thread.
public final class WindowWatch implements AutoCloseable {
  /// Longer, and somebody feels it.
  public static final Duration LIMIT = Duration.ofMillis(100);

  /// Who computes for so long is told of on the console, and not in the log alone.
  private static final Duration LOUD = Duration.ofSeconds(1);

  private static final Logger LOG = System.getLogger("dev.nestor.review.window");
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
  private static final long BETWEEN_MILLIS = 25;
  private static final int KEPT_MAX = 50;

  /// A time in which the window did not answer.
  ///
  /// @param length how long
  /// @param busy how much of it its thread computed; the rest it waited, for something or for a
  ///   processor
  /// @param waiting whether it waited for something, a lock or a file, when the limit was over
  /// @param stack what it was at then, the innermost first
  public record Stall(
      Duration length, Duration busy, boolean waiting, List<StackTraceElement> stack) {
    public Stall {
      stack = List.copyOf(stack);
    }

    /// In lines, with the stack.
    public String text() {
      return Stream.concat(
              Stream.of(
                  "The window did not answer for %d ms (%d ms computing%s)"
                      .formatted(length.toMillis(), busy.toMillis(), waiting ? ", waiting" : "")),
              stack.stream().map(each -> "  at " + each))
          .collect(Collectors.joining(System.lineSeparator()));
    }
  }

  private final Executor window;
  private final Duration limit;
  private final Thread thread;
  private final Deque<Stall> last = new ArrayDeque<>();
  private long stalls;
  private Duration longest = Duration.ZERO;
  private volatile boolean over;

  private WindowWatch(Executor window, Duration limit) {
    this.window = window;
    this.limit = limit;
    thread = Thread.ofPlatform().daemon().name("window-watch").unstarted(this::watch);
  }

  /// Begins to watch.
  ///
  /// @param window runs tasks on the watched thread, `Platform::runLater` in production
  public static WindowWatch start(Executor window, Duration limit) {
    WindowWatch watch = new WindowWatch(window, limit);
    watch.thread.start();
    return watch;
  }

  /// The last stalls, the oldest first, at most 50.
  public List<Stall> stalls() {
    synchronized (last) {
      return List.copyOf(last);
    }
  }

  /// How the window did so far, in a sentence.
  public String summary() {
    synchronized (last) {
      return stalls == 0
          ? "The window always answered within %d ms.".formatted(limit.toMillis())
          : "The window did not answer within %d ms %s; the longest took %d ms, last in %s."
              .formatted(
                  limit.toMillis(),
                  stalls == 1 ? "once" : Words.number(stalls) + " times",
                  longest.toMillis(),
                  place(last.getLast()));
    }
  }

  /// The innermost place of our own.
  private static String place(Stall stall) {
    return stall.stack().stream()
        .filter(each -> each.getClassName().startsWith("dev.nestor."))
        .findFirst()
        .or(() -> stall.stack().stream().findFirst())
        .map(each ->
            each.getClassName().substring(each.getClassName().lastIndexOf('.') + 1)
                + "."
                + each.getMethodName())
        .orElse("an unknown place");
  }

  private void watch() {
    try {
      Thread watched = beat().get();
      while (!over) {
        Beat beat = beat();
        long busyBefore = cpu(watched);
        if (!beat.came.await(limit.toNanos(), TimeUnit.NANOSECONDS)) {
          Thread.State state = watched.getState();
          List<StackTraceElement> stack = List.of(watched.getStackTrace());
          beat.came.await();
          told(
              new Stall(
                  Duration.ofNanos(System.nanoTime() - beat.sent),
                  Duration.ofNanos(Math.max(0, cpu(watched) - busyBefore)),
                  state != Thread.State.RUNNABLE,
                  stack));
        }
        Thread.sleep(BETWEEN_MILLIS);
      }
    } catch (InterruptedException e) {
      // closed
    } catch (RuntimeException e) {
      if (!over) { // the toolkit may end before the window's watch does
        LOG.log(Level.DEBUG, "the window is no longer watched", e);
      }
    }
  }

  private static long cpu(Thread thread) {
    return THREADS.isThreadCpuTimeSupported() ? THREADS.getThreadCpuTime(thread.threadId()) : 0;
  }

  /// A heartbeat on its way.
  private static final class Beat {
    private final CountDownLatch came = new CountDownLatch(1);
    private final long sent = System.nanoTime();
    private volatile Thread by = Thread.currentThread();

    private Thread get() throws InterruptedException {
      came.await();
      return by;
    }
  }

  private Beat beat() {
    Beat beat = new Beat();
    window.execute(() -> {
      beat.by = Thread.currentThread();
      beat.came.countDown();
    });
    return beat;
  }

  private void told(Stall stall) {
    synchronized (last) {
      stalls++;
      longest = stall.length().compareTo(longest) > 0 ? stall.length() : longest;
      last.addLast(stall);
      if (last.size() > KEPT_MAX) {
        last.removeFirst();
      }
    }
    boolean loud = stall.busy().compareTo(LOUD) >= 0;
    LOG.log(loud ? Level.WARNING : Level.DEBUG, stall::text);
  }

  @Override
  public void close() {
    over = true;
    thread.interrupt();
  }
}
