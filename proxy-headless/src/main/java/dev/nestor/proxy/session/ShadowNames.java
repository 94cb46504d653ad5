package dev.nestor.proxy.session;

import dev.nestor.proxy.decision.Ruling;
import java.util.HashMap;
import java.util.Map;
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
    record Known(Ruling ruling) implements Content {}

    /// No such name: the server will say so.
    record Absent() implements Content {}

    /// An unanswered change of an earlier cycle: ask again later.
    record Unsettled() implements Content {}
  }

  /// A change on its way; two are never the same, however alike.
  static final class Change {
    private final String name;
    private final @Nullable Ruling ruling;
    private final long cycle;

    private Change(String name, @Nullable Ruling ruling, long cycle) {
      this.name = name;
      this.ruling = ruling;
      this.cycle = cycle;
    }
  }

  private static final Content ABSENT = new Content.Absent();
  private static final Content UNSETTLED = new Content.Unsettled();

  private final Map<String, Ruling> confirmed = new HashMap<>();
  private final Map<String, Change> pending = new HashMap<>();

  Change propose(String name, @Nullable Ruling ruling, long cycle) {
    Change change = new Change(name, ruling, cycle);
    pending.put(name, change);
    return change;
  }

  void confirm(Change change) {
    if (change.ruling == null) {
      confirmed.remove(change.name);
    } else {
      confirmed.put(change.name, change.ruling);
    }
    drop(change);
  }

  void drop(Change change) {
    if (pending.get(change.name) == change) {
      pending.remove(change.name);
    }
  }

  void forgetAll() {
    confirmed.clear();
  }

  Content content(String name, long cycle) {
    @Nullable Change change = pending.get(name);
    if (change != null) {
      if (change.cycle != cycle) {
        return UNSETTLED;
      }
      return change.ruling == null ? ABSENT : new Content.Known(change.ruling);
    }
    @Nullable Ruling ruling = confirmed.get(name);
    return ruling == null ? ABSENT : new Content.Known(ruling);
  }
}
