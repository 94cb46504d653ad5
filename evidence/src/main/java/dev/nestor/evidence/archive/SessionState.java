package dev.nestor.evidence.archive;

import java.util.List;
import java.util.Map;

/// What a session had at a moment: everything that can change what its next statement means.
///
/// @param frame last frame that was taken into account
/// @param transaction what ReadyForQuery said last
/// @param role that statements run under; empty where nothing said so
/// @param settings reported by the server or recorded, by name
/// @param prepared prepared statements by name, `(unnamed)` for that one, with the beginning of
///   their text
/// @param portals open portals by name, with the prepared statement that they run
/// @param listening channels
/// @param temporaryTables names
/// @param complete false where the session was too long to follow from its beginning
public record SessionState(
    long frame,
    ReplayRow.TransactionStatus transaction,
    String role,
    Map<String, String> settings,
    Map<String, String> prepared,
    Map<String, String> portals,
    List<String> listening,
    List<String> temporaryTables,
    boolean complete) {
  public SessionState {
    settings = java.util.Collections.unmodifiableMap(new java.util.TreeMap<>(settings));
    prepared = java.util.Collections.unmodifiableMap(new java.util.TreeMap<>(prepared));
    portals = java.util.Collections.unmodifiableMap(new java.util.TreeMap<>(portals));
    listening = List.copyOf(listening);
    temporaryTables = List.copyOf(temporaryTables);
  }

  /// Nothing known.
  public static SessionState unknown(long frame) {
    return new SessionState(
        frame,
        ReplayRow.TransactionStatus.IDLE,
        "",
        Map.of(),
        Map.of(),
        Map.of(),
        List.of(),
        List.of(),
        false);
  }
}
