package dev.nestor.evidence.catalogue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// What tells without reading it whether an archive is still the one that was verified: of each of
/// its files the size, the time of the last change, where the system has it also the time of the
/// last change of anything about it, and the digest of its last 64 KiB, in which the trailer and
/// the last signature stand.
///
/// @param bytes of all files
/// @param modified the latest of their times, milliseconds since 1970
/// @param digest SHA-256 over all of that, hex
public record FileState(long bytes, long modified, String digest) {
  private static final int TAIL = 64 << 10;
  private static final int FILES_MAX = 10_000;

  /// Looks at a file, or at the segments in a folder.
  ///
  /// @return empty if it cannot be looked at, or holds too many files to be worth it
  public static Optional<FileState> of(Path path) {
    try {
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      long bytes = 0;
      long modified = 0;
      List<Path> files = files(path);
      if (files.isEmpty() || files.size() > FILES_MAX) {
        return Optional.empty();
      }
      for (Path file : files) {
        long size = Files.size(file);
        FileTime time = Files.getLastModifiedTime(file);
        bytes += size;
        modified = Math.max(modified, time.toMillis());
        sha.update(
            "%s %d %s %s\n"
                .formatted(file.getFileName(), size, time, changed(file))
                .getBytes(StandardCharsets.UTF_8));
        sha.update(tail(file, size));
      }
      return Optional.of(new FileState(bytes, modified, HexFormat.of().formatHex(sha.digest())));
    } catch (IOException e) {
      return Optional.empty();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every JDK has it
    }
  }

  private static List<Path> files(Path path) throws IOException {
    if (!Files.isDirectory(path)) {
      return List.of(path);
    }
    try (Stream<Path> inside = Files.list(path)) {
      return new ArrayList<>(
          inside
              .filter(file -> file.getFileName().toString().endsWith(".pgrec"))
              .sorted()
              .limit(FILES_MAX + 1L)
              .toList());
    }
  }

  /// The time that nobody sets: of the last change to content, name, owner or times.
  private static String changed(Path file) {
    try {
      return String.valueOf(Files.getAttribute(file, "unix:ctime", LinkOption.NOFOLLOW_LINKS));
    } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
      return "";
    }
  }

  private static ByteBuffer tail(Path file, long size) throws IOException {
    ByteBuffer tail = ByteBuffer.allocate((int) Math.min(TAIL, size));
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      for (long at = size - tail.capacity(); tail.hasRemaining(); ) {
        int read = channel.read(tail, at + tail.position());
        if (read < 0) {
          break;
        }
      }
    }
    return tail.flip();
  }
}
