package dev.nestor.evidence.index;

import dev.nestor.recorder.bytes.DamageException;
import dev.nestor.recorder.chunk.Compression;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.BitSet;
import java.util.Optional;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/// The cache of one archive: an SQLite file that one process writes and others may read. What is in
/// it but does not hold counts as missing; what the disk refuses to keep is not kept.
///
/// **Threads.** May be shared.
final class BlockStore implements AutoCloseable {
  private static final int VERSION = 2;
  private static final int BLOCKS_A_COMMIT = 64;
  private static final int RAW_BYTES_MAX = 64 << 20;

  private final Connection connection;
  private final PreparedStatement select;
  private final @Nullable FileChannel lock;
  private int uncommitted;

  /// A plan of which the archive has one at a statement.
  record PlanPlace(long id, int chunk, int row) {}

  /// A text that statements share.
  record Text(long id, String text) {}

  private BlockStore(Connection connection, @Nullable FileChannel lock) throws SQLException {
    this.connection = connection;
    this.lock = lock;
    this.select = connection.prepareStatement("select raw, crc, data from block where chunk = ?");
  }

  /// Opens it; makes it anew if it is damaged or of another version.
  ///
  /// @return empty where the folder cannot be written
  static Optional<BlockStore> open(Path file) {
    for (int attempt = 0; attempt < 2; attempt++) {
      FileChannel lock = null;
      try {
        Files.createDirectories(file.toAbsolutePath().getParent());
        lock = tryLock(file.resolveSibling(file.getFileName() + ".lock"));
        Connection connection = CacheFile.connect(file);
        try {
          prepare(connection, lock != null);
          return Optional.of(new BlockStore(connection, lock));
        } catch (SQLException e) {
          connection.close();
          throw e;
        }
      } catch (SQLException e) {
        boolean mayDelete = lock != null;
        close(lock);
        if (!mayDelete || !CacheFile.isUseless(e) || !CacheFile.delete(file)) {
          return Optional.empty();
        }
      } catch (IOException e) {
        close(lock);
        return Optional.empty();
      }
    }
    return Optional.empty();
  }

