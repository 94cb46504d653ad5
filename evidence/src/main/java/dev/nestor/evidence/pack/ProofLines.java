package dev.nestor.evidence.pack;

import dev.nestor.recorder.archive.Archive;
import dev.nestor.recorder.archive.Segment;
import dev.nestor.recorder.archive.SegmentProof;
import dev.nestor.recorder.bytes.DamageException;
import dev.nestor.recorder.chunk.ChunkDecoder;
import dev.nestor.recorder.chunk.ChunkProof;
import dev.nestor.recorder.chunk.ChunkRow;
import dev.nestor.recorder.chunk.FrameMeta;
import dev.nestor.recorder.event.ArchiveObject;
import dev.nestor.recorder.index.SegmentHeader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// The lines of a package's proof that are about one archive.
final class ProofLines {
  private static final HexFormat HEX = HexFormat.of();
  private static final int CHUNKS_TO_END_MAX = 64;

  private final Archive archive;
  private final Map<Integer, Shown> chunks = new TreeMap<>();
  private final boolean allSegments;

  /// What is shown of one chunk.
  private static final class Shown {
    private final TreeSet<Long> frames = new TreeSet<>();
    private final TreeSet<Integer> rows = new TreeSet<>();
  }

  /// @param allSegments whether each segment's checkpoint is shown, also where nothing below it is
  ProofLines(Archive archive, boolean allSegments) {
    this.archive = archive;
    this.allSegments = allSegments;
  }

  private Shown shown(int chunk) {
    return chunks.computeIfAbsent(chunk, _ -> new Shown());
  }

  private ChunkDecoder decoder(int chunk) {
    return archive
        .chunk(chunk)
        .orElseThrow(() ->
            new DamageException(
                "the chunk with frame "
                    + archive.chunkEntry(chunk).firstFrame()
                    + " cannot be read"));
  }

  /// Shows a frame.
  void frame(long number) {
    int chunk = archive.chunkOf(number);
    if (chunk < 0 || decoder(chunk).frames().stream().noneMatch(each -> each.no() == number)) {
      throw new DamageException("there is no frame " + number);
    }
    shown(chunk).frames.add(number);
  }

  /// Shows the statements of a session whose message stands in a frame: how they began and ended.
  ///
  /// @return their credential where it is another than the session's, else 0
  long statement(long session, long anchor) {
    int first = Math.max(0, archive.chunkOf(anchor));
    TreeSet<Long> open = new TreeSet<>();
    long credential = rows(first, session, anchor, open);
    for (int chunk = first + 1;
        !open.isEmpty() && chunk < archive.chunkCount() && chunk <= first + CHUNKS_TO_END_MAX;
        chunk++) {
      if (archive.chunkEntry(chunk).mayHave(session)) {
        List<ChunkRow> rows = decoder(chunk).rows();
        for (int i = 0; i < rows.size(); i++) {
          ChunkRow row = rows.get(i);
          if (row.session() == session && !row.begins() && open.remove(row.statement())) {
            shown(chunk).rows.add(i);
          }
        }
      }
    }
    return credential;
  }

  private long rows(int chunk, long session, long anchor, Set<Long> open) {
    long credential = 0;
    List<ChunkRow> rows = decoder(chunk).rows();
    for (int i = 0; i < rows.size(); i++) {
      ChunkRow row = rows.get(i);
      if (row.session() == session && row.anchorFrame() == anchor && row.begins()) {
        shown(chunk).rows.add(i);
        credential = row.credential();
        if (!row.ends()) {
          open.add(row.statement());
        }
      }
    }
    return credential;
  }

  /// The lines.
  ///
  /// @throws DamageException if something shown cannot be proved
  String text() throws IOException {
    StringBuilder lines = new StringBuilder();
    int before = 0;
    for (Segment segment : archive.segments()) {
      int from = before;
      before += segment.chunks().size();
      int to = before;
      List<Integer> own = chunks.keySet().stream().filter(c -> c >= from && c < to).toList();
      if (allSegments || !own.isEmpty()) {
        segment(segment, own, lines);
      }
    }
    return lines.toString();
  }

