package dev.nestor.recorder.recording;

import dev.nestor.recorder.bytes.Bytes;
import dev.nestor.recorder.event.ArchiveObject;
import dev.nestor.recorder.event.RecordedEvent;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/// The one thread behind the rings: takes what was committed in the order of its time, seals
/// chunks, signs, syncs, frees the rings, closes segments.
final class RecorderThread implements Runnable {
  private static final long PARK_NANOS = 5_000_000;
  private static final long SECOND_NANOS = 1_000_000_000;
  private static final long SYNC_BYTES = 16 << 20;
  private static final int CHECKPOINT_CHUNKS = 64;
  private static final long HEARTBEAT_NANOS = 60 * SECOND_NANOS;
  private static final long CLOCK_NANOS = 600 * SECOND_NANOS;
  private static final long CLOCK_JUMP_MICROS = 50_000;

  private final Recorder recorder;
  private final RecorderSettings settings;
  private final ArchiveBuilder archive;
  private final List<RingReader> rings;
  private final long[] sealedTo;

  private volatile boolean abandoned;
  private boolean anythingOpen;
  private boolean anythingUnsynced;
  private long openSince;
  private long unsyncedSince;
  private long segmentSince;
  private long lastHeartbeat;
  private long lastClock;
  private long lastClockDifference;
  private long marks;
  private long ringPeak;

  RecorderThread(Recorder recorder, ArchiveBuilder archive, List<RingReader> rings) {
    this.recorder = recorder;
    this.settings = recorder.settings();
    this.archive = archive;
    this.rings = rings;
    this.sealedTo = new long[rings.size()];
  }

  void abandon() {
    abandoned = true;
  }

  @Override
  public void run() {
    try {
      long now = settings.nanoTime().getAsLong();
      segmentSince = now;
      lastHeartbeat = now;
      open(RecordedEvent.RecorderStep.START);
      archive.event(0, time(), clock(0));
      opened();
      while (!recorder.isClosing() && !abandoned && recorder.failure().isEmpty()) {
        boolean busy = drain();
        housekeeping();
        if (!busy && !recorder.isRoomWanted()) {
          LockSupport.parkNanos(this, PARK_NANOS);
        }
      }
      if (abandoned || recorder.failure().isPresent()) {
        archive.abandon();
      } else {
        close();
      }
    } catch (IOException e) {
      diskFailed(e);
    } catch (InternalError e) { // the memory behind a ring is gone
      recorder.fail("a ring cannot be read", e);
    } catch (RuntimeException e) {
      recorder.fail("the recorder failed: " + e.getMessage(), e);
    } finally {
      runWhenFreed();
    }
  }

  private void diskFailed(IOException e) {
    recorder.fail("the archive cannot be written: " + e.getMessage(), e);
    try {
      for (RingReader ring : rings) {
        ring.memory().unmark(archive.segment().header().number(), archive.segment().nextSeq());
      }
      archive.closeOnFullDisk(
          new RecordedEvent.Gap(RecordedEvent.GapCause.DISK, 0, 0, 0, archive.lastTs(), time()),
          time());
    } catch (IOException | RuntimeException second) {
      e.addSuppressed(second); // the segment stays open, as after a crash
    }
  }

  private void close() throws IOException {
    while (drain()) {
      seal();
    }
    open(RecordedEvent.RecorderStep.STOP);
    attach();
    seal();
    archive.sessionsGivenOut(recorder.sessionsGivenOut());
    archive.close();
  }

  /// Takes everything that is committed now; true if there was anything.
  private boolean drain() throws IOException {
    boolean any = false;
    for (Optional<RingReader> next = ArchiveRecovery.earliest(rings);
        next.isPresent();
        next = ArchiveRecovery.earliest(rings)) {
      if (archive.isChunkFull()) {
        seal();
        housekeeping();
      }
      RingReader ring = next.get();
      do {
        ring.take(archive, archive.objects());
      } while (ring.isNextAttached());
      any = true;
      opened();
    }
    return any;
  }

  private void opened() {
    if (!anythingOpen) {
      anythingOpen = true;
      openSince = settings.nanoTime().getAsLong();
    }
  }

