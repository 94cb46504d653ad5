package dev.nestor.recorder.recording;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nestor.recorder.archive.Archive;
import dev.nestor.recorder.archive.Frame;
import dev.nestor.recorder.note.HostKey;
import dev.nestor.recorder.verify.ArchiveReport;
import dev.nestor.recorder.verify.ArchiveState;
import dev.nestor.recorder.verify.TrustedKeys;
import dev.nestor.recorder.verify.Verifier;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// kill -9 of a process that records.
class KillTest {
  private static final int RUNS = 6;

  @TempDir private Path directory;

  private static RecorderSettings settings(Path directory) {
    return RecorderSettings.of(directory.resolve("archive"), HostKey.test(1))
        .withRingDirectory(directory.resolve("shm"))
        .withRingBytes(4 << 20)
        .withRings(2)
        .withSealAfter(Duration.ofMillis(20))
        .withSegments(300_000, Duration.ofHours(1));
  }

  /// What is killed: two loops record numbered statements and say each number once it is committed.
  static final class Child {
    public static void main(String[] args) throws Exception {
      Recorder recorder = Recorder.start(settings(Path.of(args[0])));
      for (int n = 0; n < 2; n++) {
        int loop = n;
        Thread.ofPlatform().start(() -> record(recorder, loop));
      }
    }

    private static void record(Recorder recorder, int loop) {
      Ring ring = recorder.ring(loop);
      SessionHandle session = ring.openSession();
      ring.event(session, System.nanoTime(), Samples.head(1));
      for (int i = 0; ; i++) {
        while (!RecorderTest.query(recorder, ring, session, "select " + i)) {
          Thread.onSpinWait();
        }
        synchronized (System.out) {
          System.out.println(session.no() + " " + i);
          System.out.flush();
        }
      }
    }
  }

  @Test
  void nothingThatWasAcknowledgedIsLost() throws Exception {
    Files.createDirectories(directory.resolve("shm"));
    List<String> acknowledged = new ArrayList<>();
    for (int run = 0; run < RUNS; run++) {
      acknowledged.addAll(recordAndKill(150 + run * 130L));
    }
    Recorder.start(settings(directory)).close();

    List<String> archived = new ArrayList<>();
    try (Archive archive = Archive.open(directory.resolve("archive"))) {
      archive
          .frames(1)
          .filter(frame -> frame.meta().lane() == 1)
          .map(KillTest::line)
          .forEach(archived::add);
      ArchiveReport report =
          Verifier.verify(archive, TrustedKeys.of(HostKey.test(1).verifierKey()));
      assertThat(report.findings()).allMatch(f -> f.what().startsWith("bytes behind"));
      assertThat(report.state()).isEqualTo(ArchiveState.VERIFIED);
      assertThat(report.segments()).hasSizeGreaterThan(RUNS);
      assertThat(archive.statements().count()).isEqualTo(archived.size());
      assertThat(archive.frames(1).mapToLong(Frame::no).distinct().count())
          .isEqualTo(archive.frameCount());
    }
    assertThat(acknowledged).hasSizeGreaterThan(RUNS * 10);
    assertThat(new HashSet<>(archived)).hasSameSizeAs(archived);
    assertThat(new HashSet<>(archived).containsAll(acknowledged)).isTrue();
  }

  private static String line(Frame frame) {
    String sql =
        new String(
            frame.payload().orElseThrow(),
            5,
            frame.meta().storedBytes() - 6,
            StandardCharsets.UTF_8);
    return frame.meta().session() + " " + sql.substring("select ".length());
  }

  private List<String> recordAndKill(long millis) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                ProcessHandle.current().info().command().orElseThrow(),
                "-Xshare:auto",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                Child.class.getName(),
                directory.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    List<String> lines = new ArrayList<>();
    try (BufferedReader out = process.inputReader()) {
      String first = out.readLine(); // it records
      assertThat(first).isNotNull();
      lines.add(first);
      Thread killer =
          Thread.ofVirtual()
              .start(() -> {
                try {
                  Thread.sleep(millis);
                } catch (InterruptedException e) {
                  Thread.currentThread().interrupt();
                }
                process
                    .toHandle()
                    .destroyForcibly(); // the process's own would close its output too
              });
      for (String line = out.readLine(); line != null; line = out.readLine()) {
        lines.add(line);
      }
      killer.join();
    }
    assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
    // The last line may be cut by the kill.
    lines.removeLast();
    return lines;
  }
}
