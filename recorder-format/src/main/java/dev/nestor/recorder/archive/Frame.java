package dev.nestor.recorder.archive;

import dev.nestor.recorder.bytes.DamageException;
import dev.nestor.recorder.chunk.ChunkDecoder;
import dev.nestor.recorder.chunk.FrameMeta;
import dev.nestor.recorder.chunk.Lane;
import dev.nestor.recorder.chunk.LaneState;
import dev.nestor.recorder.event.RecordedEvent;
import java.util.Optional;

/// One frame: messages of one session and direction, or one event.
public final class Frame {
  private final ChunkDecoder chunk;
  private final int index;
  private final FrameMeta meta;

  Frame(ChunkDecoder chunk, int index) {
    this.chunk = chunk;
    this.index = index;
    this.meta = chunk.frames().get(index);
  }

  public FrameMeta meta() {
    return meta;
  }

  /// Its number in the archive.
  public long no() {
    return meta.no();
  }

  /// True if it holds an event rather than messages.
  public boolean isEvent() {
    return meta.lane() == Lane.EVT || meta.lane() == Lane.IDN;
  }

  /// Whether its bytes can be read here.
  public LaneState state() {
    return chunk.state(meta.lane());
  }

  /// The stored bytes; empty if they cannot be read or are damaged.
  public Optional<byte[]> payload() {
    try {
      synchronized (chunk) {
        return Optional.of(chunk.payload(index));
      }
    } catch (DamageException e) {
      return Optional.empty();
    }
  }

  /// The event; empty if this is none, or if it cannot be read.
  public Optional<RecordedEvent> event() {
    if (!isEvent()) {
      return Optional.empty();
    }
    try {
      synchronized (chunk) {
        return Optional.of(chunk.event(index));
      }
    } catch (DamageException e) {
      return Optional.empty();
    }
  }
}
