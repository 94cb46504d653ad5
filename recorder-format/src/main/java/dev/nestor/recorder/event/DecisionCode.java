package dev.nestor.recorder.event;

/// What became of a statement. The first five are what policy says; the others are how a statement
/// ended whose plan said something else.
public enum DecisionCode implements Coded {
  /// In a row: as its plan says. In an object: nothing was said.
  AS_PLANNED(0),
  ALLOW(1),
  MASK(2),
  HOLD(3),
  BLOCK(4),
  KILL(5),
  HELD_GRANTED(16),
  HELD_GRANTED_MASKED(17),
  HELD_REFUSED(18),
  HELD_TIMED_OUT(19),
  HELD_CANCELLED(20),
  KILLED(21),
  /// Cut by a budget or a detector after it had begun.
  CUT(22);

  private static final DecisionCode[] ALL = values();

  private final int code;

  DecisionCode(int code) {
    this.code = code;
  }

  @Override
  public int code() {
    return code;
  }

  /// The one of allow, mask, hold, block and kill under which a statement counts: killed over held
  /// over blocked over masked over allowed.
  public DecisionCode counted() {
    return switch (this) {
      case AS_PLANNED, ALLOW -> ALLOW;
      case MASK -> MASK;
      case HOLD, HELD_GRANTED, HELD_GRANTED_MASKED, HELD_REFUSED, HELD_TIMED_OUT, HELD_CANCELLED ->
          HOLD;
      case BLOCK, CUT -> BLOCK;
      case KILL, KILLED -> KILL;
    };
  }

  /// The constant of a number in an archive; [#AS_PLANNED] for one that a newer version wrote.
  public static DecisionCode of(long code) {
    for (DecisionCode each : ALL) { // once per statement: a stream would cost more than the rest
      if (each.code == code) {
        return each;
      }
    }
    return AS_PLANNED;
  }
}
