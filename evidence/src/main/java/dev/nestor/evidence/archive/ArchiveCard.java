package dev.nestor.evidence.archive;

import dev.nestor.evidence.integrity.IntegrityState;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// What the head and summary of an archive say, before anything was verified.
///
/// @param state what opening alone can tell: damaged, newer format, incomplete, growing, locked;
///   else [IntegrityState#UNKNOWN_SIGNER] until [EvidenceArchive#verify] says more
/// @param problem why it cannot be read, or cannot be read to the end; empty if it can
/// @param id the archive's UUID; empty if unknown
/// @param format version of the format, such as `1.0`
/// @param software that recorded it, and the host
/// @param policies name and version of each policy in force, in order
/// @param sizeBytes of the file or of the directory's segments
/// @param gaps times that were not recorded
public record ArchiveCard(
    Path path,
    String name,
    IntegrityState state,
    String problem,
    String id,
    String format,
    String software,
    List<String> policies,
    long sizeBytes,
    int segments,
    long sessions,
    long statements,
    long frames,
    Optional<Instant> from,
    Optional<Instant> to,
    DecisionCounts decisions,
    List<RecordingGap> gaps) {
  public ArchiveCard {
    policies = List.copyOf(policies);
    gaps = List.copyOf(gaps);
  }
}
