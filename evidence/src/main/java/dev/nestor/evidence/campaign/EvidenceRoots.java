package dev.nestor.evidence.campaign;

import dev.nestor.recorder.archive.Archive;
import dev.nestor.recorder.archive.Segment;
import dev.nestor.recorder.archive.SegmentProof;
import dev.nestor.recorder.bytes.DamageException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Reads what the recorder signed last over each segment of an archive: the roots that a review is
/// bound to.
final class EvidenceRoots {
  private EvidenceRoots() {}

  /// @return one root for each segment, in order; none for a segment without a checkpoint
  /// @throws IOException if the disk does not answer
  static List<Campaign.Root> of(Path file) throws IOException {
    List<Campaign.Root> roots = new ArrayList<>();
    try (Archive archive = Archive.open(file)) {
      for (Segment segment : archive.segments()) {
        checkpoint(segment, roots);
      }
    }
    return List.copyOf(roots);
  }

  private static void checkpoint(Segment segment, List<Campaign.Root> roots) throws IOException {
    try {
      // Name, number of entries, root: the text of a signed note (C2SP tlog-checkpoint).
      String[] lines =
          new String(SegmentProof.of(segment).checkpoint(), StandardCharsets.UTF_8).split("\n", 4);
      if (lines.length == 4 && segment.header().isPresent()) {
        roots.add(
            new Campaign.Root(segment.header().get().number(), Long.parseLong(lines[1]), lines[2]));
      }
    } catch (DamageException | NumberFormatException e) {
      // a review may be made over what is not signed; its state says so
    }
  }
}
