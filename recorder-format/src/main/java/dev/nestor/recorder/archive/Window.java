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
  /// How much is read at once: the JDK reads by way of a buffer outside the heap, which it keeps if
  /// it need not grow.
  private static final int PIECE = 1 << 17;

  /// Reads at an offset in the window; shorter at its end.
  byte[] read(long offset, int length) throws IOException {
    if (offset < 0 || offset >= bytes || length <= 0) {
      return new byte[0];
    }
    int wanted = (int) Math.min(length, bytes - offset);
    ByteBuffer buffer = ByteBuffer.allocate(wanted);
    while (buffer.position() < wanted) {
      buffer.limit(Math.min(wanted, buffer.position() + PIECE));
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
