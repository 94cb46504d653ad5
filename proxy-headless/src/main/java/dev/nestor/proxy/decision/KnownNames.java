package dev.nestor.proxy.decision;

import java.util.Optional;

/// What the names of a session stand for, as far as the server has confirmed it.
public interface KnownNames {
  /// What was decided of the prepared statement of a name; empty if there is none or it is not
  /// known.
  Optional<Ruling> statement(String name);

  /// What was decided of the query behind a cursor or portal; empty if there is none or it is not
  /// known.
  Optional<Ruling> cursor(String name);
}
