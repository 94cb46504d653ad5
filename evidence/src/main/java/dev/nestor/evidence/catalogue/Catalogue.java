package dev.nestor.evidence.catalogue;

import dev.nestor.evidence.archive.ArchiveCard;
import dev.nestor.evidence.index.CacheFile;
import dev.nestor.evidence.integrity.IntegrityReport;
import dev.nestor.evidence.integrity.IntegrityState;
import dev.nestor.evidence.integrity.TrustedSigners;
import dev.nestor.recorder.bytes.DamageException;
import dev.nestor.recorder.chunk.Compression;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/// The archives that somebody opened on this machine, with what was found of them, so that a list
/// of them stands at once and nothing is verified twice. Losing it loses nothing but time.
///
/// What it says of an archive counts only while the [FileState] of its files is the one that it was
/// written with; another one, other signers that are trusted, a damaged entry: then it says
/// nothing.
///
/// **Threads.** May be shared, also between processes. Every call may read the disk.
public final class Catalogue implements AutoCloseable {
  private static final String FILE = "catalogue.db";
  private static final int VERSION = 1;
  private static final int RAW_BYTES_MAX = 256 << 20;
  private static final int ARCHIVES_MAX = 20_000;
  private static final int RECORDS_MAX = 32;
  private static final String SHAPES =
      digest(RecordBytes.shape(ArchiveCard.class) + RecordBytes.shape(IntegrityReport.class));

  private final Path folder;
  private final Clock clock;
  private @Nullable Connection connection;
  private boolean broken;

  /// Opens nothing yet.
  ///
  /// @param folder such as [dev.nestor.evidence.index.CacheFolder#ofUser]; need not exist
  /// @param clock says when something was verified
  public Catalogue(Path folder, Clock clock) {
    this.folder = folder;
    this.clock = clock;
  }

  // ---- archives ----

  /// What is remembered of the archive at a path.
  ///
  /// @param trusted whose signatures count now
  /// @return empty if nothing is, or its files are not what they were
  public synchronized Optional<KnownArchive> find(Path path, TrustedSigners trusted) {
    Optional<FileState> now = FileState.of(path);
    Optional<Connection> open = now.isEmpty() ? Optional.empty() : open();
    if (open.isEmpty()) {
      return Optional.empty();
    }
    try (PreparedStatement select =
        open.get()
            .prepareStatement(
                "select digest, shapes, card, card_crc, signers, verified, report, report_crc"
                    + " from archive where path = ?")) {
      select.setString(1, path.toString());
      try (ResultSet row = select.executeQuery()) {
        if (!row.next()
            || !now.get().digest().equals(row.getString(1))
            || !SHAPES.equals(row.getString(2))) {
          return Optional.empty();
        }
        Optional<ArchiveCard> card =
            record(ArchiveCard.class, row.getBytes(3), row.getLong(4))
                .filter(each -> each.path().equals(path));
        Instant at = Instant.ofEpochMilli(row.getLong(6));
        Optional<IntegrityReport> report =
            signers(trusted).equals(row.getString(5))
                ? record(IntegrityReport.class, row.getBytes(7), row.getLong(8))
                : Optional.empty();
        return card.map(
            each -> new KnownArchive(each, report.map(r -> new KnownArchive.Verified(r, at))));
      }
    } catch (SQLException e) {
      broken(e);
      return Optional.empty();
    }
  }

  /// Remembers an archive that was opened; a verification of the same files stays.
  ///
  /// @param state of its files before it was opened
  public synchronized void opened(ArchiveCard card, FileState state) {
    if (card.state() == IntegrityState.GROWING) {
      return; // what it is now it is not in a moment
    }
    write(
        "insert into archive (path, digest, bytes, modified, id, frames, statements, sessions,"
            + " first, last, shapes, card, card_crc, used)"
            + " values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
            + " on conflict (path) do update set"
            + " signers = case when digest = excluded.digest then signers end,"
            + " digest = excluded.digest, bytes = excluded.bytes, modified = excluded.modified,"
            + " id = excluded.id, frames = excluded.frames, statements = excluded.statements,"
            + " sessions = excluded.sessions, first = excluded.first, last = excluded.last,"
            + " shapes = excluded.shapes, card = excluded.card, card_crc = excluded.card_crc,"
            + " used = excluded.used",
        insert -> {
          byte[] bytes = packed(card);
          insert.setString(1, card.path().toString());
          insert.setString(2, state.digest());
          insert.setLong(3, state.bytes());
          insert.setLong(4, state.modified());
          insert.setString(5, card.id());
          insert.setLong(6, card.frames());
          insert.setLong(7, card.statements());
          insert.setLong(8, card.sessions());
          insert.setLong(9, card.from().map(Instant::toEpochMilli).orElse(0L));
          insert.setLong(10, card.to().map(Instant::toEpochMilli).orElse(0L));
          insert.setString(11, SHAPES);
          insert.setBytes(12, bytes);
          insert.setLong(13, crc(bytes));
          insert.setLong(14, clock.millis());
        });
    write(
        "delete from archive where path not in"
            + " (select path from archive order by used desc limit "
            + ARCHIVES_MAX
            + ")",
        _ -> {});
  }

  /// Remembers how a verification ended; nothing if the files changed while it ran.
  ///
  /// @param path of the archive, as [#opened] has it
  /// @param state of its files before the verification
  /// @param trusted whose signatures counted
  public synchronized void verified(
      Path path, FileState state, TrustedSigners trusted, IntegrityReport report) {
    if (report.state() == IntegrityState.GROWING
        || !FileState.of(path).equals(Optional.of(state))) {
      return;
    }
    write(
        "update archive set signers = ?, verified = ?, state = ?, report = ?, report_crc = ?"
            + " where path = ? and digest = ?",
        update -> {
          byte[] bytes = packed(report);
          update.setString(1, signers(trusted));
          update.setLong(2, clock.millis());
          update.setString(3, report.state().json());
          update.setBytes(4, bytes);
          update.setLong(5, crc(bytes));
          update.setString(6, path.toString());
          update.setString(7, state.digest());
        });
  }

