package dev.nestor.evidence.integrity;

import java.util.OptionalLong;

/// One thing that verification found.
///
/// @param what a sentence for people
/// @param segment number of the segment, from 1; 0 if of none
/// @param offset byte of the file where it is, from 0
/// @param frame first frame that it concerns, absent if none is known
public record IntegrityFinding(String what, long segment, long offset, OptionalLong frame) {}
