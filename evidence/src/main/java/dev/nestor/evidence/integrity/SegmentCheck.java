package dev.nestor.evidence.integrity;

/// What verification says of one segment.
///
/// @param number of the segment, from 1
/// @param verdict proved, bad, or readable without proof
/// @param firstFrame number of its first frame, 0 if it has none
/// @param lastFrame number of its last frame, 0 if it has none
/// @param unsignedFrames frames behind the last checkpoint
public record SegmentCheck(
    long number, Verdict verdict, long firstFrame, long lastFrame, long unsignedFrames) {
  /// Proved, bad or neither.
  public enum Verdict {
    /// Every frame is under a signature.
    PROVED,
    /// Something in it is not what was recorded.
    DAMAGED,
    /// Readable; no signature of a trusted key covers all of it.
    UNPROVED
  }
}
