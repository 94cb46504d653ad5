package dev.nestor.review;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// A copy of an archive with one byte changed, to show what the workstation says of it. The
/// original is only read.
final class DamagedCopy {
  private static final long BYTES_MAX = 64L << 20;

  private DamagedCopy() {}

  /// Of the last of these archives that is small enough.
  ///
  /// @param scratch folder for the copy
  static Optional<Path> of(List<Path> archives, Path scratch) throws IOException {
    for (Path archive : SampleFolder.archives(archives).reversed()) {
      if (Files.isRegularFile(archive) && Files.size(archive) <= BYTES_MAX) {
        byte[] bytes = Files.readAllBytes(archive);
        if (bytes.length < 8_192) {
          continue;
        }
        bytes[4_096 + (bytes.length - 4_096) / 2] ^= 0x20;
        String name = archive.getFileName().toString().replace(".pgrec", "");
        return Optional.of(Files.write(scratch.resolve(name + "-damaged.pgrec"), bytes));
      }
    }
    return Optional.empty();
  }

  /// Removes the folder of the copies.
  static void remove(Path scratch) throws IOException {
    try (Stream<Path> files = Files.walk(scratch)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