  private static @Nullable FileChannel tryLock(Path file) throws IOException {
    FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      FileLock held = channel.tryLock();
      if (held != null) {
        return channel;
      }
    } catch (OverlappingFileLockException e) {
      // another archive of this process
    }
    channel.close();
    return null;
  }

  private static void prepare(Connection connection, boolean writes) throws SQLException {
    try (Statement sql = connection.createStatement()) {
      sql.execute("pragma busy_timeout = 2000");
      sql.execute("pragma journal_mode = wal");
      sql.execute("pragma synchronous = off"); // it can be made again
      int version;
      try (ResultSet row = sql.executeQuery("pragma user_version")) {
        version = row.getInt(1);
      }
      if (version == 0 && writes) {
        sql.execute(
            "create table if not exists block (chunk integer primary key, raw integer not null,"
                + " crc integer not null, data blob not null)");
        sql.execute(
            "create table if not exists plan (id integer primary key, chunk integer not null,"
                + " row integer not null, crc integer not null)");
        sql.execute(
            "create table if not exists text (id integer primary key, text text not null,"
                + " crc integer not null)");
        sql.execute("pragma user_version = " + VERSION);
      } else if (version != VERSION) {
        throw CacheFile.version(version);
      }
    }
    if (writes) {
      connection.setAutoCommit(false);
    }
  }

  private static void close(@Nullable FileChannel channel) {
    try {
      if (channel != null) {
        channel.close();
      }
    } catch (IOException e) {
      // nothing was written to it
    }
  }

  /// Whether this process is the one that writes.
  boolean writes() {
    return lock != null;
  }

  /// Chunks that have a block.
  synchronized BitSet known() {
    BitSet known = new BitSet();
    try (Statement sql = connection.createStatement();
        ResultSet rows = sql.executeQuery("select chunk from block")) {
      while (rows.next()) {
        known.set(Math.max(0, rows.getInt(1)));
      }
    } catch (SQLException e) {
      known.clear();
    }
    return known;
  }

  synchronized Iterable<PlanPlace> plans() {
    java.util.List<PlanPlace> all = new java.util.ArrayList<>();
    try (Statement sql = connection.createStatement();
        ResultSet rows = sql.executeQuery("select id, chunk, row, crc from plan order by id")) {
      while (rows.next()) {
        PlanPlace place = new PlanPlace(rows.getLong(1), rows.getInt(2), rows.getInt(3));
        if (crc(place.toString()) == rows.getLong(4)) {
          all.add(place);
        }
      }
    } catch (SQLException e) {
      all.clear();
    }
    return all;
  }

  synchronized Iterable<Text> texts() {
    java.util.List<Text> all = new java.util.ArrayList<>();
    try (Statement sql = connection.createStatement();
        ResultSet rows = sql.executeQuery("select id, text, crc from text order by id")) {
      while (rows.next()) {
        Text text = new Text(rows.getLong(1), String.valueOf(rows.getString(2)));
        if (crc(text.toString()) == rows.getLong(3)) {
          all.add(text);
        }
      }
    } catch (SQLException e) {
      all.clear();
    }
    return all;
  }

  /// The block of a chunk; empty if it is not there, or is not what was written.
  Optional<StatementBlock> block(int chunk) {
    byte[] stored;
    long raw;
    long crc;
    synchronized (this) {
      try {
        select.setInt(1, chunk);
        try (ResultSet row = select.executeQuery()) {
          if (!row.next()) {
            return Optional.empty();
          }
          raw = row.getLong(1);
          crc = row.getLong(2);
          stored = row.getBytes(3);
        }
      } catch (SQLException e) {
        return Optional.empty();
      }
    }
    if (stored == null || crc != crc(stored) || raw < 0 || raw > RAW_BYTES_MAX) {
      return Optional.empty();
    }
    try {
      return Optional.of(StatementBlock.decode(Compression.decompress(stored, (int) raw)));
    } catch (DamageException e) {
      return Optional.empty();
    }
  }

  private static long crc(byte[] bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes);
    return crc.getValue();
  }

  private static long crc(String text) {
    return crc(text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
  }

  /// Keeps a block with what it is the first to name.
  ///
  /// @return false if it could not be kept
  synchronized boolean keep(
      int chunk, StatementBlock block, Iterable<PlanPlace> plans, Iterable<Text> texts) {
    if (!writes()) {
      return false;
    }
    byte[] raw = block.encode();
    byte[] stored = Compression.compress(raw);
    try (PreparedStatement insert =
            connection.prepareStatement("insert or replace into block values (?, ?, ?, ?)");
        PreparedStatement plan =
            connection.prepareStatement("insert or replace into plan values (?, ?, ?, ?)");
        PreparedStatement text =
            connection.prepareStatement("insert or replace into text values (?, ?, ?)")) {
      for (PlanPlace each : plans) {
        plan.setLong(1, each.id);
        plan.setInt(2, each.chunk);
        plan.setInt(3, each.row);
        plan.setLong(4, crc(each.toString()));
        plan.executeUpdate();
      }
      for (Text each : texts) {
        text.setLong(1, each.id);
        text.setString(2, each.text);
        text.setLong(3, crc(each.toString()));
        text.executeUpdate();
      }
      insert.setInt(1, chunk);
      insert.setInt(2, raw.length);
      insert.setLong(3, crc(stored));
      insert.setBytes(4, stored);
      insert.executeUpdate();
      if (++uncommitted >= BLOCKS_A_COMMIT) {
        flush();
      }
      return true;
    } catch (SQLException e) {
      return false;
    }
  }

  /// Commits.
  synchronized void flush() {
    if (writes()) {
      try {
        connection.commit();
        uncommitted = 0;
      } catch (SQLException e) {
        // then these blocks are made again
      }
    }
  }

  @Override
  public synchronized void close() {
    flush();
    try {
      connection.close();
    } catch (SQLException e) {
      // nothing that could not be made again
    }
    close(lock);
  }
}
