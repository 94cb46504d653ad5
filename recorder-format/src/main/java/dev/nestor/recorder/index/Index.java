package dev.nestor.recorder.index;

import dev.nestor.recorder.bytes.ByteSink;
import dev.nestor.recorder.bytes.ByteSource;
import dev.nestor.recorder.bytes.Bytes;
import java.util.ArrayList;
import java.util.List;

/// The body of an INDEX record.
///
/// @param chunks those since the last INDEX
/// @param leafHashes of all entries of the tree since the last INDEX, so that one lost header does
///   not unprove what follows
public record Index(List<IndexEntry> chunks, List<Bytes> leafHashes) {
  private static final int HASH_BYTES = 32;

  public Index {
    chunks = List.copyOf(chunks);
    leafHashes = List.copyOf(leafHashes);
  }

  public byte[] encode() {
    ByteSink sink =
        new ByteSink(8 + chunks.size() * IndexEntry.BYTES + leafHashes.size() * HASH_BYTES);
    sink.u32(chunks.size()).u32(leafHashes.size());
    chunks.forEach(chunk -> chunk.encode(sink));
    leafHashes.forEach(sink::bytes);
    return sink.toArray();
  }

  /// Reads a body.
  ///
  /// @throws dev.nestor.recorder.bytes.DamageException if the counts do not fit the bytes
  public static Index decode(byte[] body) {
    ByteSource source = new ByteSource("INDEX", body);
    long chunks = source.u32();
    long hashes = source.u32();
    checkCounts(source, chunks, hashes);
    List<IndexEntry> entries = entries(body, source, chunks);
    source.skip((int) chunks * IndexEntry.BYTES);
    List<Bytes> leafHashes = new ArrayList<>((int) hashes);
    for (long i = 0; i < hashes; i++) {
      leafHashes.add(source.bytes(HASH_BYTES));
    }
    return new Index(entries, leafHashes);
  }

  /// The chunks alone: what opening an archive needs.
  ///
  /// @param body kept, not copied
  /// @throws dev.nestor.recorder.bytes.DamageException if the counts do not fit the bytes
  public static List<IndexEntry> decodeChunks(byte[] body) {
    ByteSource source = new ByteSource("INDEX", body);
    long chunks = source.u32();
    checkCounts(source, chunks, source.u32());
    return entries(body, source, chunks);
  }

  private static void checkCounts(ByteSource source, long chunks, long hashes) {
    if (chunks * IndexEntry.BYTES + hashes * HASH_BYTES != source.remaining()) {
      throw source.damage(
          chunks + " chunks and " + hashes + " hashes in " + source.remaining() + " bytes");
    }
  }

  private static List<IndexEntry> entries(byte[] body, ByteSource source, long chunks) {
    return new StoredEntries(body, source.position(), (int) chunks * IndexEntry.BYTES);
  }
}
