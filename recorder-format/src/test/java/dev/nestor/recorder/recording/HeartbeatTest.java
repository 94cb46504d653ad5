package dev.nestor.recorder.recording;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nestor.recorder.archive.Archive;
import dev.nestor.recorder.event.RecordedEvent;
import dev.nestor.recorder.note.HostKey;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a recorder says of itself while nobody asks, on a clock that the test moves.
class HeartbeatTest {
  /// More than it looks at its clock in a few rounds.
  private static final int LOOKS = 60;

  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  @TempDir private Path directory;

  private final AtomicLong nanos = new AtomicLong(System.nanoTime());
  private final AtomicLong wallAhead = new AtomicLong();
  private final AtomicLong looks = new AtomicLong();

  /// Wall time: the monotonic one, and by how much somebody set it forward.
  private final class Wall extends Clock {
    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }

    @Override
    public Instant instant() {
      return START.plusNanos(nanos.get() + wallAhead.get());
    }
  }

  private RecorderSettings settings() throws Exception {
    return RecorderSettings.of(directory.resolve("archive"), HostKey.test(1))
        .withRingDirectory(Files.createDirectories(directory.resolve("shm")))
        .withRingBytes(1 << 20)
        .withTime(
            new Wall(),
            () -> {
              looks.incrementAndGet();
              return nanos.get();
            });
  }

  /// Moves time on, and waits until the recorder has gone round its loop with it.
  private void advance(Duration time) throws InterruptedException {
    nanos.addAndGet(time.toNanos());
    long before = looks.get();
    for (int waited = 0; looks.get() < before + LOOKS; waited++) {
      assertThat(waited).as("waiting for the recorder").isLessThan(6000);
      TimeUnit.MILLISECONDS.sleep(10);
    }
  }

  private <T extends RecordedEvent> List<T> events(Class<T> type) throws Exception {
    try (Archive archive = Archive.open(directory.resolve("archive"))) {
      return archive
          .events(1)
          .flatMap(frame -> frame.event().stream())
          .filter(type::isInstance)
          .map(type::cast)
          .toList();
    }
  }

  @Test
  void aHeartbeatEveryMinuteSaysHowFarTheArchiveIs() throws Exception {
    try (Recorder recorder = Recorder.start(settings())) {
      Ring ring = recorder.ring(0);
      SessionHandle session = ring.openSession();
      ring.event(session, nanos.get(), Samples.head(1));
      for (int i = 0; i < 3; i++) {
        assertThat(RecorderTest.query(recorder, ring, session, "select " + i)).isTrue();
      }
      advance(Duration.ZERO); // its thread has begun to count
      advance(Duration.ofSeconds(61));
      advance(Duration.ofSeconds(61));
    }

    List<RecordedEvent.Heartbeat> beats = events(RecordedEvent.Heartbeat.class);
    assertThat(beats).hasSize(2);
    assertThat(beats.getLast().statements()).isEqualTo(3);
    assertThat(beats.getLast().liveSessions()).isEqualTo(1);
    assertThat(beats.getLast().frames())
        .isGreaterThanOrEqualTo(10); // RECORDER, CLOCK, 1 + 3 x 2, a beat
    assertThat(beats.getFirst().ringPeak()).isNotNegative();
  }

  @Test
  void theClockIsNotedAtTheStartEveryTenMinutesAndWhenItJumps() throws Exception {
    try (Recorder recorder = Recorder.start(settings())) {
      assertThat(recorder.failure()).isEmpty();
      advance(Duration.ZERO);
      advance(Duration.ofSeconds(1));
      wallAhead.addAndGet(Duration.ofSeconds(2).toNanos());
      advance(Duration.ofSeconds(1));
      advance(Duration.ofSeconds(601));
    }

    assertThat(events(RecordedEvent.Clock.class))
        .extracting(RecordedEvent.Clock::wallMinusArchive, RecordedEvent.Clock::jump)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple(0L, 0L),
            org.assertj.core.groups.Tuple.tuple(2_000_000L, 2_000_000L),
            org.assertj.core.groups.Tuple.tuple(2_000_000L, 0L));
  }
}
