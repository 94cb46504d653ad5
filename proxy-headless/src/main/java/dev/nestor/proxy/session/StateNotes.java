package dev.nestor.proxy.session;

import dev.nestor.postgres.catalog.Relation;
import dev.nestor.postgres.sql.Facts;
import dev.nestor.postgres.sql.Verb;
import dev.nestor.proxy.decision.SessionSettings;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/// What a session has, as the server has confirmed it: settings, prepared statements and portals
/// that have names, channels, temporary tables. For the record, which writes down what has changed.
///
/// Nothing is decided by it, and what has no name is left out: it changes with every message, and
/// the messages say it. A transaction that is rolled back gives back settings (the server is asked
/// for them), and its channels; what opaque code did shows when the server has been asked.
///
/// Belongs to its session's event loop. Where nothing changes, nothing is allocated.
public final class StateNotes {
  /// The origin of a cursor that outlives its transaction, and of what is not known.
  static final Origin HELD = new Origin(0, 0, "");

  private static final int NAME_BYTES_MAX = 64;
  private static final int VALUE_BYTES_MAX = 1024;

  /// Where a named thing came from.
  ///
  /// @param frame the session's frame with its Parse, Bind or Query
  /// @param message index of the message in it
  /// @param statement name of the prepared statement that a portal runs; empty for others
  public record Origin(long frame, int message, String statement) {}

  /// LISTEN, UNLISTEN or DISCARD.
  ///
  /// @param channel empty for all
  private record ChannelChange(boolean listens, String channel) {}

  private final SortedMap<String, String> settings = new TreeMap<>();
  private final Map<String, Origin> prepared = new LinkedHashMap<>();
  private final Map<String, Origin> portals = new LinkedHashMap<>();
  private final Set<String> listening = new LinkedHashSet<>();
  private final Set<String> temporary = new LinkedHashSet<>();

  /// What changes channels if the transaction commits.
  private final List<ChannelChange> channelChanges = new ArrayList<>();

  private SessionSettings tracked = new SessionSettings(true, "", "none");
  private byte transaction = 'I';
  private boolean changed;

  /// Knows what the server said at the start, and nothing else.
  ///
  /// @param tracked settings that change what statements mean
  public void start(Map<String, String> parameters, SessionSettings tracked) {
    parameters.forEach(this::setting);
    this.tracked = tracked;
    changed = true;
  }

  /// Whether there is something new since [#written()].
  public boolean isChanged() {
    return changed;
  }

  /// All of it has been written down.
  public void written() {
    changed = false;
  }

  // ---- what has happened

  ShadowNames.Watch preparedNames() {
    return new Names(prepared);
  }

  ShadowNames.Watch portalNames() {
    return new Names(portals);
  }

  /// Keeps one kind of names.
  private final class Names implements ShadowNames.Watch {
    private final Map<String, Origin> kind;

    Names(Map<String, Origin> kind) {
      this.kind = kind;
    }

    @Override
    public void known(String name, Origin origin) {
      kind.put(cut(name, NAME_BYTES_MAX), origin);
      changed = true;
    }

    @Override
    public void gone(String name) {
      changed |= kind.remove(cut(name, NAME_BYTES_MAX)) != null;
    }
  }

  /// Where a prepared statement came from, as far as that is known.
  Origin originOf(String name) {
    return prepared.getOrDefault(cut(name, NAME_BYTES_MAX), HELD);
  }

  /// Where the statement stands that makes a name.
  Origin originOf(Execution execution) {
    boolean outlives =
        execution.ruling().parts().get(execution.part()).facts().verb() == Verb.DECLARE
            && holds(execution.ruling().text());
    return outlives ? HELD : new Origin(execution.anchor(), execution.messageIndex(), "");
  }

  void setting(String name, String value) {
    String known = cut(value, VALUE_BYTES_MAX);
    if (!known.equals(settings.put(cut(name, NAME_BYTES_MAX), known))) {
      changed = true;
    }
  }