  private static String signers(TrustedSigners trusted) {
    return digest(String.join("\n", trusted.vkeys().stream().sorted().toList()));
  }

  // ---- other records ----

  /// A record that was kept under a key.
  ///
  /// @return empty if there is none, it was of another shape, or it is damaged
  public synchronized <T extends Record> Optional<T> kept(String key, Class<T> type) {
    Optional<Connection> open = open();
    if (open.isEmpty()) {
      return Optional.empty();
    }
    try (PreparedStatement select =
        open.get().prepareStatement("select data, crc from record where key = ? and shape = ?")) {
      select.setString(1, key);
      select.setString(2, digest(RecordBytes.shape(type)));
      try (ResultSet row = select.executeQuery()) {
        return row.next() ? record(type, row.getBytes(1), row.getLong(2)) : Optional.empty();
      }
    } catch (SQLException e) {
      broken(e);
      return Optional.empty();
    }
  }

  /// Keeps a record under a key; of many the latest stay.
  public synchronized void keep(String key, Record record) {
    write(
        "insert or replace into record (key, shape, data, crc, used) values (?, ?, ?, ?, ?)",
        insert -> {
          byte[] bytes = packed(record);
          insert.setString(1, key);
          insert.setString(2, digest(RecordBytes.shape(record.getClass())));
          insert.setBytes(3, bytes);
          insert.setLong(4, crc(bytes));
          insert.setLong(5, clock.millis());
        });
    write(
        "delete from record where key not in (select key from record order by used desc limit "
            + RECORDS_MAX
            + ")",
        _ -> {});
  }

  // ---- the database ----

  private interface Filling {
    void fill(PreparedStatement statement) throws SQLException;
  }

  private void write(String sql, Filling values) {
    open()
        .ifPresent(to -> {
          try (PreparedStatement statement = to.prepareStatement(sql)) {
            values.fill(statement);
            statement.executeUpdate();
          } catch (SQLException e) {
            broken(e);
          }
        });
  }

  /// A database that cannot be used is made anew, once for each start.
  private void broken(SQLException e) {
    if (CacheFile.isUseless(e) && !broken) {
      broken = true;
      close();
      CacheFile.delete(folder.resolve(FILE));
    }
  }

  private Optional<Connection> open() {
    if (connection != null) {
      return Optional.of(connection);
    }
    for (int attempt = 0; attempt < 2; attempt++) {
      try {
        Files.createDirectories(folder);
        Connection fresh = CacheFile.connect(folder.resolve(FILE));
        try {
          prepare(fresh);
          connection = fresh;
          return Optional.of(fresh);
        } catch (SQLException e) {
          fresh.close();
          throw e;
        }
      } catch (SQLException e) {
        if (!CacheFile.isUseless(e) || !CacheFile.delete(folder.resolve(FILE))) {
          return Optional.empty();
        }
      } catch (IOException e) {
        return Optional.empty();
      }
    }
    return Optional.empty();
  }

  private static void prepare(Connection connection) throws SQLException {
    try (Statement sql = connection.createStatement()) {
      sql.execute("pragma busy_timeout = 2000");
      sql.execute("pragma journal_mode = wal");
      sql.execute("pragma synchronous = normal");
      int version;
      try (ResultSet row = sql.executeQuery("pragma user_version")) {
        version = row.getInt(1);
      }
      if (version != 0 && version != VERSION) {
        throw CacheFile.version(version);
      }
      sql.execute(
          "create table if not exists archive (path text primary key, digest text not null,"
              + " bytes integer not null, modified integer not null, id text not null,"
              + " frames integer not null, statements integer not null,"
              + " sessions integer not null, first integer not null, last integer not null,"
              + " shapes text not null, card blob not null, card_crc integer not null,"
              + " used integer not null, signers text, verified integer, state text,"
              + " report blob, report_crc integer)");
      sql.execute(
          "create table if not exists record (key text primary key, shape text not null,"
              + " data blob not null, crc integer not null, used integer not null)");
      sql.execute("pragma user_version = " + VERSION);
    }
  }

  // ---- bytes ----

  private static byte[] packed(Record record) {
    byte[] raw = RecordBytes.write(record);
    byte[] small = Compression.compress(raw);
    return java.nio.ByteBuffer.allocate(4 + small.length).putInt(raw.length).put(small).array();
  }

  private static <T extends Record> Optional<T> record(
      Class<T> type, byte @Nullable [] bytes, long crc) {
    if (bytes == null || bytes.length < 4 || crc(bytes) != crc) {
      return Optional.empty();
    }
    int length = java.nio.ByteBuffer.wrap(bytes).getInt();
    if (length < 0 || length > RAW_BYTES_MAX) {
      return Optional.empty();
    }
    try {
      byte[] small = java.util.Arrays.copyOfRange(bytes, 4, bytes.length);
      return Optional.of(RecordBytes.read(type, Compression.decompress(small, length)));
    } catch (DamageException e) {
      return Optional.empty();
    }
  }

  private static long crc(byte[] bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes);
    return crc.getValue();
  }

  private static String digest(String text) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)),
              0,
              16);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every JDK has it
    }
  }

  @Override
  public synchronized void close() {
    try {
      if (connection != null) {
        connection.close();
      }
    } catch (SQLException e) {
      // nothing that could not be made again
    }
    connection = null;
  }
}
