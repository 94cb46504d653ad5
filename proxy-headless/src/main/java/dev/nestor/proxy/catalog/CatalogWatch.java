package dev.nestor.proxy.catalog;

import dev.nestor.postgres.catalog.CatalogSnapshot;
import dev.nestor.postgres.sql.SqlAnalyzer;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps a snapshot of one database's catalog. Reads it at the start, whenever a session asks
/// because its own statement changed it, and when a digest that is polled every [#POLL_INTERVAL]
/// says that somebody past the gateway did. While the server cannot be asked, the last snapshot
/// stays, and whoever waits for a newer one waits.
///
/// Thread-safe. The thread that reads is the watch's own.
public final class CatalogWatch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(CatalogWatch.class);
  private static final Duration POLL_INTERVAL = Duration.ofSeconds(2);
  private static final Duration RETRY_INTERVAL = Duration.ofMillis(500);

  /// Readings in a row that may fail before the connection counts as broken.
  private static final int RACES_MAX = 20;

  /// Connects to the database as the gateway does.
  public interface Connector {
    /// A new connection; may block.
    ///
    /// @throws SQLException if there is none to be had
    Connection connect() throws SQLException;
  }

  /// A snapshot, and the digest that was taken just before it.
  private record State(CatalogSnapshot snapshot, String digest) {}

  private final SqlAnalyzer analyzer = new SqlAnalyzer();
  private final String name;
  private final Connector connector;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition wanted = lock.newCondition();
  private final List<CompletableFuture<Void>> waiting = new ArrayList<>();
  private final Thread thread;
  private volatile @Nullable State current;
  private boolean refreshWanted = true;
  private boolean closed;
  private long epoch;

  private CatalogWatch(String name, Connector connector) {
    this.name = name;
    this.connector = connector;
    this.thread = Thread.ofVirtual().name("catalog " + name).unstarted(this::run);
  }

  /// Begins to watch.
  ///
  /// @param name of the database, for the log
  public static CatalogWatch start(String name, Connector connector) {
    CatalogWatch watch = new CatalogWatch(name, connector);
    watch.thread.start();
    return watch;
  }

  /// The last snapshot; null before the first has been read.
  public @Nullable CatalogSnapshot snapshot() {
    @Nullable State state = current;
    return state == null ? null : state.snapshot();
  }

  /// Whether a digest says that a session sees the definitions of the last snapshot and no others.
  ///
  /// @param digest what [CatalogDigest#QUERY] gave in that session
  public boolean agrees(String digest) {
    @Nullable State state = current;
    return state != null && state.digest().equals(digest);
  }

  /// Reads statements against the snapshots of this watch; remembers what stands behind views.
  public SqlAnalyzer analyzer() {
    return analyzer;
  }

  /// Asks for a snapshot that is begun after this call.
  ///
  /// @return done when it is there
  public CompletableFuture<Void> refresh() {
    CompletableFuture<Void> done = new CompletableFuture<>();
    lock.lock();
    try {
      waiting.add(done);
      refreshWanted = true;
      wanted.signalAll();
    } finally {
      lock.unlock();
    }
    return done;
  }

  private void run() {
    String complaint = "";
    while (!isClosed()) {
      try (Connection connection = connector.connect()) {
        complaint = "";
        follow(connection);
      } catch (SQLException | IllegalArgumentException e) {
        String why = String.valueOf(e.getMessage());
        if (!why.equals(complaint)) { // once, however long it lasts
          LOG.warn("the catalog of {} cannot be read, statements wait: {}", name, why);
          complaint = why;
        }
        pauseBeforeRetry();
      }
    }
  }

  private void follow(Connection connection) throws SQLException {
    connection.setAutoCommit(true);
    CatalogReading reading = new CatalogReading(connection);
    String digest = "";
    int races = 0;
    while (!isClosed()) {
      List<CompletableFuture<Void>> served = take();
      try {
        String now = reading.digest();
        if (current == null || !now.equals(digest)) {
          current = new State(reading.read(now, ++epoch), now);
          digest = now;
        }
        races = 0;
      } catch (SQLException e) {
        giveBack(served);
        if (connection.isClosed() || ++races > RACES_MAX) {
          throw e;
        }
        continue; // a view has gone while its text was asked for
      } catch (RuntimeException e) {
        giveBack(served);
        throw e;
      }
      served.forEach(waiter -> waiter.complete(null));
      pause(POLL_INTERVAL);
    }
  }

  private List<CompletableFuture<Void>> take() {
    lock.lock();
    try {
      refreshWanted = false;
      List<CompletableFuture<Void>> taken = List.copyOf(waiting);
      waiting.clear();
      return taken;
    } finally {
      lock.unlock();
    }
  }

  private void giveBack(List<CompletableFuture<Void>> taken) {
    lock.lock();
    try {
      waiting.addAll(taken);
    } finally {
      lock.unlock();
    }
  }

  private void pause(Duration longest) {
    lock.lock();
    try {
      long left = longest.toNanos();
      while (!refreshWanted && !closed && left > 0) {
        left = wanted.awaitNanos(left);
      }
    } catch (InterruptedException e) {
      closed = true;
    } finally {
      lock.unlock();
    }
  }

  /// Whoever waits for a newer snapshot does not make a server answer sooner that cannot.
  private void pauseBeforeRetry() {
    lock.lock();
    try {
      long left = RETRY_INTERVAL.toNanos();
      while (!closed && left > 0) {
        left = wanted.awaitNanos(left);
      }
    } catch (InterruptedException e) {
      closed = true;
    } finally {
      lock.unlock();
    }
  }

  private boolean isClosed() {
    lock.lock();
    try {
      return closed;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      wanted.signalAll();
    } finally {
      lock.unlock();
    }
    thread.interrupt();
  }
}
