package dev.nestor.recorder.archive;

import dev.nestor.recorder.bytes.ByteSource;
import dev.nestor.recorder.bytes.Bytes;
import dev.nestor.recorder.bytes.DamageException;
import dev.nestor.recorder.chunk.Compression;
import dev.nestor.recorder.chunk.Limits;
import dev.nestor.recorder.chunk.Sha256;
import java.util.Optional;

/// The body of an ATTACH record: `u8 key lane, u8 codec, u64 raw, bytes`.
final class Attachment {
  private Attachment() {}

  /// What was attached, if it has the name that it was asked for by.
  static Optional<byte[]> content(byte[] body, Bytes sha256) {
    try {
      byte[] content = content(body);
      return Bytes.of(Sha256.of(content)).equals(sha256) ? Optional.of(content) : Optional.empty();
    } catch (DamageException e) {
      return Optional.empty();
    }
  }

  static byte[] content(byte[] body) {
    ByteSource source = new ByteSource("ATTACH", body);
    source.u8();
    int codec = source.u8();
    long raw = source.u64();
    byte[] stored = source.array(source.remaining());
    if (raw < 0 || raw > Limits.BODY_BYTES_MAX) {
      throw DamageException.outOfRange("ATTACH raw", raw, 0, Limits.BODY_BYTES_MAX);
    }
    return switch (codec) {
      case Compression.RAW -> {
        if (raw != stored.length) {
          throw source.damage("lengths do not fit together");
        }
        yield stored;
      }
      case Compression.ZSTD -> Compression.decompress(stored, (int) raw);
      default -> throw source.damage("codec " + codec);
    };
  }
}
