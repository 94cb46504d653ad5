package dev.nestor.recorder.verify;

/// How far a verification looks.
public enum VerificationDepth {
  /// Stored bytes alone, which takes no key and unpacks nothing: every record is where and what it
  /// was, in the tree that the recorder signed last, and the signed index says the same of each
  /// chunk as its header. Chunks that hold are *committed*. What it cannot see is that a chunk's
  /// bytes were nonsense when they were signed.
  STORED,
  /// Also everything inside: each frame, row and object against the roots, and the summary against
  /// the chunks. Chunks that hold are *proved*.
  CONTENT
}
