package dev.nestor.recorder.chunk;

import dev.nestor.recorder.bytes.Bytes;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/// The data encryption key of each lane of a segment, 32 bytes each; empty for one that is not
/// known.
///
/// @param deks by lane, [Lane#COUNT] of them
public record LaneKeys(List<Bytes> deks) {
  static final int KEY_BYTES = 32;

  public LaneKeys {
    deks = List.copyOf(deks);
    if (deks.size() != Lane.COUNT) {
      throw new IllegalArgumentException("keys: " + deks.size());
    }
  }

  public static LaneKeys generate(RandomGenerator random) {
    List<Bytes> deks = new ArrayList<>();
    for (int lane = 0; lane < Lane.COUNT; lane++) {
      byte[] dek = new byte[KEY_BYTES];
      random.nextBytes(dek);
      deks.add(Bytes.of(dek));
    }
    return new LaneKeys(deks);
  }

  public Bytes dek(int lane) {
    return deks.get(lane);
  }

  public boolean has(int lane) {
    return !deks.get(lane).isEmpty();
  }
}
