package dev.nestor.recorder.recording;

import dev.nestor.recorder.bytes.DamageException;
import dev.nestor.recorder.event.BodyCodec;
import dev.nestor.recorder.event.DecisionCode;
import dev.nestor.recorder.event.Outcome;
import dev.nestor.recorder.event.References;
import dev.nestor.recorder.event.TransactionStatus;
import dev.nestor.recorder.index.Summary;
import java.nio.ByteBuffer;

/// Reads a ring's entries in their order and hands them to an archive. On the recorder's thread, or
/// in recovery.
final class RingReader {
  private final RingMemory memory;
  private final ByteBuffer bytes;
  private long position;

  /// Index of the entry at the position: finding it is a division, and an entry has many fields.
  private int base;

  RingReader(RingMemory memory, long position) {
    this.memory = memory;
    this.bytes = memory.bytes();
    this.position = position;
    this.base = memory.index(position);
  }

  RingMemory memory() {
    return memory;
  }

  /// Everything before was taken.
  long position() {
    return position;
  }

  /// True if an entry waits; skips fillers.
  boolean hasNext() {
    while (true) {
      int length = memory.lengthAcquireAt(base);
      if (length == 0) {
        return false;
      }
      int room = RingMemory.HEADER_BYTES + memory.capacity() - base;
      if (length < 8 || length > room || length % 8 != 0) {
        throw new DamageException("ring " + memory.file() + ": entry of " + length + " bytes");
      }
      if (bytes.get(at(RingEntry.KIND)) != RingEntry.FILLER) {
        return true;
      }
      advance(length);
    }
  }

  private void advance(int length) {
    position += length;
    base = memory.index(position);
  }

  /// Time of the next entry.
  long ts() {
    return bytes.getLong(at(RingEntry.TS));
  }

  /// Session of the next entry, 0 for none.
  long session() {
    return bytes.getLong(at(RingEntry.SESSION));
  }

  /// True if the next entry is no frame: it belongs into the chunk of the frame before it.
  boolean isNextAttached() {
    if (!hasNext()) {
      return false;
    }
    int kind = bytes.get(at(RingEntry.KIND));
    return kind == RingEntry.DECIDED || kind == RingEntry.ENDED || kind == RingEntry.MENTION;
  }

  /// Adds the next entry to an archive.
  void take(ArchiveBuilder archive, References objects) {
    int kind = bytes.get(at(RingEntry.KIND));
    int payload = bytes.getInt(at(RingEntry.PAYLOAD_BYTES));
    int from = at(RingEntry.HEADER_BYTES);
    int length = memory.lengthAcquireAt(base);
    if (payload < 0 || RingEntry.sized(payload) != length) {
      throw new DamageException("ring " + memory.file() + ": payload of " + payload + " bytes");
    }
    switch (kind) {
      case RingEntry.COMMAND, RingEntry.RESULT ->
          archive.frame(
              session(),
              kind == RingEntry.COMMAND ? Ring.Lane.COMMAND : Ring.Lane.RESULT,
              ts(),
              bytes.slice(from, payload),
              bytes.get(at(RingEntry.TYPE)) & 0xFF,
              bytes.getInt(at(RingEntry.MESSAGES)),
              bytes.get(at(RingEntry.FLAGS)) & 0xFF,
              bytes.getLong(at(RingEntry.WIRE_DELTA)));
      case RingEntry.EVENT, RingEntry.IDENTITY -> {
        byte[] body = new byte[payload];
        bytes.get(from, body);
        int lane = kind == RingEntry.EVENT ? 3 : 4;
        archive.event(
            session(),
            ts(),
            BodyCodec.decodeEvent(bytes.get(at(RingEntry.TYPE)) & 0xFF, lane, body, objects));
      }
      case RingEntry.DECIDED -> archive.decided(session(), bytes.getLong(from), start(from));
      case RingEntry.ENDED -> archive.ended(session(), bytes.getLong(from), end(from));
      case RingEntry.MENTION -> archive.mention((int) bytes.getLong(from));
      default -> throw new DamageException("ring " + memory.file() + ": entry of kind " + kind);
    }
    advance(length);
  }

  private RowStart start(int from) {
    return new RowStart(
        bytes.getLong(from + 8),
        bytes.getInt(from + 16),
        bytes.getInt(from + 20),
        bytes.getInt(from + 24),
        bytes.getLong(from + 32),
        bytes.getInt(from + 28),
        bytes.getLong(from + 40),
        bytes.getLong(from + 48));
  }

  private RowEnd end(int from) {
    return new RowEnd(
        bytes.getLong(from + 8),
        bytes.getInt(from + 16),
        bytes.getLong(from + 24),
        Outcome.of(bytes.getInt(from + 40)),
        bytes.getInt(from + 20),
        Summary.sqlState(bytes.getInt(from + 48)),
        TransactionStatus.of(bytes.getInt(from + 44)),
        bytes.getLong(from + 32),
        DecisionCode.of(bytes.getInt(from + 52)),
        bytes.getInt(from + 56));
  }

  private int at(int offset) {
    return base + offset;
  }
}
