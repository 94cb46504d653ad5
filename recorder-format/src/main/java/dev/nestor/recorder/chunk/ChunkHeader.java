package dev.nestor.recorder.chunk;

import dev.nestor.recorder.bytes.ByteSink;
import dev.nestor.recorder.bytes.ByteSource;
import dev.nestor.recorder.bytes.Bytes;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;

/// The 240 bytes behind a chunk's record header.
///
/// @param no in the segment, from 0
/// @param firstFrame number of its first frame; of the next one to come if it has none
/// @param frames how many
/// @param sessions entries of its session table
/// @param tsFirst of the first frame
/// @param tsLast of the last frame
/// @param laneMask a bit per lane present
/// @param frameSpan last frame - first frame + 1
/// @param firstStatement ordinal of the first statement that begins here
/// @param statements how many begin here
/// @param dictBase chunks back to where the object table starts, 0 = here
/// @param exceptions bits: masked, held, blocked, killed, error, gap, finding
public record ChunkHeader(
    long no,
    long firstFrame,
    long frames,
    long sessions,
    long tsFirst,
    long tsLast,
    int laneMask,
    int keyClass,
    long frameSpan,
    long firstStatement,
    long statements,
    int dictBase,
    int exceptions,
    List<LaneDescriptor> lanes,
    Bytes contentRoot,
    Bytes storedHash,
    long bloom) {
  /// With the record header.
  public static final int BYTES = 304;

  public static final int MASKED = 1;
  public static final int HELD = 2;
  public static final int BLOCKED = 4;
  public static final int KILLED = 8;
  public static final int ERROR = 16;
  public static final int GAP = 32;
  public static final int FINDING = 64;

  /// Length of the part that the content root covers.
  static final int COMMITTED_BYTES = 64;

  private static final int DICT_BASE_MAX = 15;

  /// The extension of the record header.
  byte[] encode() {
    ByteSink sink = new ByteSink(BYTES - RecordHeader.BYTES).bytes(committed());
    for (LaneDescriptor lane : lanes) {
      sink.u8(lane.lane())
          .u8(lane.codec())
          .u8(lane.cipher())
          .u8(lane.flags())
          .u32(lane.rawBytes())
          .u32(lane.transformedBytes())
          .u32(lane.storedBytes());
    }
    return sink.bytes(contentRoot).bytes(storedHash).u64(bloom).u64(0).toArray();
  }

  /// Bytes 64 to 127 of the chunk.
  byte[] committed() {
    return new ByteSink(COMMITTED_BYTES)
        .u64(no)
        .u64(firstFrame)
        .u32(frames)
        .u32(sessions)
        .u64(tsFirst)
        .u64(tsLast)
        .u16(laneMask)
        .u16(keyClass)
        .u32(frameSpan)
        .u64(firstStatement)
        .u32(statements)
        .u16(dictBase)
        .u16(exceptions)
        .toArray();
  }

  /// Reads the extension.
  ///
  /// @throws dev.nestor.recorder.bytes.DamageException if a length or count is over its limit
  public static ChunkHeader parse(byte[] headerBytes) {
    ByteSource source =
        new ByteSource("chunk header", headerBytes, RecordHeader.BYTES, headerBytes.length);
    long no = source.u64();
    long firstFrame = source.u64();
    long frames = source.u32();
    long sessions = source.u32();
    long tsFirst = source.u64();
    long tsLast = source.u64();
    int laneMask = source.u16();
    int keyClass = source.u16();
    long frameSpan = source.u32();
    long firstStatement = source.u64();
    long statements = source.u32();
    int dictBase = source.u16();
    int exceptions = source.u16();
    List<LaneDescriptor> lanes = new ArrayList<>();
    long raw = 0;
    for (int slot = 0; slot < Lane.COUNT; slot++) {
      LaneDescriptor lane =
          new LaneDescriptor(
              source.u8(),
              source.u8(),
              source.u8(),
              source.u8(),
              source.u32(),
              source.u32(),
              source.u32());
      boolean present = (laneMask >> slot & 1) != 0;
      if (lane.flags() != 0
          || (present ? lane.lane() != slot : !lane.equals(LaneDescriptor.ABSENT))) {
        throw source.damage("lane descriptor " + slot);
      }
      raw += slot == Lane.META ? 0 : lane.rawBytes();
      if (lane.rawBytes() > Limits.CHUNK_RAW_BYTES_MAX
          || lane.transformedBytes() > 2L * Limits.CHUNK_RAW_BYTES_MAX) {
        throw source.damage(Lane.name(slot) + " over 8 MiB");
      }
      lanes.add(lane);
    }
    if (raw > Limits.CHUNK_RAW_BYTES_MAX
        || sessions > Limits.SESSIONS_MAX
        || dictBase > DICT_BASE_MAX
        || dictBase > no
        || frames > frameSpan
        || frames > Limits.CHUNK_RAW_BYTES_MAX
        || laneMask >> Lane.COUNT != 0) {
      throw source.damage("a count over its limit");
    }
    Bytes contentRoot = source.bytes(Sha256.BYTES);
    Bytes storedHash = source.bytes(Sha256.BYTES);
    long bloom = source.u64();
    if (source.u64() != 0) {
      throw source.damage("reserved bytes are not 0");
    }
    return new ChunkHeader(
        no,
        firstFrame,
        frames,
        sessions,
        tsFirst,
        tsLast,
        laneMask,
        keyClass,
        frameSpan,
        firstStatement,
        statements,
        dictBase,
        exceptions,
        List.copyOf(lanes),
        contentRoot,
        storedHash,
        bloom);
  }

  public boolean has(int lane) {
    return (laneMask >> lane & 1) != 0;
  }

  /// The bits that a session sets in a chunk's bloom.
  public static long bloomOf(long session) {
    MessageDigest digest = Sha256.digest();
    byte[] hash = digest.digest(new ByteSink().u64(session).toArray());
    return 1L << (hash[0] & 63) | 1L << (hash[1] & 63);
  }

  /// False if the session has nothing in the chunk; true says nothing.
  public boolean mayHave(long session) {
    long bits = bloomOf(session);
    return (bloom & bits) == bits;
  }
}
