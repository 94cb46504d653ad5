package dev.nestor.evidence.archive;

import dev.nestor.evidence.integrity.IntegrityState;
import dev.nestor.recorder.archive.Archive;
import dev.nestor.recorder.recording.ArchivePack;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// Opens archives.
public final class EvidenceArchives {
  private EvidenceArchives() {}

  /// Opens a file, or a folder with the segments of one archive. A file that is no archive opens
  /// too: its state says so. Nothing is kept of it when it is closed.
  ///
  /// @throws IOException if it is not there or the disk does not answer
  public static EvidenceArchive open(Path path) throws IOException {
    return open(path, Optional.empty());
  }

  /// Opens likewise, with an index of a large archive that stays.
  ///
  /// @param cache folder for it, such as [dev.nestor.evidence.index.CacheFolder#ofUser]; need not
  ///   exist
  /// @throws IOException if it is not there or the disk does not answer
  public static EvidenceArchive open(Path path, Optional<Path> cache) throws IOException {
    Archive archive = Archive.open(path);
    try {
      if (archive.segments().isEmpty()) {
        archive.close();
        return new UnreadableArchive(
            path, Files.size(path), IntegrityState.DAMAGED, "The file is empty.");
      }
      return new RecordedArchive(path, archive, cache);
    } catch (UncheckedIOException e) {
      archive.close();
      throw e.getCause();
    } catch (IOException | RuntimeException e) {
      archive.close();
      throw e;
    }
  }

  /// Puts the segments of an archive into one file, byte for byte.
  ///
  /// @param source folder or file of one archive that no recorder is writing
  /// @param target must not exist; appears whole or not at all
  /// @return length of the file in bytes
  /// @throws IOException if there is no archive, or a segment is missing or damaged at its head
  public static long pack(Path source, Path target) throws IOException {
    return ArchivePack.pack(source, target);
  }
}
