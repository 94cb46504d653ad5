package dev.nestor.benchmarks.archive;

import dev.nestor.recorder.archive.Archive;
import dev.nestor.recorder.archive.Frame;
import dev.nestor.recorder.chunk.ChunkDecoder;
import dev.nestor.recorder.chunk.ChunkHeader;
import dev.nestor.recorder.chunk.LaneDescriptor;
import dev.nestor.recorder.index.IndexEntry;
import dev.nestor.recorder.note.HostKey;
import dev.nestor.recorder.verify.ArchiveReport;
import dev.nestor.recorder.verify.ArchiveState;
import dev.nestor.recorder.verify.Progress;
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
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.zip.CRC32C;

/// Targets 6, 7 (reopening a cut file) and 10, on a generated archive: open, seek, recovery and
/// keyless verification, against an MCAP file of the same frames, a bare read and openssl.
final class BigArchive {
  private static final int BARE_BYTES = 64 * 1024;
  private static final double MILLI = 1e6;

  private final Path work;
  private final boolean quick;
  private final Random random = new Random(1);
  private final List<Figure> figures = new ArrayList<>();

  BigArchive(Path work, boolean quick) {
    this.work = work;
    this.quick = quick;
  }

  List<Figure> measure(Traffic oltp, Traffic mixed, long bytes) throws Exception {
    Folders.delete(work.resolve("big"));
    Folders.delete(work.resolve("part"));
    Path mcap = work.resolve("big.mcap");
    ArchiveGenerator.Made big =
        ArchiveGenerator.generate(work.resolve("big"), List.of(oltp, mixed), bytes, mcap);
    System.err.printf(
        Locale.ROOT,
        "generated: %,d bytes, %,d frames with messages, %,d statements; MCAP %,d bytes%n",
        big.bytes(),
        big.frames(),
        big.statements(),
        big.mcapBytes());
    ArchiveGenerator.Made part =
        ArchiveGenerator.generate(work.resolve("part"), List.of(oltp, mixed), bytes / 8, null);
    open(big, part, mcap);
    Folders.delete(work.resolve("part"));
    seek(big, mcap);
    Files.delete(mcap);
    verify(big);
    cuts(big);
    Folders.delete(work.resolve("big"));
    return figures;
  }

  private void open(ArchiveGenerator.Made big, ArchiveGenerator.Made part, Path mcap)
      throws Exception {
    int rounds = quick ? 5 : 21;
    double[] ours = new double[rounds];
    double[] warm = new double[rounds];
    double[] parts = new double[rounds];
    double[] theirs = new double[rounds];
    double[] screens = new double[rounds];
    for (int round = -3; round < rounds; round++) {
      int at = Math.max(0, round);
      PageCache.drop(big.file());
      ours[at] = millis(() -> Archive.open(big.file()).close());
      warm[at] = millis(() -> Archive.open(big.file()).close());
      PageCache.drop(part.file());
      parts[at] = millis(() -> Archive.open(part.file()).close());
      PageCache.drop(mcap);
      theirs[at] = millis(() -> new Mcap.Reader(mcap).close());
      PageCache.drop(big.file());
      screens[at] =
          millis(() -> {
            try (Archive archive = Archive.open(big.file())) {
              archive.sessions();
              archive.principals();
            }
          });
    }
    double open = Cpu.median(ours);
    figures.add(
        Figure.atMost(
            "6",
            "open, cold, ms",
            open,
            60,
            String.format(
                Locale.ROOT,
                "warm %.1f; an eighth of it %.1f; with sessions and persons %.1f",
                Cpu.median(warm),
                Cpu.median(parts),
                Cpu.median(screens))));
    figures.add(
        Figure.atLeast(
            "6",
            "open, cold: MCAP reader takes x",
            Cpu.median(theirs) / open,
            10,
            String.format(Locale.ROOT, "MCAP %.1f ms", Cpu.median(theirs))));
  }

