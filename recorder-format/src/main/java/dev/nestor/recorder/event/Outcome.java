package dev.nestor.recorder.event;

/// How a statement ended; the position is the number in the archive.
public enum Outcome {
  COMPLETE,
  ERROR,
  EMPTY,
  SUSPENDED,
  SKIPPED_TO_SYNC,
  NO_ANSWER,
  NEITHER_FORWARDED_NOR_ANSWERED
}
