package dev.nestor.proxy.store;

import dev.nestor.proxy.store.StoredCredential.StoredEnd;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/// The state of one gateway in an SQLite file. A method that has returned has made its change
/// durable. The file belongs to one process at a time: what gateways keep in memory would otherwise
/// drift apart.
///
/// Thread-safe; blocks.
public final class StateStore implements AutoCloseable {
  /// Marks the file as ours: `nest` in ASCII.
  private static final int APPLICATION_ID = 0x6e657374;

  private static final int SCHEMA_VERSION = 3;

  /// Credentials that have expired longer ago are forgotten at the next start.
  private static final Duration KEEP_EXPIRED = Duration.ofDays(30);

  private static final String SCHEMA =
      """
      CREATE TABLE identity (
        one        INTEGER PRIMARY KEY CHECK (one = 1),
        issuer     TEXT NOT NULL,
        signing_key TEXT NOT NULL
      ) STRICT;
      CREATE TABLE credential (
        digest     TEXT PRIMARY KEY CHECK (length(digest) = 64),
        parent     TEXT REFERENCES credential (digest),
        depth      INTEGER NOT NULL CHECK (depth >= 0),
        expires_at INTEGER NOT NULL,
        document   TEXT NOT NULL,
        ended_at   INTEGER,
        ended_by   TEXT,
        reason     TEXT,
        reach      TEXT CHECK (reach IN ('self', 'descendants')),
        CHECK ((ended_at IS NULL) = (reach IS NULL))
      ) STRICT;
      CREATE INDEX credential_parent ON credential (parent);
      """;

  /// Since version 3.
  private static final String VERSION_3 =
      """
      CREATE TABLE budget (
        entry      TEXT NOT NULL,
        rule       TEXT NOT NULL,
        name       TEXT NOT NULL,
        day        INTEGER NOT NULL,
        used_rows  INTEGER NOT NULL,
        used_bytes INTEGER NOT NULL,
        saved_at   INTEGER NOT NULL,
        PRIMARY KEY (entry, rule, name, day)
      ) STRICT;
      CREATE TABLE pin (
        entry      TEXT NOT NULL,
        database   TEXT NOT NULL,
        labelled   TEXT NOT NULL,
        relation   INTEGER NOT NULL,
        number     INTEGER NOT NULL,
        PRIMARY KEY (entry, database, labelled)
      ) STRICT;
      """;

  private final Connection connection;
  private final AccessRows access;
  private final ReentrantLock lock = new ReentrantLock();

  private StateStore(Connection connection) {
    this.connection = connection;
    this.access = new AccessRows(connection);
  }

  /// Opens a file, or makes it, readable by its owner alone.
  ///
  /// @throws IOException if it cannot be had: it is another program's, a newer version's, in use or
  ///   damaged; the message says which
  public static StateStore open(Path file) throws IOException {
    if (Files.notExists(file)) {
      createPrivate(file);
    }
    return open("jdbc:sqlite:" + file.toAbsolutePath(), file.toString());
  }

  /// A store that is gone with its last use; for tests.
  public static StateStore inMemory() throws IOException {
    return open("jdbc:sqlite::memory:", "memory");
  }

