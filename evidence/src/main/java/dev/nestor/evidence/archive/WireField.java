package dev.nestor.evidence.archive;

/// A field of a protocol message, tied to its bytes.
///
/// @param name PostgreSQL's word for it, such as `statement` or `cell 3`
/// @param value as people read it, at most 400 characters
/// @param offset of its first byte in the frame
/// @param length in bytes; 0 for an empty one
public record WireField(String name, String value, int offset, int length) {
  /// Whether a byte of the frame belongs to it.
  public boolean covers(int at) {
    return at >= offset && at < offset + length;
  }
}
