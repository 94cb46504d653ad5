package dev.nestor.recorder.index;

import dev.nestor.recorder.bytes.ByteSource;
import dev.nestor.recorder.bytes.DamageException;
import java.util.AbstractList;
import java.util.RandomAccess;

/// Index entries as they are stored, decoded when they are asked for: an archive of ten million
/// frames opens without making an object for each of its chunks. Never changes.
final class StoredEntries extends AbstractList<IndexEntry> implements RandomAccess {
  private final byte[] stored;
  private final int from;
  private final int count;

  /// @param stored kept, not copied
  /// @throws DamageException if the bytes are no whole entries, or reserved ones are not 0
  StoredEntries(byte[] stored, int from, int bytes) {
    this.stored = stored;
    this.from = from;
    this.count = bytes / IndexEntry.BYTES;
    if (bytes % IndexEntry.BYTES != 0) {
      throw new DamageException("index: " + bytes + " bytes are no whole entries");
    }
    for (int i = 0; i < count; i++) {
      IndexEntry.checkReserved(at(i, IndexEntry.BYTES - Long.BYTES));
    }
  }

  private ByteSource at(int index, int skipped) {
    int entry = from + index * IndexEntry.BYTES;
    return new ByteSource("index", stored, entry + skipped, entry + IndexEntry.BYTES);
  }

  @Override
  public IndexEntry get(int index) {
    java.util.Objects.checkIndex(index, count);
    return IndexEntry.decode(at(index, 0));
  }

  @Override
  public int size() {
    return count;
  }
}
