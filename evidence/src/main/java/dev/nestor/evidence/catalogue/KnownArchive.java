package dev.nestor.evidence.catalogue;

import dev.nestor.evidence.archive.ArchiveCard;
import dev.nestor.evidence.integrity.IntegrityReport;
import java.time.Instant;
import java.util.Optional;

/// What the catalogue remembers of an archive whose files are as they were.
///
/// @param card what its head and summary said
/// @param verified how its last verification ended, by the signers that are trusted now; empty if
///   they were others, or it was never verified to its end
public record KnownArchive(ArchiveCard card, Optional<Verified> verified) {
  /// A verification.
  ///
  /// @param at when it ended
  public record Verified(IntegrityReport report, Instant at) {}
}
