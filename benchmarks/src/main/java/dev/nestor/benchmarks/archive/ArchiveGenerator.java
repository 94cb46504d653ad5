package dev.nestor.benchmarks.archive;

import dev.nestor.recorder.note.HostKey;
import dev.nestor.recorder.recording.ArchiveBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Makes archives of any size out of captured traffic: copy behind copy, each with sessions of its
/// own, later times, and other digits in its literals and cells, so that it compresses as new
/// traffic would. The same captures and size give the same frames.
///
/// The host key is test key 1, so a verifier is given [HostKey#test].
public final class ArchiveGenerator {
  private static final long GAP_MICROS = 1_000_000;

  private ArchiveGenerator() {}

  /// What was made.
  ///
  /// @param file the archive, one segment
  /// @param bytes its length
  /// @param mcapBytes of the same frames in MCAP, 0 if that was not asked for
  record Made(Path file, long bytes, long frames, long statements, long mcapBytes) {}

  /// Arguments: the folder to make, bytes, captures.
  public static void main(String[] arguments) throws IOException {
    List<Traffic> captures = new ArrayList<>();
    for (int i = 2; i < arguments.length; i++) {
      captures.add(Traffic.read(Path.of(arguments[i]), Long.MAX_VALUE));
    }
    System.out.println(
        generate(Path.of(arguments[0]), captures, Long.parseLong(arguments[1]), null));
  }

  /// Makes an archive of at least a size, by the last chunk that was sealed.
  ///
  /// @param directory is made; its segment 1 is the archive
  /// @param mcap where the same frames go in MCAP; `null` for nowhere
  static Made generate(Path directory, List<Traffic> captures, long bytes, @Nullable Path mcap)
      throws IOException {
    Random random = new Random(1);
    ArchiveBuilder.Identity identity =
        new ArchiveBuilder.Identity(
            HostKey.test(1),
            new UUID(random.nextLong(), random.nextLong()),
            "benchmarks",
            "nestor-benchmarks",
            random,
            false);
    Path file = ArchiveBuilder.file(directory, 1);
    long start = captures.getFirst().steps().getFirst().ts();
    long at = start;
    long frames = 0;
    long statements = 0;
    try (ArchiveBuilder archive = ArchiveBuilder.create(directory, identity, start * 1000);
        Mcap neighbour = mcap == null ? null : new Mcap(mcap)) {
      for (int copy = 0; archive.file().toFile().length() < bytes; copy++) {
        Traffic traffic = captures.get(copy % captures.size());
        Replay.Variation variation =
            copy < captures.size() ? Replay.Variation.none() : new Literals(copy)::vary;
        long shift = at - traffic.steps().getFirst().ts();
        Replay.into(archive, traffic, Replay.Content.ALL, shift, variation, neighbour);
        at += traffic.duration() + GAP_MICROS;
        frames += traffic.wireFrames();
        statements += traffic.statements();
      }
      if (neighbour != null) {
        neighbour.finish();
      }
    }
    return new Made(
        file, Files.size(file), frames, statements, mcap == null ? 0 : Files.size(mcap));
  }
}