  void tracked(SessionSettings now) {
    if (!now.equals(tracked)) {
      tracked = now;
      changed = true;
    }
  }

  /// The server has listed the session's own objects.
  void objects(Set<String> statements, List<Relation> relations) {
    if (!prepared.isEmpty()) {
      changed |= prepared.keySet().retainAll(statements);
    }
    Set<String> names = new LinkedHashSet<>();
    relations.forEach(relation -> names.add(cut(relation.name().name(), NAME_BYTES_MAX)));
    if (!temporary.equals(names)) {
      temporary.clear();
      temporary.addAll(names);
      changed = true;
    }
  }

  /// A statement is complete.
  void complete(Execution execution) {
    Facts facts = execution.ruling().parts().get(execution.part()).facts();
    switch (facts.verb()) {
      case LISTEN ->
          facts
              .names()
              .forEach(
                  name -> channelChanges.add(new ChannelChange(true, cut(name, NAME_BYTES_MAX))));
      case UNLISTEN -> channelChanges.add(new ChannelChange(false, channel(execution, facts)));
      case DISCARD -> channelChanges.add(new ChannelChange(false, ""));
      default -> {}
    }
  }

  /// What UNLISTEN names; empty for all.
  private static String channel(Execution execution, Facts facts) {
    byte[] text = execution.ruling().text();
    String statement =
        new String(text, facts.start(), facts.end() - facts.start(), StandardCharsets.UTF_8);
    String name = statement.strip().replaceFirst("(?is)^unlisten\\s*", "").replace(";", "").strip();
    return name.startsWith("\"") && name.endsWith("\"") && name.length() > 1
        ? cut(name.substring(1, name.length() - 1), NAME_BYTES_MAX)
        : name.equals("*") ? "" : cut(name.toLowerCase(Locale.ROOT), NAME_BYTES_MAX);
  }

  /// A transaction, or what was done behind a savepoint, is taken back.
  void rolledBack() {
    channelChanges.clear();
  }

  /// The server is ready for the next query.
  ///
  /// @param status `I`, `T` or `E`
  void ready(byte status) {
    transaction = status;
    if (status != 'I') {
      return;
    }
    if (!portals.isEmpty()) {
      changed |= portals.values().removeIf(origin -> !origin.equals(HELD));
    }
    if (!channelChanges.isEmpty()) {
      channelChanges.forEach(this::channel);
      channelChanges.clear();
    }
  }

  private void channel(ChannelChange change) {
    if (change.listens()) {
      changed |= listening.add(change.channel());
    } else if (!change.channel().isEmpty()) {
      changed |= listening.remove(change.channel());
    } else {
      changed |= !listening.isEmpty();
      listening.clear();
    }
  }

  /// Whether the text of a DECLARE makes a cursor that outlives its transaction. For the record
  /// only: a name that reads like it makes one stay on the list.
  static boolean holds(byte[] text) {
    return new String(text, StandardCharsets.UTF_8).toLowerCase(Locale.ROOT).contains("with hold");
  }

  // ---- what there is

  /// Values of settings that the server has told, by name; sorted.
  public SortedMap<String, String> settings() {
    return settings;
  }

  /// Settings that change what statements mean.
  public SessionSettings tracked() {
    return tracked;
  }

  /// Prepared statements that have names.
  public Map<String, Origin> prepared() {
    return prepared;
  }

  /// Portals and cursors that have names.
  public Map<String, Origin> portals() {
    return portals;
  }

  /// Channels.
  public Set<String> listening() {
    return listening;
  }

  /// Relations in the session's temporary schema.
  public Set<String> temporary() {
    return temporary;
  }

  /// `I`, `T` or `E`.
  public byte transaction() {
    return transaction;
  }

  private static String cut(String text, int bytesMax) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    if (utf8.length <= bytesMax) {
      return text;
    }
    int end = bytesMax;
    while (end > 0 && (utf8[end] & 0xC0) == 0x80) {
      end--;
    }
    return new String(utf8, 0, end, StandardCharsets.UTF_8);
  }
}
