package dev.nestor.recorder.note;

import dev.nestor.recorder.bytes.Bytes;
import java.util.Base64;
import java.util.Optional;

/// The size and root of a tree at one moment, as the text of a note: three lines.
///
/// @param origin names the tree: `nestor/<archive uuid>/<segment no>`
/// @param entries leaves of the tree
/// @param root 32 bytes
public record Checkpoint(String origin, long entries, Bytes root) {
  private static final int ROOT_BYTES = 32;

  public String text() {
    return origin
        + "\n"
        + entries
        + "\n"
        + Base64.getEncoder().encodeToString(root.toArray())
        + "\n";
  }

  /// Reads the text of a note; nothing if it is no checkpoint, in exactly the form that [#text()]
  /// gives.
  public static Optional<Checkpoint> parse(String text) {
    String[] lines = text.split("\n", -1);
    if (lines.length != 4 || !lines[3].isEmpty()) {
      return Optional.empty();
    }
    try {
      byte[] root = Base64.getDecoder().decode(lines[2]);
      Checkpoint checkpoint = new Checkpoint(lines[0], Long.parseLong(lines[1]), Bytes.of(root));
      return root.length == ROOT_BYTES && checkpoint.text().equals(text)
          ? Optional.of(checkpoint)
          : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty(); // neither a number nor base64
    }
  }
}
