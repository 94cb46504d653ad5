package dev.nestor.recorder.chunk;

/// Numbers of META's frame columns.
final class MetaColumn {
  static final int SESSIONS = 1;
  static final int TIME = 2;
  static final int SESSION_AND_LANE = 3;
  static final int LENGTH = 4;
  static final int TYPE = 5;
  static final int MESSAGES = 6;
  static final int FLAGS = 7;
  static final int FRAME_GAP = 12;
  static final int WIRE_DELTA = 13;

  private MetaColumn() {}
}
