/// What stands between the segment header and the trailer: records, and the chunk above all, with
/// its lanes, columns, transposition and hashes. Knows the shape of DataRow and no other fact of
/// the protocol. Start at [ChunkEncoder] to write and [ChunkDecoder] to read.
///
/// **Threads.** Values, apart from encoders and decoders, which belong to one thread.
///
/// **Hostile input.** Every count and length is checked against the bytes that are there before
/// anything is allocated for it; what breaks a rule is a
/// [dev.nestor.recorder.bytes.DamageException].
///
/// Source: FORMAT.md, "Record header", "CHUNK", "Integrity".
@NullMarked
package dev.nestor.recorder.chunk;

import org.jspecify.annotations.NullMarked;
