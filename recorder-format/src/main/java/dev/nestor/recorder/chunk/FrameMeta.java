package dev.nestor.recorder.chunk;

/// What META says of one frame.
///
/// @param no number in the archive
/// @param session number of its session, 0 for an event of none
/// @param sequence position among the session's frames of all lanes, from 1
/// @param ts microseconds since 1970, archive clock
/// @param storedBytes length in its lane
/// @param type type byte of the first message, or number of an untyped packet, or kind of the event
/// @param messages how many messages begin in it, 0 for events and continuations
/// @param wireDelta length on the wire less the stored length
public record FrameMeta(
    long no,
    long session,
    long sequence,
    int lane,
    long ts,
    int storedBytes,
    int type,
    int messages,
    int flags,
    long wireDelta) {
  public static final int FRAGMENT = 1;
  public static final int LAST_FRAGMENT = 2;
  public static final int SECRET_REPLACED = 4;
  public static final int ROWS_ELIDED = 8;
  public static final int ERROR = 16;
  public static final int DIFFERS_FROM_SERVER = 32;
  public static final int HAS_ORIGINAL = 64;

  /// First types that stand for packets without a type byte end below this.
  public static final int UNTYPED_END = 8;
}
