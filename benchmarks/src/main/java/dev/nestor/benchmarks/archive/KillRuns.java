package dev.nestor.benchmarks.archive;

import com.github.luben.zstd.Zstd;
import dev.nestor.recorder.archive.Archive;
import dev.nestor.recorder.archive.Frame;
import dev.nestor.recorder.chunk.Lane;
import dev.nestor.recorder.note.HostKey;
import dev.nestor.recorder.recording.Recorder;
import dev.nestor.recorder.verify.ArchiveReport;
import dev.nestor.recorder.verify.ArchiveState;
import dev.nestor.recorder.verify.TrustedKeys;
import dev.nestor.recorder.verify.Verifier;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/// Target 7: kill -9 of a process that records, again and again, at a random moment. What it had
/// committed, and said so, must stand in the archive after the next start, and the archive must
/// verify.
final class KillRuns {
  /// Several times what the rings hold: by then the recorder has written chunks, and goes on to.
  private static final int KILL_AFTER_FRAMES_MAX = 12_000;

  private static final int KILL_AFTER_MICROS_MAX = 2_000;
  private static final int AT_ONCE = 2;

  /// A segment opens with events of its own, fewer than these.
  private static final int OPENING_FRAMES_MAX = 50;

  private static final TrustedKeys TRUSTED = TrustedKeys.of(HostKey.test(1).verifierKey());

  private final Path work;
  private final QuickStart recorder;
  private final int runs;
  private final AtomicInteger begun = new AtomicInteger();
  private final AtomicInteger done = new AtomicInteger();
  private final AtomicLong acknowledged = new AtomicLong();
  private final AtomicLong lost = new AtomicLong();
  private final AtomicLong recovered = new AtomicLong();
  private final AtomicInteger writing = new AtomicInteger();
  private final AtomicInteger unverified = new AtomicInteger();
  private final AtomicReference<Exception> failure = new AtomicReference<>();

  private KillRuns(Path work, QuickStart recorder, int runs) {
    this.work = work;
    this.recorder = recorder;
    this.runs = runs;
  }

  static List<Figure> measure(Path work, int runs) throws Exception {
    Path training = fresh(work.resolve("kill-training"));
    Files.createDirectories(training.resolve("shm"));
    QuickStart recorder =
        QuickStart.train(
            work,
            KilledRecorder.class,
            List.of(Recorder.class, Zstd.class),
            training.toString(),
            "train");
    Folders.delete(training);
    return new KillRuns(work, recorder, runs).measure();
  }

  private List<Figure> measure() throws Exception {
    long from = System.nanoTime();
    Thread[] workers = new Thread[AT_ONCE];
    for (int n = 0; n < AT_ONCE; n++) {
      Random random = new Random(n);
      workers[n] = Thread.ofPlatform().start(() -> work(random));
    }
    for (Thread each : workers) {
      each.join();
    }
    Exception failed = failure.get();
    if (failed != null) {
      throw failed;
    }
    double seconds = (System.nanoTime() - from) / 1e9;
    String detail =
        String.format(
            java.util.Locale.ROOT,
            "%,d kills, each of a process of its own, %,d of them while chunks were being written;"
                + " %,d frames acknowledged, %,d of which the next start found in a ring;"
                + " %.2f s a kill",
            runs,
            writing.get(),
            acknowledged.get(),
            recovered.get(),
            seconds / runs);
    return List.of(
        Figure.atMost("7", "kill -9: acknowledged frames lost", (double) lost.get(), 0, detail),
        Figure.atMost(
            "7", "kill -9: archives that do not verify afterwards", unverified.get(), 0, ""));
  }

  private void work(Random random) {
    try {
      for (int run = begun.getAndIncrement();
          run < runs && failure.get() == null;
          run = begun.getAndIncrement()) {
        run(fresh(work.resolve("kill-" + run)), random);
        int finished = done.incrementAndGet();
        if (finished % 100 == 0) {
          System.err.println(finished + " kills");
        }
      }
    } catch (Exception e) {
      failure.compareAndSet(null, e);
    }
  }

  private static Path fresh(Path directory) throws IOException {
    Folders.delete(directory);
    return Files.createDirectories(directory);
  }

  private void run(Path directory, Random random) throws Exception {
    Files.createDirectories(directory.resolve("shm"));
    long[] last =
        recordAndKill(
            directory,
            1 + random.nextInt(KILL_AFTER_FRAMES_MAX),
            random.nextInt(KILL_AFTER_MICROS_MAX));
    int segments;
    try (Archive archive = Archive.open(directory.resolve("archive"))) {
      segments = archive.segments().size();
      writing.addAndGet(archive.frameCount() > OPENING_FRAMES_MAX ? 1 : 0);
    }
    Recorder.start(KilledRecorder.settings(directory)).close(); // recovers
    try (Archive archive = Archive.open(directory.resolve("archive"))) {
      for (int session = 1; session <= KilledRecorder.RINGS; session++) {
        acknowledged.addAndGet(last[session]);
        lost.addAndGet(missing(archive, session, last[session]));
      }
      archive.segments().stream()
          .skip(segments)
          .flatMap(segment -> segment.chunks().stream())
          .forEach(chunk -> recovered.addAndGet(chunk.frames()));
      ArchiveReport report = Verifier.verify(archive, TRUSTED);
      unverified.addAndGet(report.state() == ArchiveState.VERIFIED ? 0 : 1);
    }
    Folders.delete(directory);
  }

  /// @return frames acknowledged by session number
  private long[] recordAndKill(Path directory, int frames, int micros) throws Exception {
    Process process =
        recorder
            .process(directory, directory.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    long[] acknowledged = new long[KilledRecorder.RINGS + 1];
    boolean dying = false;
    int heard = 0;
    try (DataInputStream in =
        new DataInputStream(new BufferedInputStream(process.getInputStream(), 1 << 16))) {
      while (true) {
        long session = in.readLong();
        acknowledged[(int) session] = in.readLong() + 1;
        if (++heard >= frames && !dying) {
          dying = true;
          kill(process, micros);
        }
      }
    } catch (EOFException e) {
      // it is dead
    } catch (IOException e) {
      // so it is: the stream was closed under us
    }
    if (!process.waitFor(60, TimeUnit.SECONDS)) {
      throw new IOException("the process did not die");
    }
    if (!dying || process.exitValue() != 128 + 9) {
      throw new IOException("the process ended by itself: " + process.exitValue());
    }
    return acknowledged;
  }

  /// Kills a while after enough frames were said.
  private static void kill(Process process, int micros) {
    Thread.ofVirtual()
        .start(() -> {
          long at = System.nanoTime() + micros * 1000L;
          for (long left = micros * 1000L; left > 0; left = at - System.nanoTime()) {
            LockSupport.parkNanos(left);
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
