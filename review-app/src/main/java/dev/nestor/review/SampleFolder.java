package dev.nestor.review;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// Where the sample sessions may lie.
final class SampleFolder {
  private SampleFolder() {}

  /// Folders in the order in which they are looked at.
  static List<Path> candidates() {
    List<Path> folders = new ArrayList<>();
    String root = System.getProperty("nestor.root", "");
    if (!root.isEmpty()) {
      folders.add(Path.of(root, "sample-sessions"));
    }
    try {
      var source = SampleFolder.class.getProtectionDomain().getCodeSource();
      Path at = source == null ? null : Path.of(source.getLocation().toURI());
      for (Path folder = at; folder != null; folder = folder.getParent()) {
        folders.add(folder.resolve("sample-sessions"));
      }
    } catch (URISyntaxException e) {
      // then only what the property says
    }
    return folders.stream().filter(Files::isDirectory).toList();
  }

  /// Files among these, and those in the folders among them.
  static List<Path> archives(List<Path> paths) throws IOException {
    List<Path> all = new ArrayList<>();
    for (Path path : paths) {
      if (Files.isDirectory(path)) {
        try (Stream<Path> files = Files.list(path)) {
          all.addAll(files.filter(file -> file.toString().endsWith(".pgrec")).sorted().toList());
        }
      } else {
        all.add(path);
      }
    }
    return all;
  }
}
