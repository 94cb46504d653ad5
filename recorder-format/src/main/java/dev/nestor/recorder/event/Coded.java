package dev.nestor.recorder.event;

/// A constant that has a number of its own in the archive, rather than its position.
public interface Coded {
  /// The number.
  int code();
}
