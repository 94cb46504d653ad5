package dev.nestor.evidence.index;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;

/// An SQLite file of the cache: how it is opened, and when it is thrown away.
public final class CacheFile {
  private static final int OTHER = 1; // such as a table that is not there
  private static final int CORRUPT = 11;
  private static final int NO_DATABASE = 26;

  private CacheFile() {}

  /// Opens it, or makes it. One at a time: the first brings the native library.
  ///
  /// @throws SQLException if it cannot be opened
  public static synchronized Connection connect(Path file) throws SQLException {
    return DriverManager.getConnection("jdbc:sqlite:" + file);
  }

  /// Of a version that this program does not read.
  ///
  /// @return what to throw
  public static SQLException version(int found) {
    return new SQLException("version " + found, "", OTHER);
  }

  /// Whether nothing can be read of the file any more. One that another process uses, or that the
  /// disk does not give at the moment, is whole.
  public static boolean isUseless(SQLException e) {
    int code = e.getErrorCode() & 0xff;
    return code == OTHER || code == CORRUPT || code == NO_DATABASE;
  }

  /// Throws the file away.
  ///
  /// @return whether it is gone
  public static boolean delete(Path file) {
    try {
      for (String end : new String[] {"", "-wal", "-shm"}) {
        Files.deleteIfExists(file.resolveSibling(file.getFileName() + end));
      }
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}
