package dev.nestor.benchmarks.archive;

import dev.nestor.recorder.archive.Archive;
import dev.nestor.recorder.archive.Segment;
import dev.nestor.recorder.archive.SegmentProof;
import dev.nestor.recorder.bytes.Bytes;
import dev.nestor.recorder.chunk.ChunkDecoder;
import dev.nestor.recorder.chunk.ChunkProof;
import dev.nestor.recorder.chunk.ChunkRow;
import dev.nestor.recorder.chunk.FrameMeta;
import dev.nestor.recorder.event.ArchiveObject;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;

/// Target 10, proofs: how many bytes prove one frame, or one statement, when all else of its chunk
/// is hidden. What the chunk, the segment and the checkpoint add is the same for all that is shown
/// of them, and is said beside it.
final class ProofSizes {
  private static final int FRAME_BOUND = 1536;
  private static final int STATEMENT_BOUND = 4096;

  private final Archive archive;
  private final Segment segment;
  private final SegmentProof proof;
  private final List<Double> frames = new ArrayList<>();
  private final List<Double> statements = new ArrayList<>();
  private final List<Double> shared = new ArrayList<>();

  private ProofSizes(Archive archive) throws IOException {
    this.archive = archive;
    this.segment = archive.segments().getFirst();
    this.proof = SegmentProof.of(segment);
  }

  /// @param archive of one segment
  static List<Figure> measure(Archive archive, int chunks) throws IOException {
    ProofSizes sizes = new ProofSizes(archive);
    Random random = new Random(10);
    for (int i = 0; i < chunks; i++) {
      sizes.chunk(random.nextInt(archive.chunkCount()), random);
    }
    String beside =
        String.format(
            Locale.ROOT, "beside it %.0f B of chunk, segment and checkpoint", median(sizes.shared));
    return List.of(
        Figure.atMost(
            "10",
            "proof of a frame alone: salt, META, path; bytes p50",
            median(sizes.frames),
            FRAME_BOUND,
            beside),
        Figure.atMost(
            "10",
            "proof of a statement alone, with its plan's objects; bytes p50",
            median(sizes.statements),
            STATEMENT_BOUND,
            beside));
  }

  private static double median(List<Double> values) {
    return Cpu.median(values.stream().mapToDouble(Double::doubleValue).toArray());
  }

  private void chunk(int number, Random random) {
    ChunkDecoder chunk = archive.chunk(number).orElseThrow();
    if (chunk.rows().isEmpty()) {
      return;
    }
    ChunkProof leaves = new ChunkProof(chunk, segment.header().orElseThrow().keys());
    SegmentProof.ChunkEntry entry = proof.chunk(archive.chunkEntry(number).offset()).orElseThrow();
    shared.add(
        (double) leaves.content().length
            + entry.entry().length
            + entry.path().size() * 32.0
            + proof.checkpoint().length);
    int frame = random.nextInt(chunk.frames().size());
    FrameMeta meta = chunk.frames().get(frame);
    frames.add((double) bytes(List.of(leaves.frame(frame))) - meta.storedBytes());
    int row = random.nextInt(chunk.rows().size());
    statements.add((double) bytes(statement(chunk, leaves, row)));
  }

  private static List<ChunkProof.Leaf> statement(ChunkDecoder chunk, ChunkProof leaves, int row) {
    List<ChunkProof.Leaf> shown = new ArrayList<>();
    ChunkRow told = chunk.rows().get(row);
    if (told.plan() != 0 && chunk.object(told.plan()) instanceof ArchiveObject.Plan plan) {
      shown.add(leaves.object(told.plan()));
      for (long no = chunk.objectsBefore() + 1; no < told.plan(); no++) {
        if (isPart(chunk.object(no), plan)) {
          shown.add(leaves.object(no));
        }
      }
    }
    shown.add(leaves.row(row));
    return shown;
  }

  private static boolean isPart(
      @org.jspecify.annotations.Nullable ArchiveObject object, ArchiveObject.Plan plan) {
    ArchiveObject.Decision decision = plan.decision();
    return object != null
        && (object.equals(plan.template())
            || object.equals(plan.facts())
            || object.equals(decision)
            || (decision != null
                && (object.equals(decision.policy())
                    || (object instanceof ArchiveObject.Rule rule
                        && decision.rules().contains(rule)))));
  }

  /// Leaves with their hashes of the tree, those that several need once.
  private static int bytes(List<ChunkProof.Leaf> leaves) {
    int bytes = 0;
    Set<Bytes> hashes = new HashSet<>();
    for (ChunkProof.Leaf leaf : leaves) {
      bytes += leaf.content().length;
      leaf.path().forEach(level -> level.forEach(each -> hashes.add(Bytes.of(each))));
    }
    return bytes + hashes.size() * 32;
  }
}