  private static void createPrivate(Path file) throws IOException {
    Path folder = file.toAbsolutePath().getParent();
    if (folder != null) {
      Files.createDirectories(folder);
    }
    if (file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      Files.createFile(
          file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    } else {
      Files.createFile(file);
    }
  }

  private static StateStore open(String url, String name) throws IOException {
    try {
      Connection connection = DriverManager.getConnection(url);
      try {
        prepare(connection);
        return new StateStore(connection);
      } catch (SQLException e) {
        connection.close();
        throw e;
      }
    } catch (SQLException e) {
      String message = String.valueOf(e.getMessage());
      throw new IOException(
          "the store "
              + name
              + " cannot be used: "
              + (message.contains("SQLITE_BUSY") ? "another gateway has it open" : message),
          e);
    }
  }

  private static void prepare(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA busy_timeout = 1000");
      statement.execute("PRAGMA locking_mode = EXCLUSIVE");
      statement.execute("PRAGMA journal_mode = WAL");
      statement.execute("PRAGMA synchronous = FULL");
      statement.execute("PRAGMA foreign_keys = ON");
      int application = number(statement, "PRAGMA application_id");
      int version = number(statement, "PRAGMA user_version");
      if (application != APPLICATION_ID && (application != 0 || version != 0)) {
        throw new SQLException("it is not a file of this gateway");
      }
      if (version > SCHEMA_VERSION) {
        throw new SQLException(
            "a newer version of the gateway wrote it (schema "
                + version
                + ", this one knows "
                + SCHEMA_VERSION
                + ")");
      }
      statement.execute("BEGIN EXCLUSIVE"); // fails here, not later, where another has the file
      try {
        if (version == 0) {
          statement.executeUpdate(SCHEMA);
          statement.execute("PRAGMA application_id = " + APPLICATION_ID);
        }
        if (version < 2) {
          statement.executeUpdate(AccessRows.SCHEMA);
        }
        if (version < 3) {
          statement.executeUpdate(VERSION_3);
        }
        if (version < SCHEMA_VERSION) {
          statement.execute("PRAGMA user_version = " + SCHEMA_VERSION);
        }
        statement.execute("COMMIT");
      } catch (SQLException e) {
        statement.execute("ROLLBACK");
        throw e;
      }
    }
  }

  private static int number(Statement statement, String pragma) throws SQLException {
    try (ResultSet row = statement.executeQuery(pragma)) {
      return row.next() ? row.getInt(1) : 0;
    }
  }

  /// The gateway as an issuer of credentials.
  ///
  /// @param issuer `iss` of what it signs
  /// @param signingKey private key, as JWK
  public record Identity(String issuer, String signingKey) {
    @Override
    public String toString() {
      return issuer; // a record's own would print the key
    }
  }

  /// Makes an identity where there is none.
  public interface IdentityMaker {
    /// A new one.
    Identity make();
  }

  /// The identity of this store; the first call makes it.
  ///
  /// @throws IOException if the disk refuses
  public Identity identity(IdentityMaker maker) throws IOException {
    return locked(() -> {
      try (Statement statement = connection.createStatement();
          ResultSet row = statement.executeQuery("SELECT issuer, signing_key FROM identity")) {
        if (row.next()) {
          return new Identity(row.getString(1), row.getString(2));
        }
      }
      Identity made = maker.make();
      try (PreparedStatement insert =
          connection.prepareStatement("INSERT INTO identity VALUES (1, ?, ?)")) {
        insert.setString(1, made.issuer());
        insert.setString(2, made.signingKey());
        insert.executeUpdate();
      }
      return made;
    });
  }

  /// Every credential that has not expired, parents before children. Forgets what has expired long
  /// ago.
  ///
  /// @throws IOException if the disk refuses
  public List<StoredCredential> credentials(Instant now) throws IOException {
    return locked(() -> {
      try (PreparedStatement forget =
          connection.prepareStatement(
              // from the leaves up, so that no reference dangles
              "DELETE FROM credential WHERE expires_at < ? AND depth = ?")) {
        for (int depth = maxDepth(); depth >= 0; depth--) {
          forget.setLong(1, micros(now.minus(KEEP_EXPIRED)));
          forget.setInt(2, depth);
          forget.executeUpdate();
        }
      }
      List<StoredCredential> found = new ArrayList<>();
      try (PreparedStatement select =
          connection.prepareStatement(
              "SELECT digest, parent, depth, expires_at, document, ended_at, ended_by, reason,"
                  + " reach FROM credential WHERE expires_at > ? ORDER BY depth, digest")) {
        select.setLong(1, micros(now));
        try (ResultSet row = select.executeQuery()) {
          while (row.next()) {
            found.add(read(row));
          }
        }
      }
      return found;
    });
  }

  private int maxDepth() throws SQLException {
    try (Statement statement = connection.createStatement()) {
      return number(statement, "SELECT coalesce(max(depth), 0) FROM credential");
    }
  }

  private static StoredCredential read(ResultSet row) throws SQLException {
    String reach = row.getString(9);
    return new StoredCredential(
        row.getString(1),
        Optional.ofNullable(row.getString(2)),
        row.getInt(3),
        instant(row.getLong(4)),
        row.getString(5),
        reach == null
            ? Optional.empty()
            : Optional.of(
                new StoredEnd(
                    instant(row.getLong(6)),
                    row.getString(7),
                    row.getString(8),
                    reach.equals("descendants"))));
  }

