package dev.nestor.evidence.archive;

import dev.nestor.postgres.protocol.BackendMessage;
import dev.nestor.postgres.protocol.FrontendMessage;
import dev.nestor.postgres.protocol.ProtocolViolationException;
import dev.nestor.postgres.protocol.StatementOrPortal;
import dev.nestor.recorder.archive.Archive;
import dev.nestor.recorder.archive.Frame;
import dev.nestor.recorder.event.RecordedEvent;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/// Follows a session's messages up to a frame. What the recorder wrote down as state counts more
/// than what the messages let one conclude.
final class SessionStateReading {
  private static final int FRAMES_MAX = 50_000;
  private static final int NAMES_MAX = 1_000;
  private static final String UNNAMED = "(unnamed)";

  /// Something that the client asked for and the server has not confirmed.
  private sealed interface Asked {
    record Parsed(String name, String sql) implements Asked {}

    record Bound(String portal, String statement) implements Asked {}

    record Closed(boolean portal, String name) implements Asked {}
  }

  private ReplayRow.TransactionStatus transaction = ReplayRow.TransactionStatus.IDLE;
  private String role = "";
  private final Map<String, String> settings = new TreeMap<>();
  private final Map<String, String> prepared = new LinkedHashMap<>();
  private final Map<String, String> portals = new LinkedHashMap<>();
  private final List<String> listening = new ArrayList<>();
  private final List<String> temporaryTables = new ArrayList<>();
  private final Deque<Asked> asked = new ArrayDeque<>();

  /// @param from first frame of the session
  /// @param to last frame that counts
  static SessionState at(Archive archive, long session, long from, long to) {
    SessionStateReading reading = new SessionStateReading();
    boolean complete = true;
    int frames = 0;
    try (Stream<Frame> all = archive.frames(session, from)) {
      for (Iterator<Frame> each = all.iterator(); each.hasNext(); ) {
        Frame frame = each.next();
        if (frame.no() > to) {
          break;
        }
        if (++frames > FRAMES_MAX) {
          complete = false;
          break;
        }
        reading.take(frame);
      }
    }
    return new SessionState(
        to,
        reading.transaction,
        reading.role,
        reading.settings,
        reading.prepared,
        reading.portals,
        reading.listening,
        reading.temporaryTables,
        complete);
  }

  private void take(Frame frame) {
    if (frame.isEvent()) {
      frame
          .event()
          .ifPresent(event -> {
            switch (event) {
              case RecordedEvent.State state -> take(state);
              case RecordedEvent.Session session -> role = session.roleOnServer();
              default -> {}
            }
          });
      return;
    }
    for (WireMessages.Piece piece : WireMessages.of(frame)) {
      if (piece.type() < 8) {
        continue;
      }
      try {
        if (piece.fromClient()) {
          client(FrontendMessage.decode(piece.bytes().duplicate()));
        } else {
          server(BackendMessage.decode(piece.bytes().duplicate()));
        }
      } catch (ProtocolViolationException e) {
        // a message that cannot be read changes nothing that is shown
      }
    }
  }

