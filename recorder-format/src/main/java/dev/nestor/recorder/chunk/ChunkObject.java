package dev.nestor.recorder.chunk;

import dev.nestor.recorder.bytes.Bytes;

/// An object as a chunk holds it; its number is its position, from 1.
public record ChunkObject(int kind, Bytes body) {}
