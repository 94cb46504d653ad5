package dev.nestor.recorder.chunk;

import java.util.zip.CRC32C;

/// CRC-32C of a run of bytes.
public final class Crc {
  private Crc() {}

  public static int of(byte[] content, int from, int to) {
    CRC32C crc = new CRC32C();
    crc.update(content, from, to - from);
    return (int) crc.getValue();
  }
}
