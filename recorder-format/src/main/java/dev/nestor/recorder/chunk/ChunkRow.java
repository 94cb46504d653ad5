package dev.nestor.recorder.chunk;

/// A statement, or its end, as one chunk tells it. Numbers of frames are the archive's; object
/// numbers are the chunk's.
///
/// @param state [#WHOLE], [#BEGUN], [#END], [#WHOLE_LATE] or [#BEGUN_LATE]
/// @param session number of the session
/// @param statement number in the session
/// @param anchorSequence the session's sequence of the frame with its message; 0 in [#END]
/// @param anchorFrame that frame's number; 0 where it stands in an earlier chunk
/// @param endFrame number of the frame where its last answer ends, 0 for none
/// @param plan 0 in [#END]
/// @param decision 0 as planned
/// @param outcome 0 in rows that have no end yet
/// @param decideOctave 0: under 16 µs; k: under 16 * 2^k µs
/// @param bytesDelta zigzag applied: length of its answers less the session's RES frames behind the
///   anchor
/// @param mask object number of what was masked in its rows, 0 for what its plan says
public record ChunkRow(
    int state,
    long session,
    long statement,
    long anchorSequence,
    long anchorFrame,
    int message,
    int part,
    int plan,
    int decision,
    long endFrame,
    int endMessage,
    long rows,
    int outcome,
    int tag,
    int sqlState,
    int transaction,
    int decideOctave,
    long bytesDelta,
    long continues,
    int inputs,
    long credential,
    int mask) {
  public static final int WHOLE = 0;

  /// Started here, ends in a later chunk.
  public static final int BEGUN = 1;

  /// The end of one that started in an earlier chunk.
  public static final int END = 2;

  /// Whole, but its message stands in an earlier chunk.
  public static final int WHOLE_LATE = 3;

  /// Begun, and its message stands in an earlier chunk.
  public static final int BEGUN_LATE = 4;

  /// Outcomes from here to 6 have no answer.
  static final int OUTCOME_UNANSWERED_FROM = 4;

  static final int OUTCOME_MAX = 6;

  /// True if this is how a statement began, whether or not it ended.
  public boolean begins() {
    return state != END;
  }

  /// True if it is told here how the statement ended.
  public boolean ends() {
    return state != BEGUN && state != BEGUN_LATE;
  }

  boolean late() {
    return state == WHOLE_LATE || state == BEGUN_LATE;
  }

  static boolean answered(int outcome) {
    return outcome < OUTCOME_UNANSWERED_FROM || outcome > OUTCOME_MAX;
  }
}
