package dev.nestor.benchmarks.archive;

import dev.nestor.recorder.archive.Archive;
import dev.nestor.recorder.archive.Frame;
import dev.nestor.recorder.chunk.Lane;
import dev.nestor.recorder.note.HostKey;
import dev.nestor.recorder.recording.Recorder;
import dev.nestor.recorder.recording.RecorderSettings;
import dev.nestor.recorder.recording.Ring;
import dev.nestor.recorder.recording.SessionHandle;
import dev.nestor.recorder.verify.ArchiveReport;
import dev.nestor.recorder.verify.ArchiveState;
import dev.nestor.recorder.verify.TrustedKeys;
import dev.nestor.recorder.verify.Verifier;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/// Target 7: kill -9 of a process that records, again and again. What it had committed, and said
/// so, must stand in the archive after the next start, and the archive must verify.
final class KillRuns {
  private static final int RINGS = 2;
  private static final int ACK_BYTES = 16;
  private static final int KILL_AFTER_MILLIS_MAX = 250;
  private static final int FRAME_BYTES = 480;

  private KillRuns() {}

  private static RecorderSettings settings(Path directory) {
    return RecorderSettings.of(directory.resolve("archive"), HostKey.test(1))
        .withRingDirectory(directory.resolve("shm"))
        .withRingBytes(4 << 20)
        .withRings(RINGS)
        .withSealAfter(Duration.ofMillis(20))
        .withSegments(2 << 20, Duration.ofHours(1));
  }

  /// What is killed: two loops record numbered frames, and say each number once it is committed.
  static final class Child {
    private Child() {}

    public static void main(String[] arguments) throws IOException {
      Recorder recorder = Recorder.start(settings(Path.of(arguments[0])));
      @SuppressWarnings("resource") // lives as long as the process
      FileOutputStream out = new FileOutputStream(FileDescriptor.out);
      for (int n = 0; n < RINGS; n++) {
        Ring ring = recorder.ring(n);
        Thread.ofPlatform().start(() -> record(ring, out));
      }
    }

    private static void record(Ring ring, FileOutputStream out) {
      SessionHandle session = ring.openSession();
      ByteBuffer frame = ByteBuffer.allocate(FRAME_BYTES);
      frame.put(0, (byte) 'Q').putInt(1, FRAME_BYTES - 1);
      byte[] ack = new byte[ACK_BYTES];
      ByteBuffer said = ByteBuffer.wrap(ack);
      for (long i = 0; ; i++) {
        byte[] number = Long.toString(i).getBytes(StandardCharsets.US_ASCII);
        frame.put(5, number).put(5 + number.length, (byte) 0);
        while (ring.append(
                session, Ring.Lane.COMMAND, System.nanoTime(), frame, 'Q', 1, 0, FRAME_BYTES)
            == Ring.FULL) {
          Thread.onSpinWait();
        }
        if (!ring.commit()) {
          return;
        }
        said.putLong(0, session.no()).putLong(8, i);
        try {
          out.write(ack); // a pipe takes so few bytes whole or not at all
        } catch (IOException e) {
          return;
        }
      }
    }
  }

  static List<Figure> measure(Path work, int runs) throws Exception {
    Random random = new Random(7);
    long acknowledged = 0;
    long lost = 0;
    int unverified = 0;
    for (int run = 0; run < runs; run++) {
      Path directory = work.resolve("kill-" + run);
      Folders.delete(directory);
      Files.createDirectories(directory.resolve("shm"));
      long[] last = recordAndKill(directory, 1 + random.nextInt(KILL_AFTER_MILLIS_MAX));
      Recorder.start(settings(directory)).close(); // recovers
      try (Archive archive = Archive.open(directory.resolve("archive"))) {
        for (int session = 1; session <= RINGS; session++) {
          acknowledged += last[session];
          lost += missing(archive, session, last[session]);
        }
        ArchiveReport report =
            Verifier.verify(archive, TrustedKeys.of(HostKey.test(1).verifierKey()));
        unverified += report.state() == ArchiveState.VERIFIED ? 0 : 1;
      }
      Folders.delete(directory);
      if ((run + 1) % 100 == 0) {
        System.err.println((run + 1) + " kills");
      }
    }
    return List.of(
        Figure.atMost(
            "7",
            "kill -9: acknowledged frames lost",
            (double) lost,
            0,
            runs + " kills, " + acknowledged + " frames acknowledged"),
        Figure.atMost("7", "kill -9: archives that do not verify afterwards", unverified, 0, ""));
  }

  /// @return frames acknowledged by session number
  private static long[] recordAndKill(Path directory, int millis) throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xshare:auto",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                Child.class.getName(),
                directory.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    long[] acknowledged = new long[RINGS + 1];
    try (DataInputStream in =
        new DataInputStream(new java.io.BufferedInputStream(process.getInputStream()))) {
      Thread killer = null;
      while (true) {
        long session = in.readLong();
        acknowledged[(int) session] = in.readLong() + 1;
        if (killer == null) {
          killer = kill(process, millis);
        }
      }
    } catch (EOFException e) {
      // it is dead
    } catch (IOException e) {
      // so it is: the stream was closed under us
    }
    if (!process.waitFor(20, TimeUnit.SECONDS)) {
      throw new IOException("the process did not die");
    }
    return acknowledged;
  }

  private static Thread kill(Process process, int millis) {
    return Thread.ofVirtual()
        .start(() -> {
          try {
            Thread.sleep(millis);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          process.toHandle().destroyForcibly(); // the process's own would close its output too
        });
  }

  private static long missing(Archive archive, long session, long acknowledged) {
    BitSet found = new BitSet();
    archive
        .frames(session, 1)
        .filter(frame -> frame.meta().lane() == Lane.CMD)
        .forEach(frame -> found.set(number(frame)));
    return acknowledged - found.get(0, (int) acknowledged).cardinality();
  }

  private static int number(Frame frame) {
    byte[] bytes = frame.payload().orElseThrow();
    int end = 5;
    while (bytes[end] != 0) {
      end++;
    }
    return Integer.parseInt(
        new String(Arrays.copyOfRange(bytes, 5, end), StandardCharsets.US_ASCII));
  }
}
