package dev.nestor.benchmarks.archive;

import dev.nestor.recorder.recording.ArchiveBuilder;
import dev.nestor.recorder.recording.ObjectTable;
import dev.nestor.recorder.recording.Recorder;
import dev.nestor.recorder.recording.Ring;
import dev.nestor.recorder.recording.RowEnd;
import dev.nestor.recorder.recording.RowStart;
import dev.nestor.recorder.recording.SessionHandle;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// Records traffic once more: with the sessions, frames, events and rows that it had.
final class Replay {
  private static final int CHECKPOINT_CHUNKS = 64;
  private static final long WAIT_NANOS = 5_000_000;

  /// More than the quarter of the ring at which its recorder syncs at once; less of it waits for a
  /// second to pass.
  private static final long CROWDED_BYTES = 24L << 20;

  private Replay() {}

  /// What is handed in.
  enum Content {
    /// Everything.
    ALL,
    /// No statements and no events: what their columns and objects cost is the difference.
    FRAMES
  }

  /// Changes the bytes of a frame on their way.
  @FunctionalInterface
  interface Variation {
    byte[] vary(Traffic.Wire frame);

    /// As they were captured.
    static Variation none() {
      return Traffic.Wire::bytes;
    }
  }

  /// Into the open segment of an archive, chunks and checkpoints as the recorder's thread makes
  /// them. Nothing is closed.
  ///
  /// @param shift microseconds added to each time
  static void into(
      ArchiveBuilder archive,
      Traffic traffic,
      Content content,
      long shift,
      Variation variation,
      @Nullable Mcap mcap)
      throws IOException {
    into(archive, traffic, content, Integer.MAX_VALUE, CHECKPOINT_CHUNKS, shift, variation, mcap);
  }

  /// The same with small chunks.
  ///
  /// @param chunkFrames a chunk ends behind so many frames, if not earlier
  /// @param checkpointChunks a checkpoint follows so many chunks
  static void into(
      ArchiveBuilder archive,
      Traffic traffic,
      Content content,
      int chunkFrames,
      int checkpointChunks,
      long shift,
      Variation variation,
      @Nullable Mcap mcap)
      throws IOException {
    int[] objects = objects(archive.objects(), traffic);
    long[] sessions = new long[traffic.sessions()];
    long[] sequences = new long[traffic.sessions()];
    long chunks = 0;
    int framesInChunk = 0;
    for (Traffic.Step step : traffic.steps()) {
      if (sessions[step.session()] == 0) {
        sessions[step.session()] = archive.openSession();
      }
      long session = sessions[step.session()];
      long ts = step.ts() + shift;
      boolean frame = step instanceof Traffic.Wire || step instanceof Traffic.Event;
      if (frame && (++framesInChunk > chunkFrames || archive.isChunkFull())) {
        archive.sealChunk();
        framesInChunk = 1;
        if (++chunks % checkpointChunks == 0) {
          archive.checkpoint();
        }
      }
      switch (step) {
        case Traffic.Wire wire -> {
          byte[] bytes = variation.vary(wire);
          archive.frame(
              session,
              wire.lane(),
              ts,
              bytes,
              wire.type(),
              wire.messages(),
              wire.flags(),
              bytes.length + wire.wireDelta());
          if (mcap != null) {
            int channel = (int) session * 2 - (wire.lane() == Ring.Lane.COMMAND ? 1 : 0);
            mcap.message(channel, ++sequences[step.session()], ts * 1000, bytes);
          }
        }
        case Traffic.Event event -> {
          if (content == Content.ALL) {
            archive.event(session, ts, event.event());
          }
        }
        case Traffic.Decided decided -> {
          if (content == Content.ALL) {
            archive.decided(session, start(decided.row(), objects));
          }
        }
        case Traffic.Ended ended -> {
          if (content == Content.ALL) {
            archive.ended(session, ended.statement(), end(ended.row(), objects));
          }
        }
      }
    }
  }

  /// Through a ring of 64 MiB of a living recorder, a frame with its rows in each commit. Waits
  /// where the recorder is behind.
  static void into(Recorder recorder, Traffic traffic, long nanoBase) {
    Ring ring = recorder.ring(0);
    int[] objects = objects(recorder.objects(), traffic);
    @Nullable SessionHandle[] sessions = new SessionHandle[traffic.sessions()];
    long first = traffic.steps().getFirst().ts();
    long used = 0;
    for (Traffic.Step step : traffic.steps()) {
      SessionHandle session = sessions[step.session()];
      if (session == null) {
        session = ring.openSession();
        sessions[step.session()] = session;
      }
      long nanos = nanoBase + (step.ts() - first) * 1000;
      switch (step) {
        case Traffic.Wire wire -> {
          ring.commit();
          used += wire.bytes().length + 200L;
          if (used > 1 << 20) {
            used = 0;
            awaitRoom(ring);
          }
          long taken =
              ring.append(
                  session,
                  wire.lane(),
                  nanos,
                  ByteBuffer.wrap(wire.bytes()),
                  wire.type(),
                  wire.messages(),
                  wire.flags(),
                  wire.bytes().length + wire.wireDelta());
          check(taken != Ring.FULL);
        }
        case Traffic.Event event -> {
          ring.commit();
          check(ring.event(session, nanos, event.event()) != Ring.FULL);
        }
        case Traffic.Decided decided ->
            check(ring.decided(session, nanos, start(decided.row(), objects)) != Ring.FULL);
        case Traffic.Ended ended ->
            check(ring.ended(session, nanos, ended.statement(), end(ended.row(), objects)));
      }
    }
    check(ring.commit());
  }

  private static void awaitRoom(Ring ring) {
    while (ring.usedBytes() > CROWDED_BYTES) {
      LockSupport.parkNanos(WAIT_NANOS);
    }
  }

  private static void check(boolean taken) {
    if (!taken) {
      throw new IllegalStateException("the ring is full, or its recorder is dead");
    }
  }

  private static int[] objects(ObjectTable table, Traffic traffic) {
    List<dev.nestor.recorder.event.ArchiveObject> objects = traffic.objects();
    int[] numbers = new int[objects.size() + 1];
    Arrays.setAll(numbers, i -> i == 0 ? 0 : table.intern(objects.get(i - 1)));
    return numbers;
  }

  private static RowStart start(RowStart row, int[] objects) {
    return new RowStart(
        row.anchorFrame(),
        row.message(),
        row.part(),
        objects[row.planId()],
        row.decideMicros(),
        objects[row.inputsId()],
        row.continues(),
        row.credential());
  }

  private static RowEnd end(RowEnd row, int[] objects) {
    return new RowEnd(
        row.endFrame(),
        row.message(),
        row.rows(),
        row.outcome(),
        objects[row.tagId()],
        row.sqlState(),
        row.transaction(),
        row.bytes(),
        row.decision(),
        objects[row.maskId()]);
  }
}
