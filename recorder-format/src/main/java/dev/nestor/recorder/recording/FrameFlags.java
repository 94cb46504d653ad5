package dev.nestor.recorder.recording;

/// Bits of a frame's flags that capture hands in. Fragment bits are set by the ring.
public final class FrameFlags {
  static final int FRAGMENT = 1;
  static final int LAST_FRAGMENT = 2;

  /// A secret was replaced before recording.
  public static final int SECRET_REPLACED = 4;

  /// Rows were left out by the capture level.
  public static final int ROWS_ELIDED = 8;

  /// The frame holds an ErrorResponse.
  public static final int ERROR = 16;

  /// The bytes differ from what the server sent.
  public static final int DIFFERS_FROM_SERVER = 32;

  private FrameFlags() {}
}
