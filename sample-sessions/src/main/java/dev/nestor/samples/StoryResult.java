package dev.nestor.samples;

import dev.nestor.evidence.archive.DecisionCounts;
import dev.nestor.evidence.integrity.IntegrityState;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// How a story went.
///
/// @param seen what its clients saw, for the table
/// @param missing what did not go as told; empty if all did
/// @param archive its recording
/// @param server counts of the server's own log
record StoryResult(
    Story story,
    Map<String, String> seen,
    List<String> missing,
    Path archive,
    DecisionCounts decisions,
    long statements,
    long frames,
    IntegrityState state,
    ServerLog.Counts server) {

  boolean ok() {
    return missing.isEmpty() && state == IntegrityState.VERIFIED;
  }
}
