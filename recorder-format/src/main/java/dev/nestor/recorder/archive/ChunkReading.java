package dev.nestor.recorder.archive;

import dev.nestor.recorder.chunk.ChunkDecoder;
import java.nio.file.Path;

/// What came of reading a chunk.
public sealed interface ChunkReading {
  /// Its record holds, and META is decoded.
  record Decoded(ChunkDecoder chunk) implements ChunkReading {}

  /// It cannot be read.
  ///
  /// @param position in the file
  record Damaged(Path file, long position, String finding) implements ChunkReading {}
}
