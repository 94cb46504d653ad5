package dev.nestor.evidence.archive;

/// One protocol message.
///
/// @param frame number of its frame
/// @param number in the frame, from 1
/// @param type PostgreSQL's name of it
/// @param summary its fields in one line; never longer than 400 characters
/// @param offset of its first byte in the frame
/// @param length in bytes
public record MessageRow(
    long frame, int number, String type, String summary, int offset, int length) {
  /// `48218.2`: the address that people cite.
  public String address() {
    return frame + "." + number;
  }
}
