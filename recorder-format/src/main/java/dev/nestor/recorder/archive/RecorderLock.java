package dev.nestor.recorder.archive;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// The lock that a recorder holds on its directory while it lives.
///
/// A lock of this process is looked up in memory and never on disk: closing any channel of a file
/// drops all locks that the process has on it.
public final class RecorderLock implements AutoCloseable {
  private static final String NAME = "recorder.lock";
  private static final Set<Path> HELD_HERE = ConcurrentHashMap.newKeySet();

  private final Path directory;
  private final FileChannel channel;

  private RecorderLock(Path directory, FileChannel channel) {
    this.directory = directory;
    this.channel = channel;
  }

  /// Takes the lock; nothing if another recorder holds it.
  public static Optional<RecorderLock> take(Path directory) throws IOException {
    Path real = directory.toRealPath();
    if (!HELD_HERE.add(real)) {
      return Optional.empty();
    }
    FileChannel channel = null;
    try {
      channel =
          FileChannel.open(real.resolve(NAME), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      FileLock lock = channel.tryLock();
      if (lock != null) {
        return Optional.of(new RecorderLock(real, channel));
      }
    } catch (OverlappingFileLockException e) {
      // another class loader of this process holds it
    } catch (IOException e) {
      HELD_HERE.remove(real);
      throw e;
    }
    HELD_HERE.remove(real);
    if (channel != null) {
      channel.close();
    }
    return Optional.empty();
  }

  /// True if a living recorder writes into the directory.
  static boolean isHeld(Path directory) {
    try {
      Path real = directory.toRealPath();
      if (HELD_HERE.contains(real)) {
        return true;
      }
      Path file = real.resolve(NAME);
      if (!Files.isRegularFile(file)) {
        return false;
      }
      try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
        FileLock lock = channel.tryLock(0, Long.MAX_VALUE, true);
        if (lock == null) {
          return true;
        }
        lock.release();
        return false;
      } catch (OverlappingFileLockException e) {
        return true;
      }
    } catch (IOException e) {
      return false; // no lock to be seen
    }
  }

  @Override
  public void close() throws IOException {
    Files.deleteIfExists(directory.resolve(NAME));
    channel.close();
    HELD_HERE.remove(directory);
  }
}
