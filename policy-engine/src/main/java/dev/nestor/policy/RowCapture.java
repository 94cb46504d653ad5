package dev.nestor.policy;

/// What the record keeps of the rows that a client gets.
public enum RowCapture {
  /// How many, and of how many bytes.
  NONE,
  /// The same, and what proves later which they were.
  SHAPE,
  /// The rows, as the client got them.
  MASKED
}