  private void housekeeping() throws IOException {
    long now = settings.nanoTime().getAsLong();
    boolean crowded = isCrowded();
    attach();
    clockAndHeartbeat(now);
    if (anythingOpen && (crowded || now - openSince >= settings.sealAfter().toNanos())) {
      seal();
    }
    long unsynced = archive.segment().tail() - archive.segment().durable();
    if (anythingUnsynced
        && (crowded
            || now - unsyncedSince >= SECOND_NANOS
            || unsynced >= SYNC_BYTES
            || archive.segment().chunksSinceCheckpoint() >= CHECKPOINT_CHUNKS)) {
      archive.checkpoint();
      sync();
    }
    if (!anythingOpen && !anythingUnsynced) {
      runWhenFreed(); // there is nothing to wait for
    }
    if (archive.segment().tail() >= settings.segmentBytes()
        || now - segmentSince >= settings.segmentAge().toNanos()) {
      roll(now);
    }
  }

  /// True if a ring is so full that the next sync must not wait.
  private boolean isCrowded() {
    boolean crowded = recorder.isRoomWanted();
    for (RingReader ring : rings) {
      long used = ring.position() - ring.memory().freed();
      ringPeak = Math.max(ringPeak, used);
      recorder.ringHeld(used);
      crowded |= used > ring.memory().capacity() / 4;
    }
    return crowded;
  }

  private void attach() throws IOException {
    for (Recorder.Attached next = recorder.nextAttached();
        next != null;
        next = recorder.nextAttached()) {
      archive.attach(next.keyLane(), next.content());
      unsynced();
    }
  }

  /// Notes in the rings how far the chunk takes them, then writes it.
  private void seal() throws IOException {
    if (!anythingOpen) {
      return;
    }
    for (int n = 0; n < rings.size(); n++) {
      RingReader ring = rings.get(n);
      ring.memory()
          .mark(
              marks,
              archive.segment().header().number(),
              archive.segment().nextSeq(),
              ring.position());
    }
    marks++;
    archive.sessionsGivenOut(recorder.sessionsGivenOut());
    archive.sealChunk();
    for (int n = 0; n < rings.size(); n++) {
      sealedTo[n] = rings.get(n).position();
    }
    anythingOpen = false;
    unsynced();
  }

  private void unsynced() {
    if (!anythingUnsynced) {
      anythingUnsynced = true;
      unsyncedSince = settings.nanoTime().getAsLong();
    }
  }

  private void sync() throws IOException {
    archive.segment().sync();
    anythingUnsynced = false;
    free();
  }

  private void free() {
    for (int n = 0; n < rings.size(); n++) {
      rings.get(n).memory().freed(sealedTo[n]);
    }
    runWhenFreed();
  }

  private void runWhenFreed() {
    for (Runnable callback = recorder.nextWhenFreed();
        callback != null;
        callback = recorder.nextWhenFreed()) {
      callback.run();
    }
  }

  private void roll(long now) throws IOException {
    seal();
    long ts = time();
    archive.nextSegment(
        ArchiveRecovery.nanos(settings.clock().instant()),
        ts,
        List.of(recorderEvent(RecordedEvent.RecorderStep.CONFIG), clock(0)));
    segmentSince = now;
    lastClock = now;
    anythingUnsynced = true;
    opened();
    free();
  }

  private void clockAndHeartbeat(long now) {
    long difference = difference();
    long jump = difference - lastClockDifference;
    if (now - lastClock >= CLOCK_NANOS || Math.abs(jump) > CLOCK_JUMP_MICROS) {
      archive.event(0, time(), clock(jump));
      lastClock = now;
      opened();
    }
    if (now - lastHeartbeat >= HEARTBEAT_NANOS) {
      archive.event(
          0,
          time(),
          new RecordedEvent.Heartbeat(
              archive.lastFrame(),
              archive.lastStatement(),
              archive.liveSessions().size(),
              0,
              ringPeak,
              0,
              0));
      ringPeak = 0;
      lastHeartbeat = now;
      opened();
    }
  }

  private RecordedEvent.Clock clock(long jump) {
    lastClockDifference = difference();
    lastClock = settings.nanoTime().getAsLong();
    return new RecordedEvent.Clock(
        lastClockDifference, Math.abs(jump) > CLOCK_JUMP_MICROS ? jump : 0, "system", 0, 0);
  }

  private long difference() {
    return ArchiveRecovery.nanos(settings.clock().instant()) / 1000 - time();
  }

  private long time() {
    return recorder.archiveTime(settings.nanoTime().getAsLong());
  }

  private void open(RecordedEvent.RecorderStep step) {
    archive.event(0, time(), recorderEvent(step));
    anythingOpen = true;
  }

  private RecordedEvent.RecorderEvent recorderEvent(RecordedEvent.RecorderStep step) {
    return new RecordedEvent.RecorderEvent(
        step,
        settings.software(),
        settings.host(),
        Bytes.EMPTY,
        "",
        Bytes.EMPTY,
        0,
        ArchiveObject.Capture.UNSET);
  }
}
