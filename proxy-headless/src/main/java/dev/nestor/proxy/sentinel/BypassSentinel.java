package dev.nestor.proxy.sentinel;

import dev.nestor.recorder.event.RecordedEvent;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/// Finds sessions of a database that this gateway did not open, from `pg_stat_activity`. A session
/// is reported when two scans in a row have seen it, once: what is just being opened is not known
/// yet.
///
/// Not thread-safe.
final class BypassSentinel {
  /// Name of the finding.
  static final String RULE = "gateway-bypassed";

  // of other roles' sessions an ordinary role sees neither kind nor start
  private static final String SESSIONS =
      """
      SELECT pid, coalesce(usename::text, ''), coalesce(application_name, ''), backend_start
      FROM pg_catalog.pg_stat_activity
      WHERE datname = pg_catalog.current_database() AND usesysid IS NOT NULL
        AND coalesce(backend_type, 'client backend') = 'client backend'
        AND pid <> pg_catalog.pg_backend_pid()\
      """;

  private final IntPredicate ours;
  private final Set<String> exceptRoles;
  private final boolean end;
  private Map<Integer, Foreign> seen = new HashMap<>();
  private final Set<Foreign> reported = new HashSet<>();

  private record Foreign(int pid, String role, String application, @Nullable Instant start) {}

  /// @param ours whether the gateway has opened the session of a server process
  /// @param exceptRoles roles that may come directly
  /// @param end whether the others are ended
  BypassSentinel(IntPredicate ours, Set<String> exceptRoles, boolean end) {
    this.ours = ours;
    this.exceptRoles = Set.copyOf(exceptRoles);
    this.end = end;
  }

  /// Looks once.
  ///
  /// @return findings, each once
  List<RecordedEvent.Finding> scan(Connection connection) throws SQLException {
    Map<Integer, Foreign> now = new HashMap<>();
    try (PreparedStatement select = connection.prepareStatement(SESSIONS);
        ResultSet row = select.executeQuery()) {
      while (row.next()) {
        int pid = row.getInt(1);
        String role = row.getString(2);
        var start = row.getTimestamp(4);
        if (!ours.test(pid) && !exceptRoles.contains(role)) {
          now.put(
              pid,
              new Foreign(pid, role, row.getString(3), start == null ? null : start.toInstant()));
        }
      }
    }
    List<RecordedEvent.Finding> findings = new ArrayList<>();
    for (Foreign each : now.values()) {
      Foreign before = seen.get(each.pid());
      boolean again = before != null && Objects.equals(before.start(), each.start());
      if (again && !ours.test(each.pid()) && reported.add(key(each))) {
        findings.add(finding(each, end && terminate(connection, each.pid())));
      }
    }
    reported.removeIf(each -> !now.containsKey(each.pid()));
    seen = now;
    return findings;
  }

  /// The application's name may change while the session lives.
  private static Foreign key(Foreign foreign) {
    return new Foreign(foreign.pid(), foreign.role(), "", foreign.start());
  }

  private static boolean terminate(Connection connection, int pid) {
    try (PreparedStatement call =
        connection.prepareStatement("SELECT pg_catalog.pg_terminate_backend(?)")) {
      call.setInt(1, pid);
      try (ResultSet row = call.executeQuery()) {
        return row.next() && row.getBoolean(1);
      }
    } catch (SQLException e) {
      return false; // another role's session, which ours may not end: the finding says so
    }
  }

  private static RecordedEvent.Finding finding(Foreign foreign, boolean ended) {
    return RecordedEvent.Finding.builder()
        .rule(RULE)
        .severity("high")
        .backendPid(foreign.pid())
        .role(foreign.role())
        .applicationName(foreign.application())
        .backendStart(foreign.start() == null ? 0 : micros(foreign.start()))
        .ended(ended ? micros(Instant.now()) : 0)
        .hits(1)
        .build();
  }

  private static long micros(Instant instant) {
    return Math.max(0, instant.getEpochSecond() * 1_000_000 + instant.getNano() / 1000);
  }
}
