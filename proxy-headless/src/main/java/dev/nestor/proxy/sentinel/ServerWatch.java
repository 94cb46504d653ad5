package dev.nestor.proxy.sentinel;

import dev.nestor.recorder.bytes.Bytes;
import dev.nestor.recorder.event.RecordedEvent;
import dev.nestor.recorder.recording.Recorder;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.IntPredicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Watches one database of one server: sessions past the gateway, and who may do what. Both go into
/// the record: findings, and a snapshot of the entitlements at the start and whenever it changes.
public final class ServerWatch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ServerWatch.class);
  private static final int EVENT_LANE = 3;
  private static final Duration ENTITLEMENTS_EVERY = Duration.ofSeconds(10);

  private final Settings settings;
  private final Recorder recorder;
  private final Consumer<List<RecordedEvent>> record;
  private final BypassSentinel sentinel;
  private final Clock clock;
  private final Thread thread;
  private final CountDownLatch closing = new CountDownLatch(1);
  private Bytes lastHash = Bytes.EMPTY;
  private Instant entitlementsDue = Instant.MIN;
  private boolean complained;

  /// What is watched, and how.
  ///
  /// @param database its name on the server
  /// @param every time between two looks
  /// @param end whether sessions past the gateway are ended
  /// @param exceptRoles roles that may come directly
  public record Settings(
      String database, Connector connector, Duration every, boolean end, Set<String> exceptRoles) {
    /// Copies the set.
    public Settings {
      exceptRoles = Set.copyOf(exceptRoles);
    }
  }

  /// Connects to the database as the gateway does.
  public interface Connector {
    /// A new connection; may block.
    ///
    /// @throws SQLException if there is none to be had
    Connection connect() throws SQLException;
  }

  private ServerWatch(
      Settings settings,
      IntPredicate ours,
      Recorder recorder,
      Consumer<List<RecordedEvent>> record,
      Clock clock) {
    this.settings = settings;
    this.recorder = recorder;
    this.record = record;
    this.clock = clock;
    this.sentinel = new BypassSentinel(ours, settings.exceptRoles(), settings.end());
    this.thread = Thread.ofVirtual().name("watch " + settings.database()).unstarted(this::run);
  }

  /// Begins to watch.
  ///
  /// @param ours whether the gateway has opened the session of a server process
  /// @param record writes events of no session; any thread
  public static ServerWatch start(
      Settings settings,
      IntPredicate ours,
      Recorder recorder,
      Consumer<List<RecordedEvent>> record,
      Clock clock) {
    ServerWatch watch = new ServerWatch(settings, ours, recorder, record, clock);
    watch.thread.start();
    return watch;
  }

  private void run() {
    while (!isClosed()) {
      try (Connection connection = settings.connector().connect()) {
        complained = false;
        while (!isClosed()) {
          look(connection);
          pause(settings.every());
        }
      } catch (SQLException | IOException e) {
        if (!complained && !isClosed()) {
          complained = true;
          LOG.warn("{} cannot be watched: {}", settings.database(), e.getMessage());
        }
        pause(settings.every());
      } catch (RuntimeException e) { // the watch goes on
        LOG.error("fault while {} was watched", settings.database(), e);
        pause(settings.every());
      }
    }
  }

  private void look(Connection connection) throws SQLException, IOException {
    List<RecordedEvent.Finding> findings = sentinel.scan(connection);
    for (RecordedEvent.Finding finding : findings) {
      LOG.warn(
          "process {} of role {} is on {} past the gateway{}",
          finding.backendPid(),
          finding.role(),
          settings.database(),
          finding.ended() > 0 ? "; ended" : "");
    }
    if (!findings.isEmpty()) {
      record.accept(List.copyOf(findings));
    }
    Instant now = clock.instant();
    if (!now.isBefore(entitlementsDue)) {
      entitlementsDue = now.plus(ENTITLEMENTS_EVERY);
      entitlements(EntitlementSnapshot.read(connection), now);
    }
  }

  private void entitlements(EntitlementSnapshot snapshot, Instant now) throws IOException {
    Bytes hash = Bytes.of(sha256(snapshot.bytes()));
    if (hash.equals(lastHash)) {
      return;
    }
    Bytes attached = recorder.attach(EVENT_LANE, snapshot.bytes());
    record.accept(
        List.of(
            new RecordedEvent.Entitlements(
                attached,
                settings.database(),
                attached.toHex().substring(0, 12),
                "",
                0,
                lastHash,
                Math.max(0, now.getEpochSecond() * 1_000_000 + now.getNano() / 1000),
                snapshot.counts())));
    lastHash = hash;
  }

  private static byte[] sha256(byte[] bytes) {
    try {
      return java.security.MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (java.security.NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  private void pause(Duration longest) {
    try {
      boolean ignored = closing.await(longest.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      closing.countDown();
    }
  }

  private boolean isClosed() {
    return closing.getCount() == 0;
  }

  @Override
  public void close() {
    closing.countDown();
    thread.interrupt();
  }
}