  private void seek(ArchiveGenerator.Made big, Path mcap) throws Exception {
    int count = quick ? 100 : 400;
    try (Archive archive = Archive.open(big.file());
        Mcap.Reader neighbour = new Mcap.Reader(mcap);
        FileChannel bare = FileChannel.open(big.file(), StandardOpenOption.READ)) {
      long frames = archive.frameCount();
      long from = neighbour.chunks().getFirst().from();
      long to = neighbour.chunks().getLast().to();
      double[][] cold = new double[3][count];
      double[][] warm = new double[3][count * 4];
      for (int i = -100; i < count; i++) {
        PageCache.drop(big.file());
        PageCache.drop(mcap);
        seek(archive, frames, neighbour, from, to, bare, big.bytes(), cold, Math.max(0, i));
      }
      PageCache.warm(big.file());
      PageCache.warm(mcap);
      for (int i = -300; i < count * 4; i++) {
        seek(archive, frames, neighbour, from, to, bare, big.bytes(), warm, Math.max(0, i));
      }
      double coldMedian = Cpu.median(cold[0]);
      double warmMedian = Cpu.median(warm[0]);
      figures.add(
          Figure.atMost(
              "6",
              "seek to a frame, cold p50, ms",
              coldMedian,
              0.6,
              String.format(Locale.ROOT, "p99 %.2f", Cpu.percentile(cold[0], 99))));
      figures.add(Figure.atMost("6", "seek to a frame, warm p50, ms", warmMedian, 0.25, ""));
      figures.add(
          Figure.atMost("6", "seek to a frame, warm p99, ms", Cpu.percentile(warm[0], 99), 5, ""));
      figures.add(
          Figure.atLeast(
              "6",
              "seek, cold: MCAP reader takes x",
              Cpu.median(cold[1]) / coldMedian,
              5,
              String.format(
                  Locale.ROOT,
                  "MCAP cold %.2f ms, warm %.2f ms (%.1f x)",
                  Cpu.median(cold[1]),
                  Cpu.median(warm[1]),
                  Cpu.median(warm[1]) / warmMedian)));
      figures.add(
          Figure.atMost(
              "6",
              "seek, cold: x one read of 64 KiB",
              coldMedian / Cpu.median(cold[2]),
              3,
              String.format(Locale.ROOT, "a read %.3f ms", Cpu.median(cold[2]))));
    }
  }

  private void seek(
      Archive archive,
      long frames,
      Mcap.Reader neighbour,
      long from,
      long to,
      FileChannel bare,
      long bytes,
      double[][] times,
      int at)
      throws Exception {
    long frame = 1 + random.nextLong(frames);
    times[0][at] =
        millis(() -> {
          Frame found = archive.frame(frame).orElseThrow();
          if (found.payload().isEmpty()) {
            throw new IOException("frame " + frame + " cannot be read");
          }
        });
    long time = from + random.nextLong(to - from);
    times[1][at] = millis(() -> neighbour.at(time));
    long offset = random.nextLong(bytes - BARE_BYTES);
    ByteBuffer buffer = ByteBuffer.allocate(BARE_BYTES);
    times[2][at] = millis(() -> bare.read(buffer, offset));
  }

  private void verify(ArchiveGenerator.Made big) throws Exception {
    int rounds = quick ? 3 : 7;
    double[] ours = new double[rounds];
    double[] cpu = new double[rounds];
    double[] openssl = new double[rounds];
    double[] ratios = new double[rounds];
    PageCache.warm(big.file());
    for (int round = -1; round < rounds; round++) {
      int at = Math.max(0, round);
      cpu[at] = Cpu.ofProcess();
      ours[at] = millis(() -> keyless(big.file()));
      cpu[at] = Cpu.ofProcess() - cpu[at];
      openssl[at] = millis(() -> openssl(big.file()));
      ratios[at] = ours[at] / openssl[at];
    }
    figures.add(
        Figure.atLeast(
            "10",
            "keyless verification, GB a second of one core",
            big.bytes() / Cpu.median(cpu),
            1,
            String.format(
                Locale.ROOT,
                "%.0f ms by the clock, %.0f ms of CPU, all threads; %,d bytes",
                Cpu.median(ours),
                Cpu.median(cpu) / MILLI,
                big.bytes())));
    figures.add(
        Figure.atMost(
            "10",
            "keyless verification, x openssl dgst -sha256",
            Cpu.median(ratios),
            1.3,
            String.format(Locale.ROOT, "openssl %.0f ms", Cpu.median(openssl))));
    figures.add(
        Figure.atMost(
            "10", "bytes that a frame's seal takes", sealBytes(big), 0, "bodies less their lanes"));
    try (Archive archive = Archive.open(big.file())) {
      figures.addAll(ProofSizes.measure(archive, quick ? 20 : 200));
    }
  }

  private static void keyless(Path file) throws IOException {
    try (Archive archive = Archive.open(file)) {
      ArchiveReport report =
          Verifier.verify(
              archive,
              TrustedKeys.of(HostKey.test(1).verifierKey()),
              VerificationDepth.STORED,
              Progress.none());
      if (report.state() != ArchiveState.VERIFIED) {
        throw new IOException(file + ": " + report.state() + " " + report.findings());
      }
    }
  }

