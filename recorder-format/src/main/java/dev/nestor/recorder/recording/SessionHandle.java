package dev.nestor.recorder.recording;

/// One session while it is recorded. Belongs to the thread of its ring.
public final class SessionHandle {
  private final Ring ring;
  private final long no;
  private long frames;
  private long statements;

  SessionHandle(Ring ring, long no) {
    this.ring = ring;
    this.no = no;
  }

  /// The session's number, unique in the archive.
  public long no() {
    return no;
  }

  /// The session's frames so far, of all lanes; also the sequence of its last frame.
  public long lastFrame() {
    return frames;
  }

  /// The session's statements so far; also the number of its last one.
  public long lastStatement() {
    return statements;
  }

  Ring ring() {
    return ring;
  }

  long nextFrame() {
    return ++frames;
  }

  long nextStatement() {
    return ++statements;
  }
}
