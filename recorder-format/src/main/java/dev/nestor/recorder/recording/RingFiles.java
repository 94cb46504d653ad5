package dev.nestor.recorder.recording;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/// Where the rings and the object table of an archive lie while a recorder lives: a directory that
/// only its owner may enter.
final class RingFiles {
  private static final String OBJECTS = "objects";
  private static final String RING_SUFFIX = ".ring";

  private final Path directory;

  private RingFiles(Path directory) {
    this.directory = directory;
  }

  /// The places where a recorder may have left rings.
  static List<RingFiles> left(RecorderSettings settings, UUID archive) {
    return candidates(settings, archive).stream()
        .filter(Files::isDirectory)
        .map(RingFiles::new)
        .toList();
  }

  private static List<Path> candidates(RecorderSettings settings, UUID archive) {
    String name = "nestor-" + archive;
    return List.of(
        settings.ringDirectory().resolve(name),
        settings.directory().resolve(".rings").resolve(name));
  }

  /// Makes rings in the first place that takes them.
  static Made make(RecorderSettings settings, UUID archive) throws IOException {
    IOException first = null;
    for (Path place : candidates(settings, archive)) {
      RingFiles files = new RingFiles(place);
      try {
        return files.make(settings.rings(), settings.ringBytes(), archive);
      } catch (IOException e) {
        files.delete();
        if (first != null) {
          e.addSuppressed(first);
        }
        first = e;
      }
    }
    throw new IOException("no place for the rings", first);
  }

  /// Rings that were made.
  record Made(RingFiles files, List<RingMemory> rings, FileChannel objects) {}

  private Made make(int rings, int ringBytes, UUID archive) throws IOException {
    Files.createDirectories(directory);
    if (Files.getFileStore(directory).supportsFileAttributeView("posix")) {
      Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
    }
    List<RingMemory> memories = new ArrayList<>();
    for (int n = 0; n < rings; n++) {
      memories.add(RingMemory.create(directory.resolve(n + RING_SUFFIX), archive, n, ringBytes));
    }
    FileChannel objects =
        FileChannel.open(
            directory.resolve(OBJECTS),
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE);
    return new Made(this, memories, objects);
  }

  /// The rings that a dead recorder left here.
  List<RingMemory> open(UUID archive) throws IOException {
    List<RingMemory> rings = new ArrayList<>();
    try (Stream<Path> listed = Files.list(directory)) {
      for (Path file : listed.filter(f -> f.toString().endsWith(RING_SUFFIX)).sorted().toList()) {
        RingMemory.open(file, archive).ifPresent(rings::add);
      }
    }
    return rings;
  }

  Path objects() {
    return directory.resolve(OBJECTS);
  }

  void delete() throws IOException {
    if (!Files.isDirectory(directory)) {
      return;
    }
    try (Stream<Path> listed = Files.list(directory)) {
      for (Path file : listed.toList()) {
        Files.deleteIfExists(file);
      }
    }
    Files.deleteIfExists(directory);
    Path parent = directory.getParent();
    if (parent != null && parent.endsWith(".rings")) {
      try (Stream<Path> left = Files.list(parent)) {
        if (left.findAny().isEmpty()) {
          Files.delete(parent);
        }
      }
    }
  }
}
