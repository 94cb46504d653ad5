package dev.nestor.proxy.capture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nestor.proxy.session.SessionEnd;
import dev.nestor.recorder.archive.Archive;
import dev.nestor.recorder.archive.Frame;
import dev.nestor.recorder.event.RecordedEvent;
import dev.nestor.recorder.note.HostKey;
import dev.nestor.recorder.recording.Recorder;
import dev.nestor.recorder.recording.RecorderSettings;
import dev.nestor.recorder.recording.Ring;
import dev.nestor.recorder.recording.SessionHandle;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What nothing waits for comes into the record when the ring has room again, in its order.
class FullRingTest {
  private static final int RING_BYTES = 1 << 20;

  @TempDir Path archive;

  private final BlockingQueue<Runnable> loop = new LinkedBlockingQueue<>();

  private static void fill(Ring ring) {
    SessionHandle other = ring.openSession();
    for (int length = 16 << 10; length >= 8; length /= 2) {
      ByteBuffer content = ByteBuffer.wrap(new byte[length]);
      while (ring.append(other, Ring.Lane.RESULT, System.nanoTime(), content, 'D', 1, 0, length)
          != Ring.FULL) {
        // until there is no room; nothing of it is committed yet, so the recorder frees nothing
      }
    }
  }

  @Test
  void theEndOfASessionWaitsForRoomAndIsRecordedOnce() throws Exception {
    byte[] fatal = "E....SFATAL".getBytes(StandardCharsets.UTF_8);
    long number;
    try (Recorder recorder =
        Recorder.start(
            RecorderSettings.of(archive, HostKey.test(1)).withRings(1).withRingBytes(RING_BYTES))) {
      Ring ring = recorder.ring(0);
      SessionCapture capture = new SessionCapture(recorder, ring, loop::add, System::nanoTime);
      number = capture.number();
      fill(ring);

      capture.lastWords(fatal);
      capture.event(new RecordedEvent.Cancel(number, 0, true, "forwarded"));
      capture.event(
          new RecordedEvent.Kill(
              RecordedEvent.Trigger.REVOKED,
              0,
              0,
              1,
              RecordedEvent.ServerSide.TERMINATED,
              RecordedEvent.Transaction.NONE,
              0));
      capture.end(SessionEnd.Trigger.REVOKED, 0, 0, RecordedEvent.Transaction.NONE);
      Runnable later = loop.poll(10, TimeUnit.SECONDS);
      assertThat(later).as("the ring has room again").isNotNull();
      later.run();
    }

    assertThat(loop).isEmpty();
    try (Archive recorded = Archive.open(archive);
        var frames = recorded.frames(number, 1)) {
      List<Frame> all = frames.toList();
      assertThat(all).hasSize(4);
      assertThat(all.getFirst().payload().orElseThrow()).isEqualTo(fatal);
      assertThat(all.subList(1, 4))
          .map(frame -> frame.event().orElseThrow())
          .map(event -> event.getClass().getSimpleName())
          .containsExactly("Cancel", "Kill", "SessionEnd");
    }
  }
}