  private void take(RecordedEvent.State state) {
    if (state.full()) { // of what has no name only the messages tell; texts too
      settings.clear();
      Set<String> statements = new HashSet<>(Set.of(UNNAMED));
      state.prepared().forEach(each -> statements.add(named(each.name())));
      prepared.keySet().retainAll(statements);
      portals.keySet().retainAll(Set.of(UNNAMED));
      listening.clear();
      temporaryTables.clear();
    }
    transaction =
        switch (state.transactionStatus()) {
          case "T" -> ReplayRow.TransactionStatus.OPEN;
          case "E" -> ReplayRow.TransactionStatus.FAILED;
          case "I" -> ReplayRow.TransactionStatus.IDLE;
          default -> transaction;
        };
    role = state.role().isEmpty() ? role : state.role();
    if (!state.searchPath().isEmpty()) {
      put(settings, "search_path", String.join(", ", state.searchPath()));
    }
    state
        .settings()
        .forEach(each ->
            put(
                settings,
                each.name(),
                each.value().isEmpty() && each.length() > 0
                    ? "(%d bytes, not kept)".formatted(each.length())
                    : each.value()));
    for (RecordedEvent.Prepared each : state.prepared()) {
      if (!prepared.containsKey(named(each.name()))) {
        put(prepared, named(each.name()), "");
      }
    }
    state.portals().forEach(each -> put(portals, named(each.name()), named(each.preparedName())));
    listening.addAll(state.listening());
    temporaryTables.addAll(state.temporaryTables());
    for (RecordedEvent.Removed removed : state.removed()) {
      switch (removed.fieldNumber()) { // of STATE in FORMAT.md
        case 6 -> settings.remove(removed.name());
        case 7 -> prepared.remove(named(removed.name()));
        case 8 -> portals.remove(named(removed.name()));
        case 9 -> listening.remove(removed.name());
        case 10 -> temporaryTables.remove(removed.name());
        default -> {} // of a newer version
      }
    }
  }

  private static void put(Map<String, String> into, String name, String value) {
    if (into.size() < NAMES_MAX || into.containsKey(name)) {
      into.put(name, MessageText.cut(value));
    }
  }

  private static String named(String name) {
    return name.isEmpty() ? UNNAMED : name;
  }

  private void client(FrontendMessage message) {
    switch (message) {
      case FrontendMessage.Parse parse ->
          ask(new Asked.Parsed(named(parse.statement()), parse.sql().text()));
      case FrontendMessage.Bind bind ->
          ask(new Asked.Bound(named(bind.portal()), named(bind.statement())));
      case FrontendMessage.Close close ->
          ask(new Asked.Closed(close.what() == StatementOrPortal.PORTAL, named(close.name())));
      case FrontendMessage.Query _ -> {
        prepared.remove(UNNAMED); // a simple Query takes the unnamed ones away
        portals.remove(UNNAMED);
      }
      default -> {}
    }
  }

  private void ask(Asked what) {
    if (asked.size() < NAMES_MAX) {
      asked.add(what);
    }
  }

  private void server(BackendMessage message) {
    switch (message) {
      case BackendMessage.ParameterStatus status -> put(settings, status.name(), status.value());
      case BackendMessage.ReadyForQuery ready -> ready(ready);
      case BackendMessage.ParseComplete _,
          BackendMessage.BindComplete _,
          BackendMessage.CloseComplete _ ->
          confirmed();
      case BackendMessage.CommandComplete complete -> command(complete.commandTag());
      default -> {}
    }
  }

  private void confirmed() {
    switch (asked.poll()) {
      case Asked.Parsed(String name, String sql) -> put(prepared, name, sql);
      case Asked.Bound(String portal, String statement) -> put(portals, portal, statement);
      case Asked.Closed(boolean portal, String name) -> (portal ? portals : prepared).remove(name);
      case null -> {}
    }
  }

  private void ready(BackendMessage.ReadyForQuery ready) {
    asked.clear(); // what was not confirmed by now never will be
    transaction =
        switch (ready.status()) {
          case IDLE -> ReplayRow.TransactionStatus.IDLE;
          case IN_TRANSACTION -> ReplayRow.TransactionStatus.OPEN;
          case FAILED -> ReplayRow.TransactionStatus.FAILED;
        };
    if (transaction == ReplayRow.TransactionStatus.IDLE) {
      portals.clear();
    }
  }

  private void command(String tag) {
    switch (tag.toUpperCase(Locale.ROOT)) {
      case "DEALLOCATE ALL" -> prepared.clear();
      case "DISCARD ALL" -> {
        prepared.clear();
        portals.clear();
        listening.clear();
        temporaryTables.clear();
      }
      default -> {}
    }
  }
}
