package dev.nestor.proxy.session;

import dev.nestor.proxy.decision.Ruling;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The content of one kind of name, statements or portals, as the server has confirmed it, and the
/// changes that it has not answered yet.
///
/// A name with an unanswered change is safe to use inside the same cycle: if the change fails, what
/// follows is skipped. Behind a Sync it is not, and the caller waits.
final class ShadowNames {
  /// What a lookup may find.
  sealed interface Content {
    /// The name stands for this.
    ///
    /// @param rows of the portal, where they need a plan
    record Known(Ruling ruling, @Nullable PortalRows rows) implements Content {}

    /// No such name: the server will say so.
    record Absent() implements Content {}

    /// Code of which nobody knows what it did may have given the name to something.
    record Unknown() implements Content {}

    /// An unanswered change of an earlier cycle: ask again later.
    record Unsettled() implements Content {}
  }

  /// A change on its way; two are never the same, however alike.
  static final class Change {
    private final String name;
    private final @Nullable Ruling ruling;
    private final @Nullable PortalRows rows;
    private final long cycle;
    private StateNotes.Origin origin = StateNotes.HELD;

    private Change(String name, @Nullable Ruling ruling, @Nullable PortalRows rows, long cycle) {
      this.name = name;
      this.ruling = ruling;
      this.rows = rows;
      this.cycle = cycle;
    }

    /// Where it stands in the record.
    void comesFrom(StateNotes.Origin place) {
      origin = place;
    }
  }

  /// Told of each name whose content the server has confirmed.
  interface Watch {
    /// The name stands for something.
    void known(String name, StateNotes.Origin origin);

    /// The name stands for nothing any more.
    void gone(String name);
  }

  /// A client that declares more without closing any is not followed further.
  private static final int DECLARED_MAX = 4096;

  private static final Content ABSENT = new Content.Absent();
  private static final Content UNKNOWN = new Content.Unknown();
  private static final Content UNSETTLED = new Content.Unsettled();

  private final Watch watch;
  private final Map<String, Change> confirmed = new HashMap<>();
  private final Set<String> declared = new HashSet<>();
  private final Map<String, Change> pending = new HashMap<>();

  /// Names that are not confirmed may exist all the same.
  private boolean doubtful;

  ShadowNames(Watch watch) {
    this.watch = watch;
  }

  Change propose(String name, @Nullable Ruling ruling, long cycle) {
    return propose(name, ruling, null, cycle);
  }

  Change propose(String name, @Nullable Ruling ruling, @Nullable PortalRows rows, long cycle) {
    Change change = new Change(name, ruling, rows, cycle);
    pending.put(name, change);
    return change;
  }

  void confirm(Change change) {
    if (change.ruling == null) {
      confirmed.remove(change.name);
    } else {
      confirmed.put(change.name, change);
    }
    tell(change);
    drop(change);
  }

  private void tell(Change change) {
    if (change.name.isEmpty()) {
      return;
    }
    if (change.ruling == null) {
      watch.gone(change.name);
    } else {
      watch.known(change.name, change.origin);
    }
  }

  void drop(Change change) {
    if (pending.get(change.name) == change) {
      pending.remove(change.name);
    }
  }

  /// The server has said, by a statement of SQL, what a name stands for.
  ///
  /// @param ruling null if it is gone
  /// @param origin where the statement stands that did it
  void set(String name, @Nullable Ruling ruling, StateNotes.Origin origin) {
    if (ruling == null) {
      confirmed.remove(name);
      declared.remove(name);
      watch.gone(name);
    } else if (declared.size() < DECLARED_MAX) {
      Change change = new Change(name, ruling, PortalRows.of(ruling.rows()), 0);
      change.comesFrom(origin);
      confirmed.put(name, change);
      declared.add(name);
      tell(change);
    } else {
      doubtAll();
    }
  }

  /// A transaction has ended, and portals with it, but for cursors WITH HOLD. Which those are is
  /// not asked: the server knows it when one is used.
  void transactionEnded() {
    confirmed.keySet().retainAll(declared);
  }

  /// Opaque code has run. It cannot reach what has no name.
  void doubtAll() {
    confirmed.keySet().removeIf(name -> !name.isEmpty());
    declared.clear();
    doubtful = true;
  }

  /// The server has listed all names: those that are still not known stay in doubt.
  void settle(Set<String> listed) {
    doubtful = !confirmed.keySet().containsAll(listed);
  }

  boolean isDoubtful() {
    return doubtful;
  }

  boolean hasPendingNamed() {
    return pending.size() > (pending.containsKey("") ? 1 : 0);
  }

  Optional<Ruling> known(String name) {
    @Nullable Change settled = confirmed.get(name);
    return settled == null ? Optional.empty() : Optional.ofNullable(settled.ruling);
  }

  Content content(String name, long cycle) {
    @Nullable Change change = pending.get(name);
    if (change != null) {
      if (change.cycle != cycle) {
        return UNSETTLED;
      }
      return known(change);
    }
    @Nullable Change settled = confirmed.get(name);
    if (settled != null) {
      return known(settled);
    }
    return doubtful && !name.isEmpty() ? UNKNOWN : ABSENT;
  }

  private static Content known(Change change) {
    return change.ruling == null ? ABSENT : new Content.Known(change.ruling, change.rows);
  }
}