  /// Adds credentials, all or none; one that is there already stays as it is.
  ///
  /// @param credentials parents before children
  /// @throws IOException if the disk refuses; then none was added
  public void add(List<StoredCredential> credentials) throws IOException {
    inTransaction(() -> {
      for (StoredCredential credential : credentials) {
        insert(credential);
      }
    });
  }

  private void insert(StoredCredential credential) throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement(
            "INSERT INTO credential (digest, parent, depth, expires_at, document)"
                + " VALUES (?, ?, ?, ?, ?) ON CONFLICT (digest) DO NOTHING")) {
      insert.setString(1, credential.digest());
      insert.setString(2, credential.parent().orElse(null));
      insert.setInt(3, credential.depth());
      insert.setLong(4, micros(credential.expiresAt()));
      insert.setString(5, credential.document());
      insert.executeUpdate();
    }
  }

  /// Ends a credential; adds it first if it is not there. The first end stays, but a wider reach
  /// replaces a narrower one.
  ///
  /// @param chain the credential, and before it those that it was issued from, the first one first
  /// @throws IOException if the disk refuses
  public void end(List<StoredCredential> chain, StoredEnd end) throws IOException {
    inTransaction(() -> {
      for (StoredCredential credential : chain) {
        insert(credential);
      }
      try (PreparedStatement update =
          connection.prepareStatement(
              "UPDATE credential SET ended_at = ?, ended_by = ?, reason = ?, reach = ?"
                  + " WHERE digest = ? AND (reach IS NULL OR reach = 'self')")) {
        update.setLong(1, micros(end.at()));
        update.setString(2, end.by());
        update.setString(3, end.reason());
        update.setString(4, end.withDescendants() ? "descendants" : "self");
        update.setString(5, chain.getLast().digest());
        update.executeUpdate();
      }
    });
  }

  /// Every request for more scope whose requester's credential is known, the oldest first.
  ///
  /// @throws IOException if the disk refuses
  public List<StoredAccess> accessRequests() throws IOException {
    return locked(access::all);
  }

  /// Adds a request.
  ///
  /// @param requester the credential that asks, and before it those that it was issued from
  /// @throws IOException if the disk refuses; then it was not added
  public void addAccess(List<StoredCredential> requester, StoredAccess request) throws IOException {
    inTransaction(() -> {
      for (StoredCredential credential : requester) {
        insert(credential);
      }
      access.add(request);
    });
  }

  /// Adds a vote, and what follows from it.
  ///
  /// @param state of the request from now on
  /// @throws IOException if the disk refuses; then nothing changed
  public void voteAccess(String id, StoredAccess.StoredVote vote, String state) throws IOException {
    inTransaction(() -> access.vote(id, vote, state));
  }

  /// Gives out what a request was granted: the credential is added, and the request is over.
  ///
  /// @throws IOException if it was given out before or the disk refuses; then nothing changed
  public void takeAccess(String id, List<StoredCredential> credential) throws IOException {
    inTransaction(() -> {
      for (StoredCredential each : credential) {
        insert(each);
      }
      access.taken(id);
    });
  }

  /// What is kept of budgets: those of a day that is not over, and those of credentials that may
  /// still live. Forgets the others.
  ///
  /// @param today counted from 1970-01-01
  /// @throws IOException if the disk refuses
  public List<StoredBudget> budgets(long today, Instant now) throws IOException {
    return locked(() -> {
      try (PreparedStatement forget =
          connection.prepareStatement(
              "DELETE FROM budget WHERE day BETWEEN ? AND ? OR saved_at < ?")) {
        forget.setLong(1, StoredBudget.ALWAYS + 1);
        forget.setLong(2, today - 1);
        forget.setLong(3, micros(now.minus(KEEP_EXPIRED)));
        forget.executeUpdate();
      }
      List<StoredBudget> found = new ArrayList<>();
      try (Statement select = connection.createStatement();
          ResultSet row =
              select.executeQuery(
                  "SELECT entry, rule, name, day, used_rows, used_bytes FROM budget")) {
        while (row.next()) {
          found.add(
              new StoredBudget(
                  row.getString(1),
                  row.getString(2),
                  row.getString(3),
                  row.getLong(4),
                  row.getLong(5),
                  row.getLong(6)));
        }
      }
      return found;
    });
  }

  /// Keeps what was counted, all or nothing.
  ///
  /// @throws IOException if the disk refuses
  public void keep(List<StoredBudget> budgets, Instant now) throws IOException {
    if (budgets.isEmpty()) {
      return;
    }
    inTransaction(() -> {
      try (PreparedStatement upsert =
          connection.prepareStatement(
              "INSERT INTO budget VALUES (?, ?, ?, ?, ?, ?, ?)"
                  + " ON CONFLICT (entry, rule, name, day) DO UPDATE SET"
                  + " used_rows = excluded.used_rows, used_bytes = excluded.used_bytes,"
                  + " saved_at = excluded.saved_at")) {
        for (StoredBudget budget : budgets) {
          upsert.setString(1, budget.entry());
          upsert.setString(2, budget.rule());
          upsert.setString(3, budget.name());
          upsert.setLong(4, budget.day());
          upsert.setLong(5, budget.rows());
          upsert.setLong(6, budget.bytes());
          upsert.setLong(7, micros(now));
          upsert.executeUpdate();
        }
      }
    });
  }

  /// Where labelled columns of a database were found first.
  ///
  /// @param entry of the configuration's databases
  /// @throws IOException if the disk refuses
  public List<StoredPin> pins(String entry, String database) throws IOException {
    return locked(() -> {
      List<StoredPin> found = new ArrayList<>();
      try (PreparedStatement select =
          connection.prepareStatement(
              "SELECT labelled, relation, number FROM pin WHERE entry = ? AND database = ?")) {
        select.setString(1, entry);
        select.setString(2, database);
        try (ResultSet row = select.executeQuery()) {
          while (row.next()) {
            found.add(new StoredPin(row.getString(1), (int) row.getLong(2), row.getInt(3)));
          }
        }
      }
      return found;
    });
  }

  /// Keeps where labelled columns were found, all or nothing; a later place replaces an earlier.
  ///
  /// @throws IOException if the disk refuses
  public void pin(String entry, String database, List<StoredPin> pins) throws IOException {
    inTransaction(() -> {
      try (PreparedStatement upsert =
          connection.prepareStatement(
              "INSERT INTO pin VALUES (?, ?, ?, ?, ?) ON CONFLICT (entry, database, labelled)"
                  + " DO UPDATE SET relation = excluded.relation, number = excluded.number")) {
        for (StoredPin pin : pins) {
          upsert.setString(1, entry);
          upsert.setString(2, database);
          upsert.setString(3, pin.column());
          upsert.setLong(4, Integer.toUnsignedLong(pin.relation()));
          upsert.setInt(5, pin.number());
          upsert.executeUpdate();
        }
      }
    });
  }

  private interface Work<T> {
    T run() throws SQLException;
  }

  private interface Change {
    void run() throws SQLException;
  }

  private <T> T locked(Work<T> work) throws IOException {
    lock.lock();
    try {
      return work.run();
    } catch (SQLException e) {
      throw new IOException("the gateway's store failed: " + e.getMessage(), e);
    } finally {
      lock.unlock();
    }
  }

  private void inTransaction(Change change) throws IOException {
    locked(() -> {
      connection.setAutoCommit(false);
      try {
        change.run();
        connection.commit();
      } catch (SQLException e) {
        connection.rollback();
        throw e;
      } finally {
        connection.setAutoCommit(true);
      }
      return true;
    });
  }

  static long micros(Instant instant) {
    return Math.addExact(
        Math.multiplyExact(instant.getEpochSecond(), 1_000_000L), instant.getNano() / 1000);
  }

  static Instant instant(long micros) {
    return Instant.ofEpochSecond(
        Math.floorDiv(micros, 1_000_000), Math.floorMod(micros, 1_000_000) * 1000L);
  }

  @Override
  public void close() throws IOException {
    locked(() -> {
      connection.close();
      return true;
    });
  }
}
