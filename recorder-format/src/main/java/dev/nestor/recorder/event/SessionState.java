package dev.nestor.recorder.event;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/// What a session has after a full state and the changes behind it.
public final class SessionState {
  private static final int SETTINGS = 6;
  private static final int PREPARED = 7;
  private static final int PORTALS = 8;
  private static final int LISTENING = 9;
  private static final int TEMPORARY_TABLES = 10;

  private SessionState() {}

  /// One full state that says what all of them say together.
  ///
  /// @param states at least one, in their order
  public static RecordedEvent.State merged(List<RecordedEvent.State> states) {
    RecordedEvent.State merged = states.getFirst();
    for (RecordedEvent.State delta : states.subList(1, states.size())) {
      merged = applied(merged, delta);
    }
    return merged.toBuilder().full(true).removed(List.of()).build();
  }

  private static RecordedEvent.State applied(
      RecordedEvent.State before, RecordedEvent.State delta) {
    if (delta.full()) {
      return delta;
    }
    return before.toBuilder()
        .transactionStatus(later(before.transactionStatus(), delta.transactionStatus()))
        .role(later(before.role(), delta.role()))
        .sessionAuthorization(later(before.sessionAuthorization(), delta.sessionAuthorization()))
        .searchPath(delta.searchPath().isEmpty() ? before.searchPath() : delta.searchPath())
        .settings(
            named(
                before.settings(), delta.settings(), delta, SETTINGS, RecordedEvent.Setting::name))
        .prepared(
            named(
                before.prepared(), delta.prepared(), delta, PREPARED, RecordedEvent.Prepared::name))
        .portals(
            named(before.portals(), delta.portals(), delta, PORTALS, RecordedEvent.Portal::name))
        .listening(named(before.listening(), delta.listening(), delta, LISTENING, each -> each))
        .temporaryTables(
            named(
                before.temporaryTables(),
                delta.temporaryTables(),
                delta,
                TEMPORARY_TABLES,
                each -> each))
        .build();
  }

  private static String later(String before, String after) {
    return after.isEmpty() ? before : after;
  }

  /// What was there without what was removed or said anew, then what was said.
  private static <T> List<T> named(
      List<T> before,
      List<T> added,
      RecordedEvent.State delta,
      int field,
      Function<T, String> name) {
    List<T> merged = new ArrayList<>();
    for (T each : before) {
      String known = name.apply(each);
      boolean gone =
          delta.removed().stream().anyMatch(r -> r.fieldNumber() == field && r.name().equals(known))
              || added.stream().anyMatch(a -> name.apply(a).equals(known));
      if (!gone) {
        merged.add(each);
      }
    }
    merged.addAll(added);
    return merged;
  }
}
