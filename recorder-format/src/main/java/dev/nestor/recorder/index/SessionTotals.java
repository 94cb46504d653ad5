package dev.nestor.recorder.index;

/// What a segment has of one session.
///
/// @param framesBefore its frames in earlier segments
/// @param statementsBefore its statements in earlier segments
/// @param bytesOut length of what the client was sent
/// @param principal number of its principal, 0 if unknown
/// @param firstChunk number of the first chunk that has it
public record SessionTotals(
    long no,
    long tsFirst,
    long tsLast,
    long firstFrame,
    long framesBefore,
    long statementsBefore,
    long rows,
    long bytesOut,
    long frames,
    long statements,
    long masked,
    long held,
    long blocked,
    long principal,
    long credential,
    long firstChunk) {}
