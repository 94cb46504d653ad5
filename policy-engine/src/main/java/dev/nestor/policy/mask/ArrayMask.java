package dev.nestor.policy.mask;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/// Arrays: each element is masked by itself; dimensions and NULLs stay. What has not the form of an
/// array becomes an empty one.
final class ArrayMask implements ValueMask {
  private static final int DIMENSIONS_MAX = 6;
  private static final int ARRAY_HEADER_BYTES = 12;
  private static final int DIMENSION_BYTES = 8;

  /// An array that is longer, or becomes longer than a multiple of itself, becomes an empty one.
  private static final int BYTES_MAX = 1 << 20;

  private static final int GROWTH_MAX = 16;
  private static final int ROOM_BYTES = 32 << 10;

  private final ValueMask element;
  private final int elementType;
  private final boolean binary;
  private ByteBuffer value = ByteBuffer.allocate(256);
  private ByteBuffer masked = ByteBuffer.allocate(256);

  ArrayMask(ValueMask element, int elementType, boolean binary) {
    this.element = element;
    this.elementType = elementType;
    this.binary = binary;
  }

  @Override
  public int mask(ByteBuffer in, int at, int length, ByteBuffer out, int to) {
    int written =
        length > BYTES_MAX
            ? -1
            : binary ? binary(in, at, at + length, out, to) : text(in, at, at + length, out, to);
    if (written >= 0) {
      return written;
    }
    if (!binary) {
      out.put(to, "{}".getBytes(StandardCharsets.US_ASCII));
      return 2;
    }
    out.putInt(to, 0).putInt(to + 4, 0).putInt(to + 8, elementType);
    return ARRAY_HEADER_BYTES;
  }

  private int binary(ByteBuffer in, int at, int end, ByteBuffer out, int to) {
    if (end - at < ARRAY_HEADER_BYTES) {
      return -1;
    }
    int dimensions = in.getInt(at);
    if (dimensions < 0
        || dimensions > DIMENSIONS_MAX
        || in.getInt(at + 8) != elementType
        || end - at < ARRAY_HEADER_BYTES + DIMENSION_BYTES * dimensions) {
      return -1;
    }
    int header = ARRAY_HEADER_BYTES + DIMENSION_BYTES * dimensions;
    out.put(to, in, at, header);
    int read = at + header;
    int written = to + header;
    boolean nulls = in.getInt(at + 4) != 0;
    int limit = to + bytesMax(end - at);
    while (read < end) {
      int length = end - read >= 4 ? in.getInt(read) : Integer.MIN_VALUE;
      read += 4;
      if (length < NULL
          || length > end - read
          || element.bytesMax(Math.max(0, length)) + 4 > limit - written) {
        return -1;
      }
      int size = length < 0 ? NULL : element.mask(in, read, length, out, written + 4);
      nulls |= size < 0;
      out.putInt(written, size);
      written += 4 + Math.max(0, size);
      read += Math.max(0, length);
    }
    out.putInt(to + 4, nulls ? 1 : 0);
    return written - to;
  }

  /// Copies what is not an element, and quotes every element: the server takes quotes around any.
  private int text(ByteBuffer in, int at, int end, ByteBuffer out, int to) {
    int read = at;
    int written = to;
    if (read < end && in.get(read) == '[') { // bounds, as [0:1]={…}
      while (read < end && in.get(read) != '{') {
        byte next = in.get(read++);
        boolean bound = (next >= '0' && next <= '9') || "[]:-+=".indexOf(next) >= 0;
        if (!bound) {
          return -1;
        }
        out.put(written++, next);
      }
    }
    int depth = 0;
    int limit = to + bytesMax(end - at);
    while (read < end) {
      byte next = in.get(read);
      if (written == limit) {
        return -1;
      }
      if (next == '{' || next == '}' || next == ',') {
        depth += next == '{' ? 1 : next == '}' ? -1 : 0;
        if (depth < 0 || depth > DIMENSIONS_MAX || (depth == 0 && read + 1 < end)) {
          return -1;
        }
        out.put(written++, next);
        read++;
        continue;
      }
      if (depth == 0) {
        return -1;
      }
      boolean quoted = next == '"';
      value.clear();
      read = quoted ? quoted(in, read + 1, end) : bare(in, read, end);
      if (read < 0) {
        return -1;
      }
      value.flip();
      boolean isNull = !quoted && isNull();
      int size = NULL;
      if (!isNull) {
        int needed = element.bytesMax(value.limit());
        if (masked.capacity() < needed) {
          masked = ByteBuffer.allocate(needed * 2);
        }
        size = element.mask(value, 0, value.limit(), masked, 0);
      }
      if (2 * Math.max(2, size) + 2 > limit - written) {
        return -1;
      }
      written = size < 0 ? put(out, written, "NULL") : put(out, written, size);
    }
    return depth == 0 && read > at ? written - to : -1;
  }

  private boolean isNull() {
    return value.limit() == 4
        && new String(value.array(), 0, 4, StandardCharsets.US_ASCII).equalsIgnoreCase("null");
  }

  private int quoted(ByteBuffer in, int from, int end) {
    for (int i = from; i < end; i++) {
      byte next = in.get(i);
      if (next == '"') {
        return i + 1;
      }
      if (next == '\\') {
        i++;
        if (i == end) {
          return -1;
        }
        next = in.get(i);
      }
      append(next);
    }
    return -1;
  }

  private int bare(ByteBuffer in, int from, int end) {
    int i = from;
    while (i < end && in.get(i) != ',' && in.get(i) != '}' && in.get(i) != '{') {
      if (in.get(i) == '\\') {
        i++;
        if (i == end) {
          return -1;
        }
      }
      append(in.get(i++));
    }
    return i;
  }

  private void append(byte next) {
    if (!value.hasRemaining()) {
      ByteBuffer larger = ByteBuffer.allocate(value.capacity() * 2);
      larger.put(value.flip());
      value = larger;
    }
    value.put(next);
  }

  private static int put(ByteBuffer out, int to, String word) {
    out.put(to, word.getBytes(StandardCharsets.US_ASCII));
    return to + word.length();
  }

  private int put(ByteBuffer out, int to, int size) {
    int written = to;
    out.put(written++, (byte) '"');
    for (int i = 0; i < size; i++) {
      byte next = masked.get(i);
      if (next == '"' || next == '\\') {
        out.put(written++, (byte) '\\');
      }
      out.put(written++, next);
    }
    out.put(written++, (byte) '"');
    return written;
  }

  @Override
  public int bytesMax(int length) {
    return length > BYTES_MAX ? ARRAY_HEADER_BYTES : GROWTH_MAX * length + ROOM_BYTES;
  }
}