  private static void openssl(Path file) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder("openssl", "dgst", "-sha256", file.toString())
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    if (process.waitFor() != 0) {
      throw new IOException("openssl dgst failed; apt-get install openssl");
    }
  }

  /// Bytes of chunk bodies that belong to no lane and are no padding, for each frame.
  private static double sealBytes(ArchiveGenerator.Made big) throws IOException {
    long more = 0;
    try (Archive archive = Archive.open(big.file())) {
      List<IndexEntry> chunks = archive.segments().getFirst().chunks();
      List<ChunkDecoder> decoded = archive.decodedChunks(1).limit(500).toList();
      for (int i = 0; i < decoded.size(); i++) {
        long lanes = 0;
        for (LaneDescriptor lane : decoded.get(i).header().lanes()) {
          lanes += lane.storedBytes();
        }
        more += chunks.get(i).bytes() - ChunkHeader.BYTES - ((lanes + 7) & ~7L);
      }
    }
    return more;
  }

  /// Cuts a file again and again, from its end on, and opens what is left. All cuts fall into its
  /// last tenth: what is reopened has nearly the size of what is scanned, and has any number of
  /// records behind its last INDEX.
  private void cuts(ArchiveGenerator.Made big) throws Exception {
    int count = quick ? 200 : 1000;
    double scan = scan(big.file());
    scan = Math.min(scan, scan(big.file()));
    long[] ends;
    try (Archive archive = Archive.open(big.file())) {
      ends =
          archive.segments().getFirst().chunks().stream()
              .mapToLong(chunk -> (chunk.offset() + chunk.bytes() + 7) & ~7L)
              .toArray();
    }
    long[] lengths = random.longs(count, big.bytes() / 10 * 9, big.bytes()).sorted().toArray();
    double[] opened = new double[count];
    int wrong = 0;
    try (FileChannel file = FileChannel.open(big.file(), StandardOpenOption.WRITE)) {
      for (int i = count - 1; i >= 0; i--) {
        long length = lengths[i];
        file.truncate(length);
        int[] found = {0};
        opened[i] =
            millis(() -> {
              try (Archive archive = Archive.open(big.file())) {
                found[0] =
                    archive.segments().isEmpty()
                        ? 0
                        : archive.segments().getFirst().chunks().size();
              }
            });
        long expected = java.util.Arrays.stream(ends).filter(end -> end <= length).count();
        wrong += found[0] == expected ? 0 : 1;
      }
    }
    double p99 = Cpu.percentile(opened, 99);
    figures.add(
        Figure.atMost(
            "7",
            "reopening a cut file, p99, ms",
            p99,
            20,
            String.format(
                Locale.ROOT,
                "p50 %.2f, p90 %.2f ms of %,d cuts",
                Cpu.median(opened),
                Cpu.percentile(opened, 90),
                count)));
    figures.add(
        Figure.atLeast(
            "7",
            "reopening a cut file: a scan from its start takes x",
            scan / Cpu.median(opened),
            500,
            String.format(Locale.ROOT, "the scan %.0f ms", scan)));
    figures.add(Figure.atMost("7", "cuts of the big file that opened wrong", wrong, 0, ""));
  }

  /// What a format without an index from behind must do: every record from the start, its CRCs
  /// checked.
  private static double scan(Path path) throws Exception {
    return millis(() -> {
      try (FileChannel file = FileChannel.open(path, StandardOpenOption.READ)) {
        long at = 4096;
        byte[] body = new byte[1 << 20];
        while (at < file.size()) {
          ByteBuffer header = read(file, at, 64);
          if (header.getInt(0) != 0x31524750) { // PGR1
            return;
          }
          int headerBytes = header.getShort(6);
          int bodyBytes = (int) header.getLong(24);
          if (bodyBytes > body.length) {
            body = new byte[bodyBytes];
          }
          ByteBuffer content = ByteBuffer.wrap(body, 0, bodyBytes);
          file.read(content, at + headerBytes);
          CRC32C crc = new CRC32C();
          crc.update(body, 0, bodyBytes);
          if ((int) crc.getValue() != header.getInt(56)) {
            return;
          }
          at = (at + headerBytes + bodyBytes + 7) & ~7L;
        }
      }
    });
  }

  private static ByteBuffer read(FileChannel file, long at, int bytes) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(bytes).order(java.nio.ByteOrder.LITTLE_ENDIAN);
    while (buffer.hasRemaining() && file.read(buffer, at + buffer.position()) >= 0) {
      // until it is full or the file ends
    }
    return buffer.flip();
  }

  private static double millis(Cpu.Work work) throws Exception {
    long before = System.nanoTime();
    work.run();
    return (System.nanoTime() - before) / MILLI;
  }
}
