package dev.nestor.evidence.archive;

import java.time.Instant;

/// A time in which not everything was recorded.
///
/// @param cause in words
/// @param frames that are missing, 0 if unknown
public record RecordingGap(Instant from, Instant to, String cause, long frames) {}
