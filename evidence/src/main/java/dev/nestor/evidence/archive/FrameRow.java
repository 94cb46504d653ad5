package dev.nestor.evidence.archive;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;

/// A recorded frame: whole messages of one direction.
///
/// @param frame its number in the archive
/// @param fromClient true from the client to the gateway, false from the gateway to the client
/// @param messages decoded, at most 256; [#messageCount] counts all
/// @param bytes as they travelled; at most 32 KiB, read-only
public record FrameRow(
    long frame,
    Instant at,
    boolean fromClient,
    List<MessageRow> messages,
    int messageCount,
    ByteBuffer bytes) {
  public FrameRow {
    messages = List.copyOf(messages);
    bytes = bytes.asReadOnlyBuffer();
  }

  @Override
  public ByteBuffer bytes() {
    return bytes.duplicate();
  }

  /// The types in order, runs counted: `ParseComplete, DataRow × 8`.
  public String summary() {
    StringBuilder text = new StringBuilder();
    int at = 0;
    while (at < messages.size()) {
      String type = messages.get(at).type();
      int run = 1;
      while (at + run < messages.size() && messages.get(at + run).type().equals(type)) {
        run++;
      }
      boolean cut = at + run == messages.size() && messageCount > messages.size();
      int count = cut ? run + messageCount - messages.size() : run;
      text.append(text.isEmpty() ? "" : ", ").append(type);
      if (count > 1) {
        text.append(" × ").append(count);
      }
      at += run;
    }
    return text.toString();
  }
}
