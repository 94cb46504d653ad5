package dev.nestor.recorder.verify;

import dev.nestor.recorder.archive.Archive;
import dev.nestor.recorder.archive.Segment;
import dev.nestor.recorder.bytes.Bytes;
import dev.nestor.recorder.chunk.Sha256;
import dev.nestor.recorder.index.SegmentHeader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Proves an archive with one public key: every byte of every segment is what was written, in its
/// order, and the chain of segments has no hole.
public final class Verifier {
  private static final int FINDINGS_MAX = 10_000;

  private final Archive archive;
  private final TrustedKeys trusted;
  private final VerificationDepth depth;
  private final Progress progress;
  private final List<Finding> findings = new ArrayList<>();
  private final long totalBytes;
  private long doneBytes;
  private boolean cancelled;

  private Verifier(
      Archive archive, TrustedKeys trusted, VerificationDepth depth, Progress progress) {
    this.archive = archive;
    this.trusted = trusted;
    this.depth = depth;
    this.progress = progress;
    this.totalBytes = archive.segments().stream().mapToLong(Segment::bytes).sum();
  }

  /// Verifies an archive.
  ///
  /// @throws IOException if the disk does not answer
  public static ArchiveReport verify(Archive archive, TrustedKeys trusted, Progress progress)
      throws IOException {
    return verify(archive, trusted, VerificationDepth.CONTENT, progress);
  }

  /// Verifies an archive, as deep as is wanted.
  ///
  /// @throws IOException if the disk does not answer
  public static ArchiveReport verify(
      Archive archive, TrustedKeys trusted, VerificationDepth depth, Progress progress)
      throws IOException {
    return new Verifier(archive, trusted, depth, progress).run();
  }

  /// Verifies an archive to the end.
  ///
  /// @throws IOException if the disk does not answer
  public static ArchiveReport verify(Archive archive, TrustedKeys trusted) throws IOException {
    return verify(archive, trusted, Progress.none());
  }

  private ArchiveReport run() throws IOException {
    List<SegmentVerifier> verifiers = new ArrayList<>();
    for (Segment segment : archive.segments()) {
      SegmentVerifier each = new SegmentVerifier(segment, trusted, depth, new SegmentWatch());
      verifiers.add(each);
      each.verify();
      doneBytes += segment.bytes();
      if (cancelled) {
        break;
      }
    }
    ArchiveState state =
        archive.segments().isEmpty() ? ArchiveState.DAMAGED : ArchiveState.VERIFIED;
    if (!cancelled) {
      chain(verifiers);
      List<Long> missing = archive.missingSegments();
      if (!missing.isEmpty()) {
        state = ArchiveState.INCOMPLETE;
        find(
            archive.segments().getFirst(),
            "segments that are not here: "
                + missing.getFirst()
                + (missing.size() == 1
                    ? ""
                    : " to " + missing.getLast() + ", " + missing.size() + " in all"),
            archive.segments().getFirst().from(),
            0);
      }
    }
    for (SegmentVerifier each : verifiers) {
      state = state.or(each.state());
    }
    List<ArchiveReport.SegmentReport> reports =
        verifiers.stream().map(SegmentVerifier::report).toList();
    return new ArchiveReport(
        state,
        reports.stream().mapToLong(ArchiveReport.SegmentReport::frames).sum(),
        reports.stream().mapToLong(ArchiveReport.SegmentReport::unsignedFrames).sum(),
        findings,
        reports,
        cancelled);
  }

  private void chain(List<SegmentVerifier> verifiers) {
    @Nullable SegmentVerifier before = null;
    @Nullable SegmentHeader headerBefore = null;
    for (int i = 0; i < verifiers.size(); i++) {
      SegmentVerifier each = verifiers.get(i);
      Optional<SegmentHeader> known = archive.segments().get(i).header();
      if (known.isEmpty()) {
        before = null;
        headerBefore = null;
        continue;
      }
      SegmentHeader header = known.get();
      if (header.number() == 1 && !header.previous().equals(Bytes.of(new byte[Sha256.BYTES]))) {
        each.damaged("the first segment names one before it", 0, 0);
      }
      if (before != null && headerBefore != null) {
        follow(before, headerBefore, each, header);
      }
      before = each;
      headerBefore = header;
    }
  }

  private static void follow(
      SegmentVerifier before,
      SegmentHeader headerBefore,
      SegmentVerifier each,
      SegmentHeader header) {
    if (header.number() == headerBefore.number()) {
      each.damaged("segment " + header.number() + " is here twice", 0, 0);
      return;
    }
    if (header.number() != headerBefore.number() + 1) {
      return; // the missing ones are said once
    }
    if (!header.previous().equals(before.lastCheckpoint())) {
      each.damaged(
          "the segment does not follow the one before: another checkpoint was its last", 0, 0);
      return;
    }
    if (before.isCut() && header.predecessorEntries() > 0) {
      boolean same =
          header.predecessorEntries() == before.entryCount()
              && header.predecessorRoot().equals(before.root());
      if (!same) {
        before.damaged("cut since it was recovered: the next segment knows more of it", 0, 0);
      } else if (each.state() == ArchiveState.VERIFIED
          || each.state() == ArchiveState.UNKNOWN_SIGNER) {
        before.vouchedFor();
      }
    }
    if (header.next().frame() < before.nextFrame() && before.treeHolds()) {
      each.damaged("frame numbers are given out twice", 0, 0);
    }
  }

  private void find(Segment segment, String what, long offset, long frame) {
    if (findings.size() < FINDINGS_MAX) {
      findings.add(new Finding(what, segment.file(), offset, frame));
    }
  }

  private final class SegmentWatch implements SegmentVerifier.Watch {
    @Override
    public void finding(Segment segment, String what, long offset, long frame) {
      find(segment, what, offset, frame);
    }

    @Override
    public boolean goOn(long offset) {
      cancelled |= !progress.goOn(doneBytes + offset, totalBytes, findings.size());
      return !cancelled;
    }
  }
}
