package dev.nestor.benchmarks.archive;

import dev.nestor.recorder.archive.Archive;
import dev.nestor.recorder.archive.Frame;
import dev.nestor.recorder.index.IndexEntry;
import dev.nestor.recorder.note.HostKey;
import dev.nestor.recorder.recording.ArchiveBuilder;
import dev.nestor.recorder.verify.ArchiveReport;
import dev.nestor.recorder.verify.ArchiveState;
import dev.nestor.recorder.verify.TrustedKeys;
import dev.nestor.recorder.verify.VerificationDepth;
import dev.nestor.recorder.verify.Verifier;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// Target 8: random cuts leave exactly what was whole, and every flipped bit is reported, on an
/// archive of captured traffic with several chunks, INDEX records and checkpoints.
final class DamageRuns {
  private static final TrustedKeys TRUSTED = TrustedKeys.of(HostKey.test(1).verifierKey());
  private static final int CHUNK_FRAMES = 120;
  private static final int AT_ONCE = 2;

  private final Path directory;
  private final Random random;
  private Path file = Path.of("");
  private byte[] whole = {};
  private List<Long> chunkEnds = List.of();
  private List<Long> framesBefore = List.of();

  private DamageRuns(Path directory, Random random) {
    this.directory = directory;
    this.random = random;
  }

  static List<Figure> measure(Path work, Traffic traffic, int cuts, int flips) throws Exception {
    DamageRuns[] all = new DamageRuns[AT_ONCE];
    int[] wrong = new int[AT_ONCE];
    int[] silent = new int[AT_ONCE];
    List<Future<?>> running = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE)) {
      for (int n = 0; n < AT_ONCE; n++) {
        int at = n;
        DamageRuns runs = new DamageRuns(work.resolve("damage-" + n), new Random(8 + n));
        all[n] = runs;
        running.add(
            threads.submit(() -> {
              Folders.delete(runs.directory);
              runs.write(traffic);
              wrong[at] = runs.cuts(cuts / AT_ONCE);
              silent[at] = runs.flips(flips / AT_ONCE);
              Folders.delete(runs.directory);
              return null;
            }));
      }
      for (Future<?> each : running) {
        each.get();
      }
    }
    return List.of(
        Figure.atMost(
            "8",
            "cuts that did not leave the exact prefix",
            Arrays.stream(wrong).sum(),
            0,
            cuts + " cuts"),
        Figure.atMost(
            "8",
            "flipped bits that no verification reported",
            Arrays.stream(silent).sum(),
            0,
            flips + " flips in " + all[0].whole.length + " bytes"));
  }

  private void write(Traffic traffic) throws IOException {
    try (ArchiveBuilder archive = ArchiveBuilder.forTests(directory, 1)) {
      Replay.into(
          archive, traffic, Replay.Content.ALL, CHUNK_FRAMES, 5, 0, Replay.Variation.none(), null);
    }
    file = ArchiveBuilder.file(directory, 1);
    whole = Files.readAllBytes(file);
    try (Archive archive = Archive.open(file)) {
      List<IndexEntry> chunks = archive.segments().getFirst().chunks();
      chunkEnds = chunks.stream().map(c -> (c.offset() + c.bytes() + 7) & ~7L).toList();
      framesBefore = chunks.stream().map(c -> c.firstFrame() + c.frames() - 1).toList();
    }
  }

  /// @return how many cuts left something else than the whole records before them
  private int cuts(int count) throws IOException {
    int wrong = 0;
    for (int i = 0; i < count; i++) {
      int length = random.nextInt(whole.length);
      Files.write(file, Arrays.copyOf(whole, length));
      wrong += exact(length) ? 0 : 1;
    }
    Files.write(file, whole);
    return wrong;
  }

  private boolean exact(int length) throws IOException {
    int chunks = (int) chunkEnds.stream().filter(end -> end <= length).count();
    long frames = chunks == 0 ? 0 : framesBefore.get(chunks - 1);
    try (Archive archive = Archive.open(file)) {
      int found = archive.segments().isEmpty() ? 0 : archive.segments().getFirst().chunks().size();
      ArchiveReport report = Verifier.verify(archive, TRUSTED);
      boolean damaged = report.state() == ArchiveState.DAMAGED && length >= 4096;
      return found == chunks
          && archive.frames(1).mapToLong(Frame::no).count() == frames
          && (length < 4096 || report.frames() == frames)
          && report.state() != ArchiveState.VERIFIED
          && !damaged;
    }
  }

  /// @return how many flips were not reported, with keys or without
  private int flips(int count) throws IOException {
    int silent = 0;
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      for (int i = 0; i < count; i++) {
        int at = random.nextInt(whole.length);
        byte flipped = (byte) (whole[at] ^ 1 << random.nextInt(8));
        channel.write(ByteBuffer.wrap(new byte[] {flipped}), at);
        VerificationDepth depth = i % 2 == 0 ? VerificationDepth.CONTENT : VerificationDepth.STORED;
        try (Archive archive = Archive.open(file)) {
          ArchiveReport report =
              Verifier.verify(archive, TRUSTED, depth, (_, _, findings) -> findings == 0);
          if (report.state() == ArchiveState.VERIFIED || report.findings().isEmpty()) {
            silent++;
          }
        }
        channel.write(ByteBuffer.wrap(whole, at, 1), at);
      }
    }
    return silent;
  }
}
