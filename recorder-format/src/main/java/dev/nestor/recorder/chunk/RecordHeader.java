package dev.nestor.recorder.chunk;

import dev.nestor.recorder.bytes.ByteSink;
import dev.nestor.recorder.bytes.ByteSource;
import java.util.Optional;
import java.util.zip.CRC32C;

/// The 64 bytes that every record begins with.
///
/// @param type a [RecordType]
/// @param flags [#CRITICAL] and its neighbours
/// @param headerBytes with what follows these 64, a multiple of 8
/// @param seq from 0, counts records of every type
/// @param offset own offset in the segment
/// @param bodyBytes without padding
/// @param lastIndex offset of the last INDEX before, 0 for none
/// @param durable everything before this offset had been synced to disk
/// @param tag bytes 40 to 47 of the segment header: the second half of the segment's uuid
public record RecordHeader(
    int type,
    int flags,
    int headerBytes,
    long seq,
    long offset,
    long bodyBytes,
    long lastIndex,
    long durable,
    long tag,
    int bodyCrc) {
  public static final int BYTES = 64;

  /// A reader that does not know the type must not go on.
  public static final int CRITICAL = 1;

  public static final int ENCRYPTED = 2;
  public static final int REDACTED = 4;

  /// The first four bytes, `PGR1`.
  public static final int SYNC = 'P' | 'G' << 8 | 'R' << 16 | '1' << 24;

  private static final int CRC_AT = 60;

  /// What the field of the CRC counts as.
  private static final byte[] NO_CRC = new byte[4];

  /// The whole header.
  ///
  /// @param extension what stands behind the 64 bytes, a multiple of 8; covered by the CRC
  public byte[] encode(byte[] extension) {
    ByteSink sink =
        new ByteSink(BYTES + extension.length)
            .u32(SYNC)
            .u8(type)
            .u8(flags)
            .u16(headerBytes)
            .u64(seq)
            .u64(offset)
            .u64(bodyBytes)
            .u64(lastIndex)
            .u64(durable)
            .u64(tag)
            .u32(bodyCrc)
            .u32(0)
            .bytes(extension);
    sink.patchU32(CRC_AT, Crc.of(sink.backing(), 0, sink.size()));
    return sink.toArray();
  }

  /// The header at the start of the bytes; nothing if they do not begin with the sync word or a
  /// length is impossible. Its CRC is for [#crcHolds].
  public static Optional<RecordHeader> parse(byte[] bytes) {
    if (bytes.length < BYTES) {
      return Optional.empty();
    }
    ByteSource source = new ByteSource("record header", bytes);
    if ((int) source.u32() != SYNC) {
      return Optional.empty();
    }
    RecordHeader header =
        new RecordHeader(
            source.u8(),
            source.u8(),
            source.u16(),
            source.u64(),
            source.u64(),
            source.u64(),
            source.u64(),
            source.u64(),
            source.u64(),
            (int) source.u32());
    boolean possible =
        header.headerBytes >= BYTES
            && header.headerBytes <= Limits.RECORD_HEADER_BYTES_MAX
            && header.headerBytes % 8 == 0
            && header.bodyBytes >= 0
            && header.offset >= 0;
    return possible ? Optional.of(header) : Optional.empty();
  }

  /// True if the CRC of the header's bytes, extension included, holds.
  public static boolean crcHolds(byte[] headerBytes) {
    int stored = (int) new ByteSource("crc", headerBytes, CRC_AT, CRC_AT + 4).u32();
    CRC32C crc = new CRC32C();
    crc.update(headerBytes, 0, CRC_AT);
    crc.update(NO_CRC, 0, NO_CRC.length);
    crc.update(headerBytes, BYTES, headerBytes.length - BYTES);
    return stored == (int) crc.getValue();
  }

  /// Header and body, without padding.
  public long recordBytes() {
    return headerBytes + bodyBytes;
  }

  /// Offset of what follows.
  public long next() {
    return (offset + recordBytes() + 7) & ~7L;
  }
}
