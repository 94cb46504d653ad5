package dev.nestor.recorder.bytes;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// A bounded run of bytes that numbers are read from, little-endian. Every read is checked against
/// the end; a read past it, or an over-long varint, is a [DamageException] that names what was
/// being read.
public final class ByteSource {
  private static final VarHandle U16 =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle U32 =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle U64 =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private final String name;
  private final byte[] content;
  private final int end;
  private int at;

  /// @param name what these bytes are, for messages: "META column 33"
  public ByteSource(String name, byte[] content) {
    this(name, content, 0, content.length);
  }

  public ByteSource(String name, byte[] content, int from, int to) {
    if (from < 0 || to < from || to > content.length) {
      throw new IndexOutOfBoundsException(from + ".." + to + " of " + content.length);
    }
    this.name = name;
    this.content = content;
    this.at = from;
    this.end = to;
  }

  public int position() {
    return at;
  }

  public int remaining() {
    return end - at;
  }

  public boolean hasRemaining() {
    return at < end;
  }

  public int u8() {
    need(1);
    return content[at++] & 0xFF;
  }

  public int u16() {
    need(2);
    int value = (short) U16.get(content, at) & 0xFFFF;
    at += 2;
    return value;
  }

  public long u32() {
    need(4);
    long value = (int) U32.get(content, at) & 0xFFFF_FFFFL;
    at += 4;
    return value;
  }

  public long u64() {
    need(8);
    long value = (long) U64.get(content, at);
    at += 8;
    return value;
  }

  /// A minimal LEB128 number of at most 64 bits, as the 64 bits of a `long`.
  public long varint() {
    long value = 0;
    for (int shift = 0; ; shift += 7) {
      need(1);
      int b = content[at++] & 0xFF;
      if (shift == 63 && b > 1) {
        throw new DamageException(name + ": varint over 64 bits");
      }
      value |= (long) (b & 0x7F) << shift;
      if (b < 0x80) {
        if (b == 0 && shift > 0) {
          throw new DamageException(name + ": over-long varint");
        }
        return value;
      }
    }
  }

  /// So many varints, one after the other: what a column is.
  public long[] varints(int count) {
    long[] values = new long[count];
    if (count == end - at && areBytes(values)) {
      at = end;
      return values;
    }
    int here = at;
    for (int i = 0; i < count; i++) {
      int left = end - here;
      int first = left > 0 ? content[here] : -1;
      if (first >= 0) {
        values[i] = first; // one byte: most of them
        here++;
      } else if (left > 1 && content[here + 1] > 0) {
        values[i] = (first & 0x7F) | content[here + 1] << 7;
        here += 2;
      } else if (left > 2 && content[here + 1] < 0 && content[here + 2] > 0) {
        values[i] = (first & 0x7F) | (content[here + 1] & 0x7F) << 7 | content[here + 2] << 14;
        here += 3;
      } else {
        at = here;
        values[i] = varint();
        here = at;
      }
    }
    at = here;
    return values;
  }

  /// Reads the rest as numbers of one byte each; false if one of them is longer.
  private boolean areBytes(long[] values) {
    int all = 0;
    for (int i = 0; i < values.length; i++) {
      int value = content[at + i];
      values[i] = value;
      all |= value;
    }
    return all >= 0;
  }

  /// A varint within 0..max.
  public long varint(String field, long max) {
    return within(field, varint(), max);
  }

  /// A number that was read, if it is within 0..max.
  public long within(String field, long value, long max) {
    if (value < 0 || value > max) {
      throw DamageException.outOfRange(name + " " + field, value, 0, max);
    }
    return value;
  }

  /// A varint that is a length of bytes still to come, or a count of things of at least one byte
  /// each.
  public int length(String field) {
    return (int) varint(field, end - at);
  }

  public int intVarint(String field) {
    return (int) varint(field, Integer.MAX_VALUE);
  }

  public long zigzag() {
    long value = varint();
    return (value >>> 1) ^ -(value & 1);
  }

  public byte[] array(int length) {
    need(length);
    byte[] copy = Arrays.copyOfRange(content, at, at + length);
    at += length;
    return copy;
  }

  public Bytes bytes(int length) {
    need(length);
    Bytes copy = Bytes.of(content, at, at + length);
    at += length;
    return copy;
  }

  public String text(int length) {
    need(length);
    String text = new String(content, at, length, StandardCharsets.UTF_8);
    at += length;
    return text;
  }

  /// The next `length` bytes as a source of their own.
  public ByteSource slice(String sliceName, int length) {
    need(length);
    ByteSource slice = new ByteSource(sliceName, content, at, at + length);
    at += length;
    return slice;
  }

  /// Moves the next `length` bytes into an array.
  public void copyTo(byte[] target, int targetAt, int length) {
    need(length);
    System.arraycopy(content, at, target, targetAt, length);
    at += length;
  }

  public void skip(int length) {
    need(length);
    at += length;
  }

  /// Fails if anything is left over.
  public void end() {
    if (at != end) {
      throw new DamageException(name + ": " + (end - at) + " bytes left over");
    }
  }

  public DamageException damage(String message) {
    return new DamageException(name + ": " + message);
  }

  private void need(int length) {
    if (length < 0 || length > end - at) {
      throw new DamageException(name + ": ends after " + (end - at) + " of " + length + " bytes");
    }
  }
}
