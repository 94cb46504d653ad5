package dev.nestor.evidence.archive;

import java.io.IOException;

/// The frames of one statement, in order, read when they are asked for.
public interface FrameRows {
  /// How many frames.
  int size();

  /// The frame at an index from 0.
  ///
  /// @throws IOException if the archive cannot be read
  FrameRow frame(int index) throws IOException;
}
