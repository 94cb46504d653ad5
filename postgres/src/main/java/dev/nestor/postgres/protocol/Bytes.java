package dev.nestor.postgres.protocol;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;

/// An immutable run of bytes, compared by content.
///
/// [#toString] tells only the length, because the content may be a secret or a person's data.
public final class Bytes {
  /// No bytes at all.
  public static final Bytes EMPTY = new Bytes(new byte[0]);

  private final byte[] content;

  private Bytes(byte[] content) {
    this.content = content;
  }

  /// A copy of the whole array.
  public static Bytes copyOf(byte[] content) {
    return content.length == 0 ? EMPTY : new Bytes(content.clone());
  }

  /// A copy of what remains in the buffer, whose position moves to its limit.
  public static Bytes copyOf(ByteBuffer content) {
    byte[] copy = new byte[content.remaining()];
    content.get(copy);
    return copy.length == 0 ? EMPTY : new Bytes(copy);
  }

  /// The text in UTF-8.
  public static Bytes utf8(String text) {
    return text.isEmpty() ? EMPTY : new Bytes(text.getBytes(StandardCharsets.UTF_8));
  }

  /// Number of bytes.
  public int size() {
    return content.length;
  }

  /// One byte.
  ///
  /// @throws IndexOutOfBoundsException if `index` is not in `0 … size()-1`
  public byte get(int index) {
    return content[index];
  }

  /// A copy as an array, owned by the caller.
  public byte[] toArray() {
    return content.clone();
  }

  /// A read-only view; position 0, limit [#size].
  public ByteBuffer asByteBuffer() {
    return ByteBuffer.wrap(content).asReadOnlyBuffer();
  }

  /// The bytes read as UTF-8; what is malformed becomes U+FFFD, so this is for display.
  public String text() {
    return new String(content, StandardCharsets.UTF_8);
  }

  /// Lower-case hexadecimal digits without separators.
  public String hex() {
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
    return "Bytes[" + content.length + "]";
  }
}
