package dev.nestor.recorder.chunk;

/// What the chunk header says of one lane; all 0 for an absent one.
///
/// @param codec one of [Compression]
/// @param rawBytes length of the lane's content
/// @param transformedBytes length before compression
/// @param storedBytes length in the body
public record LaneDescriptor(
    int lane,
    int codec,
    int cipher,
    int flags,
    long rawBytes,
    long transformedBytes,
    long storedBytes) {
  static final LaneDescriptor ABSENT = new LaneDescriptor(0, 0, 0, 0, 0, 0, 0);
}
