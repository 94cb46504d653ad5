package dev.nestor.benchmarks.archive;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// Measures the recording format on captured traffic, each figure beside its target.
///
/// Arguments: the captures' folder, a folder to work in, `--quick`, `--json`, `--size BYTES`,
/// `--only PART,…` of size, cost, append, big, damage, kill.
public final class ArchiveBenchmark {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Set<String> PARTS =
      Set.of("size", "cost", "append", "big", "damage", "kill");

  private final Path captures;
  private final Path work;
  private final boolean quick;
  private final long size;
  private final Set<String> parts;
  private final List<Figure> figures = new ArrayList<>();
  private final long startedAt = System.nanoTime();
  private final double loadAtStart = load();

  private ArchiveBenchmark(Path captures, Path work, boolean quick, long size, Set<String> parts) {
    this.captures = captures;
    this.work = work;
    this.quick = quick;
    this.size = size;
    this.parts = parts;
  }

  public static void main(String[] arguments) throws Exception {
    boolean quick = false;
    boolean json = false;
    long size = 0;
    Set<String> parts = PARTS;
    for (int i = 2; i < arguments.length; i++) {
      switch (arguments[i]) {
        case "--quick" -> quick = true;
        case "--json" -> json = true;
        case "--size" -> size = bytes(arguments[++i]);
        case "--only" -> parts = Set.of(arguments[++i].split(","));
        default -> throw new IllegalArgumentException(arguments[i]);
      }
    }
    if (size == 0) {
      size = quick ? 64L << 20 : 1L << 30;
    }
    Path work = Files.createDirectories(Path.of(arguments[1]));
    ArchiveBenchmark benchmark =
        new ArchiveBenchmark(Path.of(arguments[0]), work, quick, size, parts);
    benchmark.measure();
    if (json) {
      System.out.println(benchmark.document());
    }
    System.exit(0);
  }

  private static long bytes(String text) {
    char unit = Character.toUpperCase(text.charAt(text.length() - 1));
    int shift = unit == 'G' ? 30 : unit == 'M' ? 20 : unit == 'K' ? 10 : 0;
    return Long.parseLong(shift == 0 ? text : text.substring(0, text.length() - 1)) << shift;
  }

  private void measure() throws Exception {
    Path memory = memory();
    Traffic oltp = Traffic.read(captures.resolve("oltp"), Long.MAX_VALUE);
    Traffic mixed = Traffic.read(captures.resolve("mixed"), Long.MAX_VALUE);
    if (parts.contains("size")) {
      add(new SizeAndCost(work, 0).sizes(oltp, mixed));
    }
    if (parts.contains("cost")) {
      add(new SizeAndCost(work, quick ? 1 : 5).cost(oltp, mixed));
    }
    if (parts.contains("append")) {
      add(AppendCost.measure(work, mixed, quick ? 2_000 : 20_000));
    }
    if (parts.contains("big")) {
      add(new BigArchive(work, quick).measure(oltp, mixed, size));
    }
    if (parts.contains("damage")) {
      Traffic few = Traffic.read(captures.resolve("mixed"), 700);
      add(DamageRuns.measure(memory, few, quick ? 500 : 10_000, quick ? 2_000 : 100_000));
    }
    if (!memory.equals(work)) {
      Folders.delete(memory);
    }
    if (parts.contains("kill")) {
      add(KillRuns.measure(work, quick ? 10 : 1_000));
    }
  }

  /// A folder in memory, for what is written a hundred thousand times.
  private Path memory() {
    Path shm = Path.of("/dev/shm");
    return Files.isWritable(shm)
        ? shm.resolve("nestor-benchmark-" + ProcessHandle.current().pid())
        : work;
  }

  private void add(List<Figure> measured) {
    figures.addAll(measured);
    measured.forEach(figure -> System.err.println(figure.line()));
  }

  /// How many threads want a processor, over the last minute.
  private static double load() {
    return ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
  }

  private ObjectNode document() {
    ObjectNode document = JSON.createObjectNode();
    document.put("benchmark", "archive");
    document.put("date", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
    document
        .putObject("machine")
        .put("os", System.getProperty("os.name") + " " + System.getProperty("os.version"))
        .put("cores", Runtime.getRuntime().availableProcessors())
        .put("java", System.getProperty("java.version"))
        .put("loadAtStart", loadAtStart)
        .put("loadAtEnd", load())
        .put("minutes", (System.nanoTime() - startedAt) / 60_000_000_000L);
    document.put("archiveBytes", size);
    document.put("quick", quick);
    ArrayNode list = document.putArray("figures");
    for (Figure each : figures) {
      list.addObject()
          .put("target", each.target())
          .put("what", each.what())
          .put("value", each.value())
          .put(each.atMost() ? "atMost" : "atLeast", each.bound())
          .put("verdict", each.verdict())
          .put("detail", each.detail());
    }
    return document;
  }
}
