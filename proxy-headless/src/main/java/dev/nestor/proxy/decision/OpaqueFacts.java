package dev.nestor.proxy.decision;

import dev.nestor.postgres.sql.Facts;
import dev.nestor.postgres.sql.FactsStatus;
import dev.nestor.postgres.sql.Flag;
import dev.nestor.postgres.sql.Verb;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Facts of something of which nobody knows what it does.
final class OpaqueFacts {
  private static final Facts OPAQUE =
      new Facts(
          0,
          0,
          FactsStatus.OPAQUE,
          Optional.empty(),
          new LinkedHashSet<>(List.of(Verb.UNKNOWN)),
          List.of(),
          List.of(),
          List.of(),
          Set.of(Flag.OPAQUE_CODE),
          Set.of(),
          Set.of());

  private OpaqueFacts() {}

  static Facts of() {
    return OPAQUE;
  }
}
