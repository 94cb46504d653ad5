package dev.nestor.benchmarks.archive;

import dev.nestor.recorder.note.HostKey;
import dev.nestor.recorder.recording.ArchiveBuilder;
import dev.nestor.recorder.recording.Recorder;
import dev.nestor.recorder.recording.RecorderSettings;
import dev.nestor.recorder.recording.Ring;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/// Targets 1, 2, 4 and 8b: bytes and CPU for a frame, against MCAP and JSON lines in gzip 6, of the
/// same frames.
final class SizeAndCost {
  private static final double WARM_UP_CPU_NANOS = 6e9;
  private static final int RING_BYTES = 64 << 20;

  private final Path work;
  private final int rounds;
  private final List<Figure> figures = new ArrayList<>();
  private int made;
  private double loopNanos;
  private double recorderNanos;
  private double closeNanos;

  SizeAndCost(Path work, int rounds) {
    this.work = work;
    this.rounds = rounds;
  }

  List<Figure> sizes(Traffic oltp, Traffic mixed) throws IOException {
    sizes("1", "mixed", mixed, 0.74, 0.66);
    sizes("2", "OLTP", oltp, 0.23, 0.47);
    return figures;
  }

  List<Figure> cost(Traffic oltp, Traffic mixed) throws Exception {
    cost("mixed", mixed);
    cost("OLTP", oltp);
    return figures;
  }

  private void sizes(
      String target, String name, Traffic traffic, double mcapBound, double jsonBound)
      throws IOException {
    long all = size(traffic, Replay.Content.ALL);
    long framesOnly = size(traffic, Replay.Content.FRAMES);
    long mcap = mcap(traffic);
    long json = json(traffic);
    double frames = traffic.wireFrames();
    String detail =
        String.format(
            Locale.ROOT,
            "%.2f B/frame, MCAP %.2f, JSON+gzip %.2f; %,d frames of %.0f B, %,d statements",
            all / frames,
            mcap / frames,
            json / frames,
            traffic.wireFrames(),
            traffic.wireBytes() / frames,
            traffic.statements());
    figures.add(
        Figure.atMost(target, name + ": bytes, x MCAP", (double) all / mcap, mcapBound, detail));
    figures.add(
        Figure.atMost(
            target, name + ": bytes, x JSON lines + gzip 6", (double) all / json, jsonBound, ""));
    double statements = all - framesOnly;
    String without = String.format(Locale.ROOT, "%.2f B/frame without them", framesOnly / frames);
    if (name.equals("OLTP")) {
      figures.add(
          Figure.atMost(
              "8b",
              "OLTP: columns and events, bytes a statement",
              statements / traffic.statements(),
              1,
              without));
    } else {
      figures.add(
          Figure.atMost(
              "8b",
              "mixed: columns and events, % of the archive",
              100 * statements / all,
              6,
              without));
    }
  }

  /// Bytes of the chunks and everything else, as a closed segment.
  private long size(Traffic traffic, Replay.Content content) throws IOException {
    Path directory = fresh();
    try (ArchiveBuilder archive = ArchiveBuilder.create(directory, identity(), 0)) {
      Replay.into(archive, traffic, content, 0, Replay.Variation.none(), null);
    }
    return Files.size(ArchiveBuilder.file(directory, 1));
  }

  private static ArchiveBuilder.Identity identity() {
    return new ArchiveBuilder.Identity(
        HostKey.test(1),
        new java.util.UUID(1, 1),
        "benchmarks",
        "nestor-benchmarks",
        new java.util.Random(1),
        false);
  }

  private static long mcap(Traffic traffic) throws IOException {
    try (Mcap mcap = new Mcap(null)) {
      long sequence = 0;
      for (Traffic.Step step : traffic.steps()) {
        if (step instanceof Traffic.Wire wire) {
          mcap.message(channel(wire), ++sequence, wire.ts() * 1000, wire.bytes());
        }
      }
      return mcap.finish();
    }
  }

  private static int channel(Traffic.Wire wire) {
    return wire.session() * 2 + (wire.lane() == Ring.Lane.COMMAND ? 1 : 2);
  }

  private static long json(Traffic traffic) throws IOException {
    JsonLines json = new JsonLines();
    try (json) {
      long no = 0;
      for (Traffic.Step step : traffic.steps()) {
        if (step instanceof Traffic.Wire wire) {
          json.frame(++no, wire);
        }
      }
    }
    return json.bytes();
  }

  /// CPU of everything from the ring to the closed segment, A-B-A-B with JSON lines.
  private void cost(String name, Traffic traffic) throws Exception {
    double[] ratios = new double[rounds];
    double[] ours = new double[rounds];
    double[] mcaps = new double[rounds];
    double[] jsons = new double[rounds];
    // A gateway runs for weeks: what it costs while the JVM still compiles is not what it costs. Of
    // CPU, and not by the clock, which goes on while other programs run.
    for (double spent = 0; rounds > 1 && spent < WARM_UP_CPU_NANOS; ) {
      spent += recorded(traffic);
    }
    for (int round = -1; round < rounds; round++) { // the first only warms up
      double recorded = recorded(traffic);
      double json = Cpu.of(() -> json(traffic));
      double mcap = Cpu.of(() -> mcap(traffic));
      if (round >= 0) {
        ratios[round] = recorded / json;
        ours[round] = recorded / traffic.wireFrames();
        jsons[round] = json / traffic.wireFrames();
        mcaps[round] = mcap / traffic.wireFrames();
      }
    }
    figures.add(
        Figure.atMost(
            "4",
            name + ": CPU of the whole pipeline, x JSON lines + gzip 6",
            Cpu.median(ratios),
            0.12,
            String.format(
                Locale.ROOT,
                "ns/frame: ours %.0f (loop %.0f, recorder %.0f, closing %.0f), JSON+gzip %.0f, MCAP writer %.0f; ratios %s",
                Cpu.median(ours),
                loopNanos / traffic.wireFrames(),
                recorderNanos / traffic.wireFrames(),
                closeNanos / traffic.wireFrames(),
                Cpu.median(jsons),
                Cpu.median(mcaps),
                java.util.Arrays.toString(
                    java.util.Arrays.stream(ratios)
                        .map(r -> Math.rint(r * 1000) / 1000)
                        .toArray()))));
  }

  /// The loop's thread, the recorder's thread until everything is synced, and the closing of a
  /// segment of the same content, nanoseconds.
  private double recorded(Traffic traffic) throws Exception {
    Path directory = fresh();
    RecorderSettings settings =
        RecorderSettings.of(directory, HostKey.test(1)).withRingBytes(RING_BYTES);
    try (Recorder recorder = Recorder.start(settings)) {
      long before = Cpu.ofThread("recorder");
      loopNanos = Cpu.of(() -> Replay.into(recorder, traffic, System.nanoTime()));
      while (recorder.ring(0).usedBytes() > 0) {
        TimeUnit.MILLISECONDS.sleep(20);
      }
      recorderNanos = Cpu.ofThread("recorder") - before;
    }
    Path again = fresh();
    ArchiveBuilder archive = ArchiveBuilder.create(again, identity(), 0);
    Replay.into(archive, traffic, Replay.Content.ALL, 0, Replay.Variation.none(), null);
    closeNanos = Cpu.of(archive::close);
    return loopNanos + recorderNanos + closeNanos;
  }

  private Path fresh() throws IOException {
    Folders.delete(work.resolve("size-" + made++ % 2));
    Path next = work.resolve("size-" + made % 2);
    Folders.delete(next);
    return Files.createDirectories(next);
  }
}
