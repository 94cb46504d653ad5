package dev.nestor.recorder.index;

import dev.nestor.recorder.bytes.ByteSink;
import dev.nestor.recorder.bytes.ByteSource;
import dev.nestor.recorder.chunk.Crc;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/// The last 64 bytes of a closed segment.
///
/// @param summaryOffset offset of the SUMMARY record, 0 if there was no room for one
/// @param summaryBytes its header and body
/// @param checkpointOffset offset of the final checkpoint
/// @param segmentBytes length of the segment, this included
/// @param tag first four bytes of the segment's tag
public record Trailer(
    long summaryOffset,
    long summaryBytes,
    long chunks,
    long frames,
    long checkpointOffset,
    long segmentBytes,
    int tag) {
  public static final int BYTES = 64;

  private static final byte[] MAGIC = "PGRTAIL1".getBytes(StandardCharsets.US_ASCII);
  private static final int CRC_AT = 60;

  public byte[] encode() {
    ByteSink sink =
        new ByteSink(BYTES)
            .bytes(MAGIC)
            .u64(summaryOffset)
            .u64(summaryBytes)
            .u64(chunks)
            .u64(frames)
            .u64(checkpointOffset)
            .u64(segmentBytes)
            .u32(tag);
    return sink.u32(Crc.of(sink.backing(), 0, CRC_AT)).toArray();
  }

  /// Reads a trailer; nothing if the bytes are none.
  public static Optional<Trailer> parse(byte[] bytes) {
    if (bytes.length != BYTES || !Arrays.equals(bytes, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
      return Optional.empty();
    }
    ByteSource source = new ByteSource("trailer", bytes);
    source.skip(MAGIC.length);
    Trailer trailer =
        new Trailer(
            source.u64(),
            source.u64(),
            source.u64(),
            source.u64(),
            source.u64(),
            source.u64(),
            (int) source.u32());
    boolean holds =
        (int) source.u32() == Crc.of(bytes, 0, CRC_AT)
            && trailer.segmentBytes >= SegmentHeader.BYTES + BYTES
            && trailer.summaryOffset >= 0
            && trailer.checkpointOffset >= 0;
    return holds ? Optional.of(trailer) : Optional.empty();
  }
}
