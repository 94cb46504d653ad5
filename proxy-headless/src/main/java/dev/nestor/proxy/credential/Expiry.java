package dev.nestor.proxy.credential;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Calls when a credential's time is over: a thread that sleeps until the next one.
final class Expiry implements AutoCloseable {
  /// The wall clock may be set while we sleep, so no sleep is longer.
  private static final Duration SLEEP_MAX = Duration.ofSeconds(1);

  private final Clock clock;
  private final Consumer<HeldCredential> expired;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final PriorityQueue<HeldCredential> waiting =
      new PriorityQueue<>(Comparator.comparing((HeldCredential each) -> each.token().expiresAt()));
  private final Thread thread = Thread.ofVirtual().name("expiry").unstarted(this::run);
  private boolean closed;

  Expiry(Clock clock, Consumer<HeldCredential> expired) {
    this.clock = clock;
    this.expired = expired;
  }

  void start() {
    thread.start();
  }

  void add(HeldCredential credential) {
    lock.lock();
    try {
      waiting.add(credential);
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  private void run() {
    @Nullable HeldCredential next = await();
    while (next != null) {
      expired.accept(next);
      next = await();
    }
  }

  /// The next one that is over; null when closed.
  private @Nullable HeldCredential await() {
    lock.lock();
    try {
      while (!closed) {
        HeldCredential first = waiting.peek();
        Instant now = clock.instant();
        if (first != null && !now.isBefore(first.token().expiresAt())) {
          return waiting.poll();
        }
        Duration sleep =
            first == null ? SLEEP_MAX : Duration.between(now, first.token().expiresAt());
        long nanos = Math.min(SLEEP_MAX.toNanos(), Math.max(1, saturated(sleep)));
        boolean ignored = changed.await(nanos, TimeUnit.NANOSECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      lock.unlock();
    }
    return null;
  }

  private static long saturated(Duration duration) {
    return duration.compareTo(SLEEP_MAX) > 0 ? SLEEP_MAX.toNanos() : duration.toNanos();
  }

  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