  private void segment(Segment segment, List<Integer> own, StringBuilder lines) throws IOException {
    SegmentHeader header =
        segment.header().orElseThrow(() -> new DamageException("a segment has no header"));
    SegmentProof proof = SegmentProof.of(segment);
    Base64.Encoder base64 = Base64.getEncoder();
    lines.append(
        "segment %s %d %s %s %s %s %s\n"
            .formatted(
                header.archive(),
                header.number(),
                header.uuid(),
                base64.encodeToString(header.segmentKey().toArray()),
                base64.encodeToString(header.certificate().hostKey().toArray()),
                base64.encodeToString(header.certificate().signature().toArray()),
                base64.encodeToString(proof.checkpoint())));
    for (int chunk : own) {
      chunk(chunk, header, proof, lines);
    }
  }

  private void chunk(int chunk, SegmentHeader header, SegmentProof segment, StringBuilder lines) {
    ChunkDecoder decoder = decoder(chunk);
    ChunkProof proof = new ChunkProof(decoder, header.keys());
    SegmentProof.ChunkEntry entry =
        segment
            .chunk(archive.chunkEntry(chunk).offset())
            .orElseThrow(() ->
                new DamageException(
                    "no checkpoint covers frame " + archive.chunkEntry(chunk).firstFrame()));
    StringBuilder path = new StringBuilder();
    entry.path().forEach(each -> path.append(HEX.formatHex(each)));
    lines.append(
        "chunk %s %s %d %s\n"
            .formatted(
                HEX.formatHex(proof.content()),
                HEX.formatHex(entry.entry()),
                entry.position(),
                path.isEmpty() ? "-" : path));
    leaves(decoder, proof, shown(chunk)).forEach(each -> lines.append(line(each)));
  }

  private static List<ChunkProof.Leaf> leaves(ChunkDecoder decoder, ChunkProof proof, Shown shown) {
    TreeSet<Long> objects = new TreeSet<>();
    List<ChunkProof.Leaf> rows = new ArrayList<>();
    for (int index : shown.rows) {
      rows.add(proof.row(index));
      long plan = decoder.rows().get(index).plan();
      if (plan != 0) {
        objects.add(plan);
        objects.addAll(below(decoder, plan));
      }
    }
    List<ChunkProof.Leaf> leaves = new ArrayList<>();
    objects.stream()
        .filter(each -> each > decoder.objectsBefore())
        .forEach(each -> leaves.add(proof.object(each)));
    leaves.addAll(rows);
    List<FrameMeta> frames = decoder.frames();
    for (int i = 0; i < frames.size(); i++) {
      if (shown.frames.contains(frames.get(i).no())) {
        leaves.add(proof.frame(i));
      }
    }
    return leaves;
  }

  /// What a plan is made of, as far as a package shows it: template, facts, decision, policy,
  /// rules.
  private static List<Long> below(ChunkDecoder decoder, long plan) {
    List<Long> found = new ArrayList<>();
    if (decoder.object(plan) instanceof ArchiveObject.Plan whole) {
      for (long number = decoder.objectsBefore() + 1; number < plan; number++) {
        ArchiveObject object = decoder.object(number);
        boolean part =
            object != null
                && (object.equals(whole.template())
                    || object.equals(whole.facts())
                    || object.equals(whole.decision())
                    || (whole.decision() != null
                        && (object.equals(whole.decision().policy())
                            || (object instanceof ArchiveObject.Rule rule
                                && whole.decision().rules().contains(rule)))));
        if (part) {
          found.add(number);
        }
      }
    }
    return found;
  }

  private static String line(ChunkProof.Leaf leaf) {
    StringBuilder levels = new StringBuilder();
    for (List<byte[]> level : leaf.path()) {
      levels.append(' ');
      level.forEach(each -> levels.append(HEX.formatHex(each)));
    }
    return "leaf %d %d %s%s\n"
        .formatted(leaf.lane(), leaf.position(), HEX.formatHex(leaf.content()), levels);
  }
}
