package dev.nestor.cli.archive;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// The archives behind a path: a file, a recorder's own directory, or a folder of archives.
public final class ArchiveFiles {
  private static final String ENDING = ".pgrec";

  private ArchiveFiles() {}

  /// @throws IOException if there is none
  public static List<Path> of(Path path) throws IOException {
    if (!Files.exists(path)) {
      throw new NoSuchFileException(path + " does not exist");
    }
    if (!Files.isDirectory(path)) {
      return List.of(path);
    }
    List<Path> files;
    try (Stream<Path> entries = Files.list(path)) {
      files = entries.filter(file -> file.toString().endsWith(ENDING)).sorted().toList();
    }
    if (files.isEmpty()) {
      throw new IOException(path + " holds no " + ENDING + " file");
    }
    boolean recorderDirectory = files.stream().allMatch(ArchiveFiles::isSegment);
    return recorderDirectory ? List.of(path) : files;
  }

  /// A recorder numbers its files; people and `pack` name theirs.
  private static boolean isSegment(Path file) {
    return file.getFileName().toString().matches("segment-[0-9]+\\.pgrec");
  }
}
