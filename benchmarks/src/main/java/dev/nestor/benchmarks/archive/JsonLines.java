package dev.nestor.benchmarks.archive;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

/// What a recorder of the simple kind writes: a line of JSON for each frame, its bytes in Base64,
/// in gzip 6 of the JDK.
final class JsonLines implements AutoCloseable {
  private static final int BUFFER_BYTES = 1 << 16;
  private static final int LEVEL = 6;

  private final OutputStream out;
  private final StringBuilder line = new StringBuilder();
  private long bytes;

  /// gzip whose level can be chosen.
  private static final class Gzip extends GZIPOutputStream {
    Gzip(OutputStream out) throws IOException {
      super(out, BUFFER_BYTES);
      def.setLevel(LEVEL);
      assert LEVEL != Deflater.DEFAULT_COMPRESSION;
    }
  }

  JsonLines() throws IOException {
    OutputStream counted =
        new OutputStream() {
          @Override
          public void write(int b) {
            bytes++;
          }

          @Override
          public void write(byte[] content, int from, int length) {
            bytes += length;
          }
        };
    // in large pieces: each that is handed to the deflater alone is a call out of Java
    out = new BufferedOutputStream(new Gzip(counted), BUFFER_BYTES);
  }

  void frame(long no, Traffic.Wire frame) throws IOException {
    line.setLength(0);
    line.append("{\"frame\":")
        .append(no)
        .append(",\"time\":")
        .append(frame.ts())
        .append(",\"session\":")
        .append(frame.session() + 1)
        .append(",\"from\":\"")
        .append(
            frame.lane() == dev.nestor.recorder.recording.Ring.Lane.COMMAND ? "client" : "server")
        .append("\",\"type\":\"")
        .append((char) frame.type())
        .append("\",\"messages\":")
        .append(frame.messages())
        .append(",\"bytes\":\"");
    out.write(line.toString().getBytes(StandardCharsets.ISO_8859_1));
    out.write(Base64.getEncoder().encode(frame.bytes()));
    out.write('"');
    out.write('}');
    out.write('\n');
  }

  /// Bytes so far; of everything once it is closed.
  long bytes() {
    return bytes;
  }

  @Override
  public void close() throws IOException {
    out.close();
  }
}
