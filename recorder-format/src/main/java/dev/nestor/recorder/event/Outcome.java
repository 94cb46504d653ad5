package dev.nestor.recorder.event;

/// How a statement ended.
public enum Outcome implements Coded {
  COMPLETE(0),
  ERROR(1),
  EMPTY(2),
  SUSPENDED(3),
  SKIPPED_TO_SYNC(4),
  NO_ANSWER(5),
  NEITHER_FORWARDED_NOR_ANSWERED(6);

  private static final Outcome[] BY_CODE = values(); // numbered as declared

  private final int code;

  Outcome(int code) {
    this.code = code;
  }

  @Override
  public int code() {
    return code;
  }

  /// The constant of a number in an archive; [#NO_ANSWER] for one that a newer version wrote.
  public static Outcome of(long code) {
    return code < 0 || code >= BY_CODE.length ? NO_ANSWER : BY_CODE[(int) code];
  }
}
