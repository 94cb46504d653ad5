package dev.nestor.recorder.chunk;

import dev.nestor.recorder.bytes.Bytes;
import dev.nestor.recorder.bytes.DamageException;
import dev.nestor.recorder.event.ArchiveObject;
import dev.nestor.recorder.event.BodyCodec;
import dev.nestor.recorder.event.References;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// A table of objects that is being written: an object gets its number, behind those that it refers
/// to, when it is first met.
public final class NewObjects implements References {
  private final Map<ArchiveObject, Integer> numbers = new HashMap<>();
  private final List<ArchiveObject> values = new ArrayList<>();
  private final List<ChunkObject> stored = new ArrayList<>();
  private long bytes;

  @Override
  public int numberOf(ArchiveObject object) {
    Integer known = numbers.get(object);
    if (known != null) {
      return known;
    }
    byte[] body = BodyCodec.encode(object, this);
    values.add(object);
    stored.add(new ChunkObject(BodyCodec.kindOf(object), Bytes.of(body)));
    numbers.put(object, values.size());
    bytes += body.length + 4L;
    return values.size();
  }

  @Override
  public ArchiveObject object(long number) {
    if (number < 1 || number > values.size()) {
      throw new DamageException("object " + number);
    }
    return values.get((int) number - 1);
  }

  public List<ChunkObject> stored() {
    return stored;
  }

  /// About how many bytes they take.
  public long bytes() {
    return bytes;
  }
}
