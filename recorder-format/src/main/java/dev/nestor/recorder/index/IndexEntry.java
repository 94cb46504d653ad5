package dev.nestor.recorder.index;

import dev.nestor.recorder.bytes.ByteSink;
import dev.nestor.recorder.bytes.ByteSource;
import dev.nestor.recorder.chunk.ChunkHeader;

/// What the index says of one chunk; 64 bytes.
///
/// @param offset of the record in the segment
/// @param bytes header and body
/// @param statements how many begin in it, 65,535 = that or more
public record IndexEntry(
    long offset,
    long firstFrame,
    long tsFirst,
    long tsLast,
    long bytes,
    long frames,
    long frameSpan,
    int keyClass,
    int exceptions,
    int statements,
    long bloom) {
  public static final int BYTES = 64;

  private static final int STATEMENTS_MAX = 65_535;

  /// The entry of a chunk.
  public static IndexEntry of(long offset, long bytes, ChunkHeader chunk) {
    return new IndexEntry(
        offset,
        chunk.firstFrame(),
        chunk.tsFirst(),
        chunk.tsLast(),
        bytes,
        chunk.frames(),
        chunk.frameSpan(),
        chunk.keyClass(),
        chunk.exceptions(),
        (int) Math.min(chunk.statements(), STATEMENTS_MAX),
        chunk.bloom());
  }

  void encode(ByteSink sink) {
    sink.u64(offset)
        .u64(firstFrame)
        .u64(tsFirst)
        .u64(tsLast)
        .u32(bytes)
        .u32(frames)
        .u32(frameSpan)
        .u8(keyClass)
        .u8(exceptions)
        .u16(statements)
        .u64(bloom)
        .u64(0);
  }

  static IndexEntry decode(ByteSource source) {
    IndexEntry entry =
        new IndexEntry(
            source.u64(),
            source.u64(),
            source.u64(),
            source.u64(),
            source.u32(),
            source.u32(),
            source.u32(),
            source.u8(),
            source.u8(),
            source.u16(),
            source.u64());
    checkReserved(source);
    return entry;
  }

  static void checkReserved(ByteSource source) {
    if (source.u64() != 0) {
      throw source.damage("reserved bytes are not 0");
    }
  }

  /// False if the session has nothing in the chunk; true says nothing.
  public boolean mayHave(long session) {
    long bits = ChunkHeader.bloomOf(session);
    return (bloom & bits) == bits;
  }
}
