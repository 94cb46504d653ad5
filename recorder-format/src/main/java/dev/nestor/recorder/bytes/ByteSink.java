package dev.nestor.recorder.bytes;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// A growing run of bytes that numbers are appended to, little-endian.
public final class ByteSink {
  private static final VarHandle U16 =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle U32 =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle U64 =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private byte[] content;
  private int size;

  public ByteSink() {
    this(64);
  }

  public ByteSink(int capacity) {
    content = new byte[Math.max(16, capacity)];
  }

  public int size() {
    return size;
  }

  /// Forgets everything written, keeps the memory.
  public ByteSink clear() {
    size = 0;
    return this;
  }

  public ByteSink u8(int value) {
    reserve(1);
    content[size++] = (byte) value;
    return this;
  }

  public ByteSink u16(int value) {
    reserve(2);
    U16.set(content, size, (short) value);
    size += 2;
    return this;
  }

  public ByteSink u32(long value) {
    reserve(4);
    U32.set(content, size, (int) value);
    size += 4;
    return this;
  }

  public ByteSink u64(long value) {
    reserve(8);
    U64.set(content, size, value);
    size += 8;
    return this;
  }

  /// Overwrites four bytes that were written earlier.
  public ByteSink patchU32(int at, int value) {
    U32.set(content, at, value);
    return this;
  }

  /// Overwrites eight bytes that were written earlier.
  public ByteSink patchU64(int at, long value) {
    U64.set(content, at, value);
    return this;
  }

  /// LEB128 of the value as an unsigned 64-bit number; 1 to 10 bytes.
  public ByteSink varint(long value) {
    if ((value & ~0x7FL) == 0 && size < content.length) {
      content[size++] = (byte) value; // nearly all of them
      return this;
    }
    reserve(10);
    long rest = value;
    while ((rest & ~0x7FL) != 0) {
      content[size++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    content[size++] = (byte) rest;
    return this;
  }

  /// Zigzag, then LEB128.
  public ByteSink zigzag(long value) {
    return varint((value << 1) ^ (value >> 63));
  }

  public ByteSink bytes(byte[] bytes) {
    return bytes(bytes, 0, bytes.length);
  }

  public ByteSink bytes(byte[] bytes, int from, int length) {
    if (length >= 0 && length <= 16 && from >= 0 && bytes.length - from >= 16) {
      reserve(16); // two moves whatever the length: most cells of results are this short
      U64.set(content, size, (long) U64.get(bytes, from));
      U64.set(content, size + 8, (long) U64.get(bytes, from + 8));
      size += length;
      return this;
    }
    reserve(length);
    System.arraycopy(bytes, from, content, size, length);
    size += length;
    return this;
  }

  public ByteSink bytes(Bytes bytes) {
    return bytes(bytes.toArray());
  }

  public ByteSink bytes(ByteSink other) {
    return bytes(other.content, 0, other.size);
  }

  /// Appends what is left in the buffer and moves its position to its limit.
  public ByteSink bytes(ByteBuffer buffer) {
    int length = buffer.remaining();
    reserve(length);
    buffer.get(content, size, length);
    size += length;
    return this;
  }

  /// Appends the text in UTF-8, without a length.
  public ByteSink text(String text) {
    return bytes(text.getBytes(StandardCharsets.UTF_8));
  }

  public ByteSink zeros(int count) {
    reserve(count);
    Arrays.fill(content, size, size + count, (byte) 0);
    size += count;
    return this;
  }

  /// Appends zeros until the size is a multiple of `unit`.
  public ByteSink pad(int unit) {
    return zeros((unit - size % unit) % unit);
  }

  /// A copy of what was written.
  public byte[] toArray() {
    return Arrays.copyOf(content, size);
  }

  public Bytes toBytes() {
    return Bytes.of(content, 0, size);
  }

  /// The memory written to, valid up to [#size()] and until the next append. For hashing without a
  /// copy.
  public byte[] backing() {
    return content;
  }

  private void reserve(int more) {
    if (content.length - size < more) {
      content = Arrays.copyOf(content, Math.max(Math.addExact(size, more), content.length * 2));
    }
  }
}
