package dev.nestor.benchmarks.archive;

import dev.nestor.recorder.note.HostKey;
import dev.nestor.recorder.recording.Recorder;
import dev.nestor.recorder.recording.RecorderSettings;
import dev.nestor.recorder.recording.Ring;
import dev.nestor.recorder.recording.SessionHandle;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/// Target 5: what a frame of 480 bytes costs the event loop, an append and a commit into the ring
/// of a recorder at work, against a plain copy of the same bytes into memory of the ring's size.
final class AppendCost {
  private static final int FRAME_BYTES = 480;
  private static final int BATCH = 256;
  private static final int SOURCES = 64;
  private static final int RING_BYTES = 64 << 20;

  private AppendCost() {}

  static List<Figure> measure(Path work, Traffic traffic, int samples) throws Exception {
    ByteBuffer[] sources = sources(traffic);
    double[] appended = new double[samples];
    double[] copied = new double[samples];
    double allocated;
    ByteBuffer target = ByteBuffer.allocateDirect(RING_BYTES);
    RecorderSettings settings =
        RecorderSettings.of(work.resolve("append"), HostKey.test(1)).withRingBytes(RING_BYTES);
    try (Recorder recorder = Recorder.start(settings)) {
      Ring ring = recorder.ring(0);
      SessionHandle session = ring.openSession();
      sample(ring, session, sources, target, new double[samples], new double[samples]); // warm up
      allocated = sample(ring, session, sources, target, appended, copied);
    }
    Folders.delete(work.resolve("append"));
    double append = Cpu.percentile(appended, 50);
    double copy = Cpu.percentile(copied, 50);
    return List.of(
        Figure.atMost(
            "5",
            "event loop, 480 B: append + commit, x copying the bytes",
            append / copy,
            4,
            String.format(
                Locale.ROOT,
                "p50 %.0f ns, copy %.0f ns; p99 %.0f ns",
                append,
                copy,
                Cpu.percentile(appended, 99))),
        Figure.atMost("5", "event loop, 480 B: ns p50", append, 120, ""),
        Figure.atMost("5", "event loop: bytes allocated a frame", allocated, 0, ""));
  }

  /// @return bytes allocated for each frame, the median of the batches
  private static double sample(
      Ring ring,
      SessionHandle session,
      ByteBuffer[] sources,
      ByteBuffer target,
      double[] appended,
      double[] copied)
      throws InterruptedException {
    double[] allocated = new double[appended.length];
    int at = 0;
    for (int sample = 0; sample < appended.length; sample++) {
      while (ring.usedBytes() > RING_BYTES / 2) { // from a quarter on the recorder syncs at once
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
      }
      long memory = Cpu.allocated();
      long now = System.nanoTime();
      for (int i = 0; i < BATCH; i++) {
        ring.append(session, Ring.Lane.RESULT, now, sources[i % SOURCES], 'D', 1, 0, FRAME_BYTES);
        ring.commit();
      }
      appended[sample] = (double) (System.nanoTime() - now) / BATCH;
      allocated[sample] = Cpu.allocated() - memory;
      now = System.nanoTime();
      for (int i = 0; i < BATCH; i++) {
        target.put(at, sources[i % SOURCES], 0, FRAME_BYTES);
        at += FRAME_BYTES;
        if (at > RING_BYTES - FRAME_BYTES) {
          at = 0;
        }
      }
      copied[sample] = (double) (System.nanoTime() - now) / BATCH;
    }
    return Cpu.median(allocated) / BATCH;
  }

  /// Frames of captured results, cut to the length.
  private static ByteBuffer[] sources(Traffic traffic) {
    ByteBuffer[] sources = new ByteBuffer[SOURCES];
    int found = 0;
    for (Traffic.Step step : traffic.steps()) {
      if (found < SOURCES
          && step instanceof Traffic.Wire wire
          && wire.lane() == Ring.Lane.RESULT
          && wire.bytes().length >= FRAME_BYTES) {
        sources[found++] =
            ByteBuffer.allocateDirect(FRAME_BYTES).put(wire.bytes(), 0, FRAME_BYTES).flip();
      }
    }
    if (found < SOURCES) {
      throw new IllegalStateException("the capture has only " + found + " frames of 480 B");
    }
    return sources;
  }
}
