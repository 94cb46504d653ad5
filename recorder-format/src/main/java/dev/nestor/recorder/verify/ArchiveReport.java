package dev.nestor.recorder.verify;

import dev.nestor.recorder.bytes.Bytes;
import java.util.List;

/// What verification found.
///
/// @param state the worst of the segments'
/// @param frames that stand in chunks that hold
/// @param unsignedFrames of them, those that no checkpoint covers
/// @param findings what is wrong, in the order of the file
/// @param segments each by itself
/// @param cancelled true if it was ended before the end; then `state` is only what was seen
public record ArchiveReport(
    ArchiveState state,
    long frames,
    long unsignedFrames,
    List<Finding> findings,
    List<SegmentReport> segments,
    boolean cancelled) {
  public ArchiveReport {
    findings = List.copyOf(findings);
    segments = List.copyOf(segments);
  }

  /// One segment.
  ///
  /// @param number 0 if its header cannot be read
  /// @param entries of its tree
  /// @param root of its tree over them
  /// @param signer name in its key certificate; empty if it has none
  /// @param signerKey the host key's 32 bytes; empty if it has none
  /// @param trusted true if that key is among those believed
  /// @param chunks one state each, in their order
  public record SegmentReport(
      long number,
      ArchiveState state,
      long frames,
      long unsignedFrames,
      long entries,
      Bytes root,
      String signer,
      Bytes signerKey,
      boolean trusted,
      List<ChunkState> chunks) {
    public SegmentReport {
      chunks = List.copyOf(chunks);
    }
  }
}
