package dev.nestor.proxy.store;

import dev.nestor.proxy.store.StoredAccess.StoredVote;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The rows of requests for more scope. Whoever calls holds the store's lock.
final class AccessRows {
  static final String SCHEMA =
      """
      CREATE TABLE access_request (
        id         TEXT PRIMARY KEY,
        requester  TEXT NOT NULL REFERENCES credential (digest) ON DELETE CASCADE,
        database   TEXT NOT NULL,
        scope      TEXT NOT NULL,
        seconds    INTEGER NOT NULL CHECK (seconds > 0),
        reason     TEXT NOT NULL,
        asked_at   INTEGER NOT NULL,
        until      INTEGER NOT NULL,
        state      TEXT NOT NULL CHECK (state IN ('waiting', 'granted', 'refused', 'taken')),
        decided_at INTEGER,
        CHECK ((state = 'waiting') = (decided_at IS NULL))
      ) STRICT;
      CREATE INDEX access_requester ON access_request (requester);
      CREATE TABLE access_vote (
        request    TEXT NOT NULL REFERENCES access_request (id) ON DELETE CASCADE,
        issuer     TEXT NOT NULL,
        subject    TEXT NOT NULL,
        approve    INTEGER NOT NULL CHECK (approve IN (0, 1)),
        at         INTEGER NOT NULL,
        PRIMARY KEY (request, issuer, subject)
      ) STRICT;
      """;

  private final Connection connection;

  AccessRows(Connection connection) {
    this.connection = connection;
  }

  List<StoredAccess> all() throws SQLException {
    List<StoredAccess> found = new ArrayList<>();
    try (PreparedStatement select =
            connection.prepareStatement(
                "SELECT id, requester, database, scope, seconds, reason, asked_at, until, state,"
                    + " decided_at FROM access_request ORDER BY asked_at, id");
        ResultSet row = select.executeQuery()) {
      while (row.next()) {
        long decided = row.getLong(10);
        boolean undecided = row.wasNull();
        found.add(
            new StoredAccess(
                row.getString(1),
                row.getString(2),
                row.getString(3),
                row.getString(4),
                Duration.ofSeconds(row.getLong(5)),
                row.getString(6),
                StateStore.instant(row.getLong(7)),
                StateStore.instant(row.getLong(8)),
                row.getString(9),
                undecided ? Optional.empty() : Optional.of(StateStore.instant(decided)),
                votes(row.getString(1))));
      }
    }
    return found;
  }

  private List<StoredVote> votes(String request) throws SQLException {
    List<StoredVote> votes = new ArrayList<>();
    try (PreparedStatement select =
        connection.prepareStatement(
            "SELECT issuer, subject, approve, at FROM access_vote WHERE request = ?"
                + " ORDER BY at, rowid")) {
      select.setString(1, request);
      try (ResultSet row = select.executeQuery()) {
        while (row.next()) {
          votes.add(
              new StoredVote(
                  row.getString(1),
                  row.getString(2),
                  row.getInt(3) == 1,
                  StateStore.instant(row.getLong(4))));
        }
      }
    }
    return votes;
  }

  void add(StoredAccess access) throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement(
            "INSERT INTO access_request VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'waiting', NULL)")) {
      insert.setString(1, access.id());
      insert.setString(2, access.requester());
      insert.setString(3, access.database());
      insert.setString(4, access.scope());
      insert.setLong(5, access.window().toSeconds());
      insert.setString(6, access.reason());
      insert.setLong(7, StateStore.micros(access.askedAt()));
      insert.setLong(8, StateStore.micros(access.until()));
      insert.executeUpdate();
    }
  }

  void vote(String id, StoredVote vote, String state) throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement("INSERT INTO access_vote VALUES (?, ?, ?, ?, ?)")) {
      insert.setString(1, id);
      insert.setString(2, vote.issuer());
      insert.setString(3, vote.subject());
      insert.setInt(4, vote.approve() ? 1 : 0);
      insert.setLong(5, StateStore.micros(vote.at()));
      insert.executeUpdate();
    }
    if (!state.equals("waiting")) {
      try (PreparedStatement update =
          connection.prepareStatement(
              "UPDATE access_request SET state = ?, decided_at = ? WHERE id = ?")) {
        update.setString(1, state);
        update.setLong(2, StateStore.micros(vote.at()));
        update.setString(3, id);
        update.executeUpdate();
      }
    }
  }

  void taken(String id) throws SQLException {
    try (PreparedStatement update =
        connection.prepareStatement(
            "UPDATE access_request SET state = 'taken' WHERE id = ? AND state = 'granted'")) {
      update.setString(1, id);
      if (update.executeUpdate() != 1) {
        throw new SQLException("request " + id + " is not granted, or was taken before");
      }
    }
  }
}
