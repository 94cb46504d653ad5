package dev.nestor.recorder.archive;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Arrays;

/// A part of a file, read by position: a segment inside of a packed archive, or a whole file.
///
/// @param from where it begins in the file
/// @param bytes how long it is
record Window(FileChannel channel, long from, long bytes) {
  /// Reads at an offset in the window; shorter at its end.
  byte[] read(long offset, int length) throws IOException {
    if (offset < 0 || offset >= bytes || length <= 0) {
      return new byte[0];
    }
    int wanted = (int) Math.min(length, bytes - offset);
    ByteBuffer buffer = ByteBuffer.allocate(wanted);
    while (buffer.hasRemaining()) {
      int read = channel.read(buffer, from + offset + buffer.position());
      if (read < 0) {
        return Arrays.copyOf(buffer.array(), buffer.position());
      }
    }
    return buffer.array();
  }

  Window part(long partFrom, long partBytes) {
    return new Window(channel, from + partFrom, partBytes);
  }
}
