package dev.nestor.recorder.chunk;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import dev.nestor.recorder.bytes.DamageException;
import java.util.Arrays;
import java.util.concurrent.ConcurrentLinkedQueue;

/// zstd, bounded by a length that was checked before.
public final class Compression {
  public static final int RAW = 0;
  public static final int ZSTD = 1;
  public static final int TRANSPOSED = 2;
  public static final int SHREDDED = 0x7E;
  public static final int REDACTED_LIST = 0x7F;

  private static final int LEVEL = 1;

  /// Compressors that nobody uses at the moment, about 1 MB each outside the heap; as many as ever
  /// worked at once. Making one takes longer than compressing a small lane.
  private static final ConcurrentLinkedQueue<Compressor> IDLE = new ConcurrentLinkedQueue<>();

  /// The same for decompressors, which keep nothing of one frame for the next.
  private static final ConcurrentLinkedQueue<ZstdDecompressCtx> IDLE_DECOMPRESSORS =
      new ConcurrentLinkedQueue<>();

  private Compression() {}

  /// zstd's working memory and a buffer for what comes out.
  private static final class Compressor {
    private final ZstdCompressCtx context = new ZstdCompressCtx().setLevel(LEVEL);
    private byte[] out = new byte[1 << 16];

    byte[] compress(byte[] content) {
      int most = (int) Zstd.compressBound(content.length);
      if (out.length < most) {
        out = new byte[most];
      }
      int length = context.compressByteArray(out, 0, out.length, content, 0, content.length);
      return Arrays.copyOf(out, length);
    }
  }

  public static byte[] compress(byte[] content) {
    Compressor idle = IDLE.poll();
    Compressor compressor = idle == null ? new Compressor() : idle;
    byte[] compressed = compressor.compress(content);
    IDLE.add(compressor);
    return compressed;
  }

  /// What was compressed.
  ///
  /// @param rawBytes what must come out, checked against a limit by the caller
  /// @throws DamageException if it is no zstd frame or something else comes out
  public static byte[] decompress(byte[] stored, int rawBytes) {
    return decompress(stored, 0, stored.length, rawBytes);
  }

  /// What was compressed into a part of an array.
  ///
  /// @param rawBytes what must come out, checked against a limit by the caller
  /// @throws DamageException if it is no zstd frame or something else comes out
  public static byte[] decompress(byte[] stored, int from, int length, int rawBytes) {
    byte[] raw = new byte[rawBytes];
    ZstdDecompressCtx idle = IDLE_DECOMPRESSORS.poll();
    ZstdDecompressCtx decompressor = idle == null ? new ZstdDecompressCtx() : idle;
    try {
      int made = decompressor.decompressByteArray(raw, 0, rawBytes, stored, from, length);
      if (made != rawBytes) {
        throw new DamageException("zstd: not " + rawBytes + " bytes");
      }
      return raw;
    } catch (ZstdException e) {
      throw new DamageException("zstd: " + e.getMessage());
    } finally {
      IDLE_DECOMPRESSORS.add(decompressor);
    }
  }
}
