package dev.nestor.recorder.recording;

/// The layout of an entry in a ring.
///
/// +--------+------+-------+-------+---+---------+-------+----------+---------+------------+---------+
/// | length | kind | type | flags | 0 | session | ts | messages | payload | wire delta | payload |
/// | u32 | u8 | u8 | u8 | u8| u64 | u64 | u32 | u32 | i64 | bytes |
/// +--------+------+-------+-------+---+---------+-------+----------+---------+------------+---------+
/// The length counts the whole entry, is a multiple of 8, and is written last.
final class RingEntry {
  static final int HEADER_BYTES = 40;
  static final int KIND = 4;
  static final int TYPE = 5;
  static final int FLAGS = 6;
  static final int SESSION = 8;
  static final int TS = 16;
  static final int MESSAGES = 24;
  static final int PAYLOAD_BYTES = 28;
  static final int WIRE_DELTA = 32;

  static final int COMMAND = 1;
  static final int RESULT = 2;
  static final int EVENT = 3;
  static final int IDENTITY = 4;
  static final int DECIDED = 5;
  static final int ENDED = 6;
  static final int MENTION = 7;
  static final int FILLER = 9;

  static final int DECIDED_BYTES = 64;
  static final int ENDED_BYTES = 64;

  private RingEntry() {}

  static int sized(int payloadBytes) {
    return (HEADER_BYTES + payloadBytes + 7) & ~7;
  }
}
