package dev.nestor.proxy.capture;

import dev.nestor.proxy.session.StateNotes;
import dev.nestor.proxy.session.StateNotes.Origin;
import dev.nestor.recorder.bytes.Bytes;
import dev.nestor.recorder.event.RecordedEvent.Portal;
import dev.nestor.recorder.event.RecordedEvent.Prepared;
import dev.nestor.recorder.event.RecordedEvent.Removed;
import dev.nestor.recorder.event.RecordedEvent.Setting;
import dev.nestor.recorder.event.RecordedEvent.State;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The STATE events of one session: all that it has at its start and now and then, and in between
/// what has changed. The status of the transaction goes with them, but does not make one: every
/// ReadyForQuery and every statement's row tells it.
///
/// Long lists are cut, so that an event stays below the format's limit. Values of settings that
/// only the server and well-known clients choose are kept; of others their length.
final class StateEvents {
  private static final int DELTAS_MAX = 64;
  private static final int NAMES_MAX = 128;

  // numbers of the fields of STATE in FORMAT.md
  private static final int SETTINGS = 6;
  private static final int PREPARED = 7;
  private static final int PORTALS = 8;
  private static final int LISTENING = 9;
  private static final int TEMPORARY_TABLES = 10;

  private static final Set<String> KEPT =
      Set.of(
          "DateStyle",
          "IntervalStyle",
          "TimeZone",
          "application_name",
          "client_encoding",
          "default_transaction_read_only",
          "in_hot_standby",
          "integer_datetimes",
          "is_superuser",
          "scram_iterations",
          "server_encoding",
          "server_version",
          "session_authorization",
          "standard_conforming_strings");

  private @Nullable State last;
  private int deltas;

  /// What is to be written down now.
  State next(StateNotes notes) {
    State now = full(notes);
    State before = last;
    last = now;
    notes.written();
    if (before == null || ++deltas > DELTAS_MAX) {
      deltas = 0;
      return now;
    }
    return delta(before, now);
  }

  private static State full(StateNotes notes) {
    List<Setting> settings = new ArrayList<>();
    for (Map.Entry<String, String> entry : limited(notes.settings().entrySet())) {
      String value = entry.getValue();
      settings.add(
          new Setting(
              entry.getKey(),
              KEPT.contains(entry.getKey()) ? value : "",
              value.getBytes(StandardCharsets.UTF_8).length));
    }
    List<Prepared> prepared = new ArrayList<>();
    for (Map.Entry<String, Origin> entry : limited(notes.prepared().entrySet())) {
      Origin origin = entry.getValue();
      prepared.add(new Prepared(entry.getKey(), origin.frame(), origin.message(), Bytes.EMPTY));
    }
    List<Portal> portals = new ArrayList<>();
    for (Map.Entry<String, Origin> entry : limited(notes.portals().entrySet())) {
      Origin origin = entry.getValue();
      portals.add(new Portal(entry.getKey(), origin.frame(), origin.statement()));
    }
    String session = notes.settings().getOrDefault("session_authorization", "");
    String role = notes.tracked().role();
    return State.builder()
        .full(true)
        .transactionStatus(String.valueOf((char) notes.transaction()))
        .role(role.equals("none") ? session : role)
        .sessionAuthorization(session)
        .searchPath(path(notes.tracked().searchPath()))
        .settings(settings)
        .prepared(prepared)
        .portals(portals)
        .listening(limited(notes.listening()))
        .temporaryTables(limited(notes.temporary()))
        .build();
  }

  private static <T> List<T> limited(Iterable<T> all) {
    List<T> first = new ArrayList<>();
    for (T each : all) {
      if (first.size() == NAMES_MAX) {
        break;
      }
      first.add(each);
    }
    return first;
  }

  private static State delta(State before, State now) {
    List<Removed> removed = new ArrayList<>();
    return State.builder()
        .full(false)
        .transactionStatus(now.transactionStatus())
        .role(now.role().equals(before.role()) ? "" : now.role())
        .sessionAuthorization(
            now.sessionAuthorization().equals(before.sessionAuthorization())
                ? ""
                : now.sessionAuthorization())
        .searchPath(now.searchPath().equals(before.searchPath()) ? List.of() : now.searchPath())
        .settings(added(before.settings(), now.settings(), Setting::name, SETTINGS, removed))
        .prepared(added(before.prepared(), now.prepared(), Prepared::name, PREPARED, removed))
        .portals(added(before.portals(), now.portals(), Portal::name, PORTALS, removed))
        .listening(added(before.listening(), now.listening(), each -> each, LISTENING, removed))
        .temporaryTables(
            added(
                before.temporaryTables(),
                now.temporaryTables(),
                each -> each,
                TEMPORARY_TABLES,
                removed))
        .removed(removed)
        .build();
  }

  private static <T> List<T> added(
      List<T> before, List<T> now, Function<T, String> name, int field, List<Removed> removed) {
    if (before.equals(now)) {
      return List.of();
    }
    Set<String> names = new HashSet<>();
    now.forEach(each -> names.add(name.apply(each)));
    for (T each : before) {
      if (!names.contains(name.apply(each))) {
        removed.add(new Removed(field, name.apply(each)));
      }
    }
    List<T> added = new ArrayList<>(now);
    added.removeAll(new HashSet<>(before));
    return added;
  }

  /// The schemas of a search path as SHOW prints it.
  static List<String> path(String shown) {
    List<String> schemas = new ArrayList<>();
    StringBuilder schema = new StringBuilder();
    boolean quoted = false;
    for (int i = 0; i < shown.length(); i++) {
      char c = shown.charAt(i);
      if (c == '"') {
        if (quoted && i + 1 < shown.length() && shown.charAt(i + 1) == '"') {
          schema.append('"');
          i++;
        } else {
          quoted = !quoted;
        }
      } else if (c == ',' && !quoted) {
        schemas.add(schema.toString());
        schema.setLength(0);
      } else if (c != ' ' || quoted) {
        schema.append(c);
      }
    }
    if (!schema.isEmpty() || !schemas.isEmpty()) {
      schemas.add(schema.toString());
    }
    return schemas;
  }
}
