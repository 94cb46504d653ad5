package dev.nestor.recorder.recording;

import dev.nestor.recorder.archive.Archive;
import dev.nestor.recorder.archive.Segment;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/// Puts the segments of an archive into one file, back to back, byte for byte.
public final class ArchivePack {
  private static final int BLOCK = 1 << 16;

  private ArchivePack() {}

  /// Writes the file; a segment that was not closed is cut behind its last whole record.
  ///
  /// @param source directory or file of one archive
  /// @param target must not exist; appears whole or not at all
  /// @return its length
  /// @throws IOException if there is no archive, a recorder is writing it, a header is damaged, or
  ///   a segment is missing between two others
  public static long pack(Path source, Path target) throws IOException {
    if (Files.exists(target)) {
      throw new FileAlreadyExistsException(target.toString());
    }
    Path partial = target.resolveSibling(target.getFileName() + ".part");
    try (Archive archive = Archive.open(source)) {
      check(archive);
      try (FileChannel out =
          FileChannel.open(
              partial,
              StandardOpenOption.CREATE,
              StandardOpenOption.TRUNCATE_EXISTING,
              StandardOpenOption.WRITE)) {
        for (Segment segment : archive.segments()) {
          copy(segment, out);
        }
        out.force(true);
      }
      Files.move(partial, target, StandardCopyOption.ATOMIC_MOVE);
      return Files.size(target);
    } finally {
      Files.deleteIfExists(partial);
    }
  }

  private static void check(Archive archive) throws IOException {
    long before = 0;
    for (Segment segment : archive.segments()) {
      long number =
          segment
              .header()
              .orElseThrow(() -> new IOException(segment + ": the segment header is damaged"))
              .number();
      if (before != 0 && number != before + 1) {
        throw new IOException(segment + ": segment " + (before + 1) + " is missing");
      }
      if (segment.isGrowing()) {
        throw new IOException(segment + ": a recorder is writing it");
      }
      before = number;
    }
  }

  private static void copy(Segment segment, FileChannel out) throws IOException {
    long end = segment.trailer().isPresent() ? segment.bytes() : segment.tail();
    for (long at = 0; at < end; ) {
      ByteBuffer block = ByteBuffer.wrap(segment.read(at, (int) Math.min(BLOCK, end - at)));
      if (!block.hasRemaining()) {
        throw new IOException(segment + ": shorter than it was");
      }
      at += block.remaining();
      while (block.hasRemaining()) {
        out.write(block);
      }
    }
  }
}
