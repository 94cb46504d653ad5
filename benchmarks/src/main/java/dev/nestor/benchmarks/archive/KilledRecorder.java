package dev.nestor.benchmarks.archive;

import dev.nestor.recorder.note.HostKey;
import dev.nestor.recorder.recording.Recorder;
import dev.nestor.recorder.recording.RecorderSettings;
import dev.nestor.recorder.recording.Ring;
import dev.nestor.recorder.recording.SessionHandle;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/// The program that is killed: two loops record numbered frames as fast as they can, and say each
/// number on the standard output once it is committed.
final class KilledRecorder {
  static final int RINGS = 2;

  /// What is said of a frame: u64 session, u64 number, big-endian.
  static final int ACK_BYTES = 16;

  private static final int FRAME_BYTES = 480;
  private static final int TRAINING_FRAMES = 20_000;
  private static final long FULL_NANOS = 20_000;

  private KilledRecorder() {}

  /// Arguments: the folder; and `train` for one that stops by itself.
  public static void main(String[] arguments) throws Exception {
    Recorder recorder = Recorder.start(settings(Path.of(arguments[0])));
    boolean training = arguments.length > 1;
    FileOutputStream out = training ? null : new FileOutputStream(FileDescriptor.out);
    Thread[] loops = new Thread[RINGS];
    for (int n = 0; n < RINGS; n++) {
      Ring ring = recorder.ring(n);
      loops[n] = Thread.ofPlatform().start(() -> record(ring, out));
    }
    for (Thread loop : loops) {
      loop.join();
    }
    recorder.close();
  }

  /// Small rings and segments: within a few thousandths of a second rings wrap, chunks are written
  /// and synced, segments are closed and begun.
  static RecorderSettings settings(Path directory) {
    return RecorderSettings.of(directory.resolve("archive"), HostKey.test(1))
        .withRingDirectory(directory.resolve("shm"))
        .withRingBytes(1 << 20)
        .withRings(RINGS)
        .withSealAfter(Duration.ofMillis(5))
        .withSegments(1 << 20, Duration.ofHours(1));
  }

  private static void record(Ring ring, @org.jspecify.annotations.Nullable FileOutputStream out) {
    SessionHandle session = ring.openSession();
    ByteBuffer frame = ByteBuffer.allocate(FRAME_BYTES);
    frame.put(0, (byte) 'Q').putInt(1, FRAME_BYTES - 1);
    byte[] ack = new byte[ACK_BYTES];
    ByteBuffer said = ByteBuffer.wrap(ack);
    for (long i = 0; out != null || i < TRAINING_FRAMES; i++) {
      byte[] number = Long.toString(i).getBytes(StandardCharsets.US_ASCII);
      frame.put(5, number).put(5 + number.length, (byte) 0);
      while (ring.append(
              session, Ring.Lane.COMMAND, System.nanoTime(), frame, 'Q', 1, 0, FRAME_BYTES)
          == Ring.FULL) {
        LockSupport.parkNanos(FULL_NANOS);
      }
      if (!ring.commit()) {
        throw new IllegalStateException("the recorder is dead");
      }
      said.putLong(0, session.no()).putLong(8, i);
      try {
        if (out != null) {
          out.write(ack); // a pipe takes so few bytes whole or not at all
        }
      } catch (IOException e) {
        return;
      }
    }
  }
}
