package dev.nestor.evidence.search;

import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A question as parsed.
public sealed interface Query {
  /// Every statement.
  record All() implements Query {}

  /// All of these.
  record And(List<Query> parts) implements Query {
    public And {
      parts = List.copyOf(parts);
    }
  }

  /// Any of these.
  record Or(List<Query> parts) implements Query {
    public Or {
      parts = List.copyOf(parts);
    }
  }

  /// Not this.
  record Not(Query part) implements Query {}

  /// A word field has one of these values; `*` and `?` are wildcards.
  ///
  /// @param index for `actor[n]`: 0 the current one, -1 the first; `null` for any
  record Word(Field field, @Nullable Integer index, List<String> values) implements Query {
    public Word {
      values = List.copyOf(values);
    }
  }

  /// A number lies between two, both included; durations in microseconds.
  record Between(Field field, double from, double to) implements Query {}

  /// A moment lies between two, the second excluded; either may be open.
  record During(@Nullable Instant from, @Nullable Instant to) implements Query {}

  /// A time of any day lies between two, the second excluded.
  record Daily(LocalTime from, LocalTime to, ZoneId zone) implements Query {}

  /// Names follow each other in the chain, from the subject on.
  record Via(List<String> names) implements Query {
    public Via {
      names = List.copyOf(names);
    }
  }
}
