package dev.nestor.samples;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// Makes one file of a sealed archive directory: its segments back to back, in order.
final class Packing {
  private Packing() {}

  static void pack(Path directory, Path file) throws IOException {
    List<Path> segments;
    try (Stream<Path> entries = Files.list(directory)) {
      segments = entries.filter(entry -> entry.toString().endsWith(".pgrec")).sorted().toList();
    }
    if (segments.isEmpty()) {
      throw new IOException(directory + " holds no recording");
    }
    try (OutputStream out = Files.newOutputStream(file)) {
      for (Path segment : segments) {
        Files.copy(segment, out);
      }
    }
  }
}
