package dev.nestor.recorder.index;

import dev.nestor.recorder.bytes.ByteSink;
import dev.nestor.recorder.bytes.ByteSource;
import dev.nestor.recorder.bytes.Bytes;
import dev.nestor.recorder.bytes.DamageException;
import dev.nestor.recorder.chunk.Crc;
import dev.nestor.recorder.chunk.Lane;
import dev.nestor.recorder.chunk.LaneKeys;
import dev.nestor.recorder.note.HostKey;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;

/// The first 4,096 bytes of a segment: written once, never touched again.
///
/// @param major a reader of a lower one refuses
/// @param incompatible bits; a reader that does not know one refuses
/// @param number from 1, rises by one in an archive
/// @param createdNanos wall time, nanoseconds since 1970
/// @param tsUnitNanos length of one unit of all timestamps
/// @param indexEvery chunks between two INDEX records
/// @param previous SHA-256 of the body of the previous segment's last checkpoint; zeros for the
///   first
/// @param segmentKey 32 bytes, Ed25519
/// @param certificate by which the host key vouches for the segment key
/// @param keys what the KEY envelopes hold in clear
/// @param next first numbers of this segment
/// @param predecessorEntries entries of the predecessor as recomputed when it was recovered; 0 if
///   it was not
/// @param predecessorRoot likewise
public record SegmentHeader(
    int major,
    int minor,
    long incompatible,
    long compatible,
    UUID uuid,
    UUID archive,
    long number,
    long createdNanos,
    long tsUnitNanos,
    long indexEvery,
    Bytes previous,
    long chunkTarget,
    Bytes segmentKey,
    Certificate certificate,
    LaneKeys keys,
    Next next,
    String host,
    String software,
    long predecessorEntries,
    Bytes predecessorRoot) {
  public static final int BYTES = 4096;
  public static final int MAJOR = 1;

  /// The first eight bytes.
  public static final Bytes MAGIC =
      Bytes.of(
          (byte) 0x89,
          (byte) 'P',
          (byte) 'G',
          (byte) 'R',
          (byte) 13,
          (byte) 10,
          (byte) 26,
          (byte) 10);

  private static final int CRC_AT = BYTES - 4;
  private static final int TLV_FROM = 160;
  private static final int TLV_CERTIFICATE = 1;
  private static final int TLV_KEY = 2;
  private static final int TLV_NEXT = 3;
  private static final int TLV_HOST = 4;
  private static final int TLV_SOFTWARE = 5;
  private static final int TLV_PREDECESSOR = 6;
  private static final int ENVELOPE_BYTES = 97;
  private static final int KEY_BYTES = 32;
  private static final int SIGNATURE_BYTES = 64;

  /// The host key's word for a segment key.
  ///
  /// @param hostKey 32 bytes
  /// @param signature 64 bytes over [#certified]
  public record Certificate(Bytes hostKey, Bytes signature, String name) {
    static final Certificate NONE = new Certificate(Bytes.EMPTY, Bytes.EMPTY, "");
  }

  /// First numbers that a segment gives out.
  public record Next(long frame, long session, long statement, long principal, long credential) {
    public static final Next FIRST = new Next(1, 1, 1, 1, 1);
  }

  /// What the host key signs: `pgr-key/v1`, archive, segment uuid, segment key.
  public static byte[] certified(UUID archive, UUID segment, Bytes segmentKey) {
    return new ByteSink()
        .bytes("pgr-key/v1".getBytes(StandardCharsets.US_ASCII))
        .bytes(bytes(archive))
        .bytes(bytes(segment))
        .bytes(segmentKey)
        .toArray();
  }

  /// Vouches for a segment key.
  public static Certificate certify(HostKey host, UUID archive, UUID segment, Bytes segmentKey) {
    return new Certificate(
        host.publicKey(),
        Bytes.of(host.sign(certified(archive, segment, segmentKey))),
        host.name());
  }

  /// Bytes 40 to 47, which every record of the segment repeats.
  public long tag() {
    return Long.reverseBytes(uuid.getLeastSignificantBits());
  }

  /// First line of the segment's checkpoints, and the name of its key.
  public String origin() {
    return "nestor/" + archive + "/" + number;
  }

  /// The header's bytes.
  ///
  /// @param keyIds 16 bytes per lane: names of the keys
  public byte[] encode(List<Bytes> keyIds) {
    ByteSink sink =
        new ByteSink(BYTES)
            .bytes(MAGIC)
            .u16(major)
            .u16(minor)
            .u32(0) // bytes used, below
            .u64(incompatible)
            .u64(compatible)
            .bytes(bytes(uuid))
            .bytes(bytes(archive))
            .u64(number)
            .u64(createdNanos)
            .u32(tsUnitNanos)
            .u32(indexEvery)
            .bytes(previous)
            .u64(chunkTarget)
            .bytes(segmentKey);
    tlv(
        sink,
        TLV_CERTIFICATE,
        new ByteSink()
            .bytes(certificate.hostKey())
            .bytes(certificate.signature())
            .text(certificate.name()));
    for (int lane = 0; lane < Lane.COUNT; lane++) {
      tlv(
          sink,
          TLV_KEY,
          new ByteSink()
              .u8(0)
              .u8(lane)
              .bytes(keyIds.get(lane))
              .u8(0)
              .u8(1)
              .u8(0)
              .zeros(16 + 32)
              .bytes(keys.dek(lane))
              .zeros(16));
    }
    tlv(
        sink,
        TLV_NEXT,
        new ByteSink()
            .u64(next.frame)
            .u64(next.session)
            .u64(next.statement)
            .u64(next.principal)
            .u64(next.credential));
    tlv(sink, TLV_HOST, new ByteSink().text(host));
    tlv(sink, TLV_SOFTWARE, new ByteSink().text(software));
    if (predecessorEntries > 0) {
      tlv(sink, TLV_PREDECESSOR, new ByteSink().u64(predecessorEntries).bytes(predecessorRoot));
    }
    if (sink.size() > CRC_AT) {
      throw new IllegalArgumentException("segment header: " + sink.size() + " bytes");
    }
    sink.patchU32(12, sink.size());
    sink.zeros(CRC_AT - sink.size());
    return sink.u32(Crc.of(sink.backing(), 0, CRC_AT)).toArray();
  }

  private static void tlv(ByteSink sink, int tag, ByteSink content) {
    sink.u16(tag).u16(0).u32(content.size()).bytes(content);
  }

  /// True if the bytes begin as a segment does.
  public static boolean hasMagic(byte[] bytes) {
    return bytes.length >= MAGIC.length() && Bytes.of(bytes, 0, MAGIC.length()).equals(MAGIC);
  }

  /// True if the CRC of a header's bytes holds.
  public static boolean crcHolds(byte[] bytes) {
    return bytes.length == BYTES
        && (int) new ByteSource("crc", bytes, CRC_AT, BYTES).u32() == Crc.of(bytes, 0, CRC_AT);
  }

  /// Reads a header.
  ///
  /// @throws DamageException if it is none, its CRC does not hold or a field breaks a rule
  public static SegmentHeader parse(byte[] bytes) {
    if (!hasMagic(bytes)) {
      throw new DamageException("segment header: no magic");
    }
    if (!crcHolds(bytes)) {
      throw new DamageException("segment header: CRC does not hold");
    }
    ByteSource source = new ByteSource("segment header", bytes);
    source.skip(MAGIC.length());
    int major = source.u16();
    int minor = source.u16();
    long used = source.u32();
    long incompatible = source.u64();
    long compatible = source.u64();
    UUID uuid = uuid(source.array(16));
    UUID archive = uuid(source.array(16));
    long number = source.u64();
    long created = source.u64();
    long tsUnit = source.u32();
    long indexEvery = source.u32();
    Bytes previous = source.bytes(32);
    long chunkTarget = source.u64();
    Bytes segmentKey = source.bytes(KEY_BYTES);
    if (used < TLV_FROM || used > CRC_AT) {
      throw DamageException.outOfRange("bytes used", used, TLV_FROM, CRC_AT);
    }
    if (number < 1 || tsUnit == 0 || indexEvery == 0) {
      throw new DamageException("segment header: a number is 0");
    }
    Certificate certificate = Certificate.NONE;
    List<Bytes> deks = new ArrayList<>(Collections.nCopies(Lane.COUNT, Bytes.EMPTY));
    Next next = Next.FIRST;
    String host = "";
    String software = "";
    long predecessorEntries = 0;
    Bytes predecessorRoot = Bytes.EMPTY;
    ByteSource tlvs = new ByteSource("segment header", bytes, TLV_FROM, (int) used);
    while (tlvs.hasRemaining()) {
      int tag = tlvs.u16();
      tlvs.u16();
      long length = tlvs.u32();
      if (length > tlvs.remaining()) {
        throw tlvs.damage("TLV " + tag + " of " + length + " bytes");
      }
      ByteSource tlv = tlvs.slice("segment header TLV " + tag, (int) length);
      switch (tag) {
        case TLV_CERTIFICATE ->
            certificate =
                new Certificate(
                    tlv.bytes(KEY_BYTES), tlv.bytes(SIGNATURE_BYTES), tlv.text(tlv.remaining()));
        case TLV_KEY -> key(tlv, deks);
        case TLV_NEXT -> next = new Next(tlv.u64(), tlv.u64(), tlv.u64(), tlv.u64(), tlv.u64());
        case TLV_HOST -> host = tlv.text(tlv.remaining());
        case TLV_SOFTWARE -> software = tlv.text(tlv.remaining());
        case TLV_PREDECESSOR -> {
          predecessorEntries = tlv.u64();
          predecessorRoot = tlv.bytes(32);
        }
        default -> {} // of a newer version
      }
    }
    return new SegmentHeader(
        major,
        minor,
        incompatible,
        compatible,
        uuid,
        archive,
        number,
        created,
        tsUnit,
        indexEvery,
        previous,
        chunkTarget,
        segmentKey,
        certificate,
        new LaneKeys(deks),
        next,
        host,
        software,
        predecessorEntries,
        predecessorRoot);
  }

  /// Takes the key of a recipient in clear; other recipients' keys stay unknown.
  private static void key(ByteSource tlv, List<Bytes> deks) {
    int keyClass = tlv.u8();
    int lane = tlv.u8();
    tlv.skip(16);
    tlv.u8();
    int recipients = tlv.u8();
    for (int i = 0; i < recipients; i++) {
      ByteSource envelope = tlv.slice("key envelope", ENVELOPE_BYTES);
      int kind = envelope.u8();
      envelope.skip(16 + 32);
      if (kind == 0 && keyClass == 0 && lane < Lane.COUNT) {
        deks.set(lane, envelope.bytes(KEY_BYTES));
      }
    }
  }

  /// A UUID in RFC 9562 byte order.
  public static byte[] bytes(UUID uuid) {
    return ByteBuffer.allocate(16)
        .putLong(uuid.getMostSignificantBits())
        .putLong(uuid.getLeastSignificantBits())
        .array();
  }

  static UUID uuid(byte[] bytes) {
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    return new UUID(buffer.getLong(), buffer.getLong());
  }
}
