package dev.nestor.recorder.chunk;

/// A session that a chunk has to do with.
///
/// @param no its number, 0 for events of no session
/// @param framesBefore its frames before this chunk, all lanes, since it began
/// @param statementsBefore its statements before this chunk
/// @param chunksToState how many chunks back its last full State stands, 0 if there is none before
///   this chunk
public record ChunkSession(long no, long framesBefore, long statementsBefore, long chunksToState) {}
