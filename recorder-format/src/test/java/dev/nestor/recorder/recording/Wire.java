package dev.nestor.recorder.recording;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/// Builds protocol messages for tests.
public final class Wire {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  public static byte[] query(String sql) {
    return new Wire().message('Q', (sql + "\0").getBytes(StandardCharsets.UTF_8)).bytes();
  }

  public static byte[] complete(String tag) {
    return new Wire()
        .message('C', (tag + "\0").getBytes(StandardCharsets.UTF_8))
        .ready('I')
        .bytes();
  }

  public Wire message(char type, byte[] body) {
    out.write(type);
    int32(body.length + 4);
    out.writeBytes(body);
    return this;
  }

  /// A DataRow; `null` for NULL.
  public Wire row(String... cells) {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    body.write(cells.length >>> 8);
    body.write(cells.length);
    for (String cell : cells) {
      byte[] bytes = cell == null ? new byte[0] : cell.getBytes(StandardCharsets.UTF_8);
      int length = cell == null ? -1 : bytes.length;
      body.write(length >>> 24);
      body.write(length >>> 16);
      body.write(length >>> 8);
      body.write(length);
      body.writeBytes(bytes);
    }
    return message('D', body.toByteArray());
  }

  public Wire tag(String tag) {
    return message('C', (tag + "\0").getBytes(StandardCharsets.UTF_8));
  }

  public Wire ready(char status) {
    return message('Z', new byte[] {(byte) status});
  }

  public byte[] bytes() {
    return out.toByteArray();
  }

  private void int32(int value) {
    out.write(value >>> 24);
    out.write(value >>> 16);
    out.write(value >>> 8);
    out.write(value);
  }
}
