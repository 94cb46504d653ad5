package dev.nestor.recorder.chunk;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdException;
import dev.nestor.recorder.bytes.DamageException;

/// zstd, bounded by a length that was checked before.
public final class Compression {
  public static final int RAW = 0;
  public static final int ZSTD = 1;
  public static final int TRANSPOSED = 2;
  public static final int SHREDDED = 0x7E;
  public static final int REDACTED_LIST = 0x7F;

  private static final int LEVEL = 1;

  private Compression() {}

  public static byte[] compress(byte[] content) {
    return Zstd.compress(content, LEVEL);
  }

  /// What was compressed.
  ///
  /// @param rawBytes what must come out, checked against a limit by the caller
  /// @throws DamageException if it is no zstd frame or something else comes out
  public static byte[] decompress(byte[] stored, int rawBytes) {
    byte[] raw = new byte[rawBytes];
    try {
      long length = Zstd.decompressByteArray(raw, 0, rawBytes, stored, 0, stored.length);
      if (Zstd.isError(length) || length != rawBytes) {
        throw new DamageException("zstd: not " + rawBytes + " bytes");
      }
      return raw;
    } catch (ZstdException e) {
      throw new DamageException("zstd: " + e.getMessage());
    }
  }
}
