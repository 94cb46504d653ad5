package dev.nestor.proxy.decision;

import dev.nestor.postgres.sql.Facts;
import java.util.Optional;

/// What a statement of SQL does to the names of prepared statements and cursors, which SQL and the
/// protocol share. It has happened when the server says that the statement is complete.
///
/// @param kind what happens
/// @param name the one that is changed
public record NameChange(Kind kind, String name) {
  /// What happens to a name.
  public enum Kind {
    /// PREPARE: the name stands for the statement inside.
    PREPARED,
    /// DEALLOCATE.
    DEALLOCATED,
    /// DECLARE: the name stands for the query inside.
    DECLARED,
    /// CLOSE.
    CLOSED
  }

  /// The change that a statement makes, if it makes one to a single name.
  static Optional<NameChange> of(Facts facts) {
    if (facts.names().size() != 1 || isAll(facts)) {
      return Optional.empty();
    }
    String name = facts.names().iterator().next();
    return switch (facts.verb()) {
      case PREPARE -> Optional.of(new NameChange(Kind.PREPARED, name));
      case DEALLOCATE -> Optional.of(new NameChange(Kind.DEALLOCATED, name));
      case DECLARE -> Optional.of(new NameChange(Kind.DECLARED, name));
      case CLOSE -> Optional.of(new NameChange(Kind.CLOSED, name));
      default -> Optional.empty();
    };
  }

  /// DEALLOCATE ALL and CLOSE ALL; also of a name that is spelled like that, which is asked for
  /// afterwards just the same.
  private static boolean isAll(Facts facts) {
    return facts.names().contains("all");
  }
}
