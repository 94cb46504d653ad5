package dev.nestor.review.library;

import dev.nestor.evidence.archive.EvidenceArchive;
import java.io.IOException;
import java.nio.file.Path;

/// Opens an archive for reading.
@FunctionalInterface
public interface ArchiveOpener {
  /// Opens one file, or one folder of segments.
  ///
  /// @throws IOException if it cannot be read at all
  EvidenceArchive open(Path path) throws IOException;
}
