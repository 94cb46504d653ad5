package dev.nestor.recorder.bytes;

import java.util.Arrays;
import java.util.HexFormat;

/// An immutable run of bytes with value semantics: a digest, an address, a body.
public final class Bytes {
  /// No bytes; in an event or object the same as an absent field.
  public static final Bytes EMPTY = new Bytes(new byte[0]);

  private final byte[] content;

  private Bytes(byte[] content) {
    this.content = content;
  }

  /// Copies the array.
  public static Bytes of(byte... content) {
    return content.length == 0 ? EMPTY : new Bytes(content.clone());
  }

  /// Copies a part of the array.
  public static Bytes of(byte[] content, int from, int to) {
    return from == to ? EMPTY : new Bytes(Arrays.copyOfRange(content, from, to));
  }

  /// Reads lower or upper case hexadecimal digits.
  public static Bytes ofHex(String digits) {
    return new Bytes(HexFormat.of().parseHex(digits));
  }

  public int length() {
    return content.length;
  }

  public boolean isEmpty() {
    return content.length == 0;
  }

  public byte at(int index) {
    return content[index];
  }

  /// A copy.
  public byte[] toArray() {
    return content.clone();
  }

  /// Lower-case hexadecimal digits.
  public String toHex() {
    return HexFormat.of().formatHex(content);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Bytes that && Arrays.equals(content, that.content);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(content);
  }

  @Override
  public String toString() {
    return toHex();
  }
}
