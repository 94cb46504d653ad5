package dev.nestor.recorder.chunk;

/// The limits of the format that more than one class checks.
public final class Limits {
  public static final int FRAME_BYTES_MAX = 32 * 1024;
  public static final int CHUNK_RAW_BYTES_MAX = 8 << 20;
  public static final int RECORD_HEADER_BYTES_MAX = 4096;
  public static final int SESSIONS_MAX = 65_535;
  public static final int ROWS_MAX = 65_535;
  public static final int OBJECTS_MAX = 65_535;

  /// Largest body of a record that a reader takes into memory.
  public static final int BODY_BYTES_MAX = 1 << 28;

  private Limits() {}
}
