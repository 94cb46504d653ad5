package dev.nestor.evidence.archive;

import java.time.Instant;

/// Microseconds of the archive clock as instants.
final class Instants {
  private Instants() {}

  static Instant of(long micros) {
    return Instant.ofEpochSecond(
        Math.floorDiv(micros, 1_000_000L), Math.floorMod(micros, 1_000_000L) * 1_000L);
  }
}
