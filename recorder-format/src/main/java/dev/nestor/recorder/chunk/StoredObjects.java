package dev.nestor.recorder.chunk;

import dev.nestor.recorder.bytes.DamageException;
import dev.nestor.recorder.event.ArchiveObject;
import dev.nestor.recorder.event.BodyCodec;
import dev.nestor.recorder.event.References;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A table of objects that was read: numbers are positions from 1, an object may only refer to
/// earlier ones, and each is decoded when it is first asked for.
public final class StoredObjects implements References {
  private final List<ChunkObject> stored;
  private final @Nullable ArchiveObject[] decoded;

  public StoredObjects(List<ChunkObject> stored) {
    this.stored = List.copyOf(stored);
    this.decoded = new ArchiveObject[stored.size()];
  }

  public int size() {
    return stored.size();
  }

  @Override
  public int numberOf(ArchiveObject object) {
    throw new UnsupportedOperationException("a table that was read");
  }

  @Override
  public ArchiveObject object(long number) {
    return before(number, stored.size() + 1L);
  }

  private ArchiveObject before(long number, long limit) {
    if (number < 1 || number >= limit) {
      throw new DamageException("object " + Long.toUnsignedString(number) + " is not defined yet");
    }
    int index = (int) number - 1;
    ArchiveObject known = decoded[index];
    if (known == null) {
      ChunkObject object = stored.get(index);
      known =
          BodyCodec.decodeObject(object.kind(), object.body().toArray(), new Earlier(this, number));
      decoded[index] = known;
    }
    return known;
  }

  private record Earlier(StoredObjects table, long limit) implements References {
    @Override
    public int numberOf(ArchiveObject object) {
      throw new UnsupportedOperationException("a table that was read");
    }

    @Override
    public ArchiveObject object(long number) {
      return table.before(number, limit);
    }
  }
}
