package dev.nestor.evidence.integrity;

import java.util.List;

/// What verification found, and what can still be used.
///
/// @param state one of nine
/// @param segments in order
/// @param findings in order of their place; the first is the first failure
/// @param frames whole frames, proved or not
/// @param provedFrames frames 1 to this one are proved
/// @param unsignedFrames whole frames that no checkpoint covers
/// @param signer key name and identity of the signer as a C2SP vkey, empty if nobody signed
/// @param signerFingerprint SHA-256 of the signer's public key, as pairs of hex digits; empty
/// @param sha256 of the file, lower-case hex; empty if it was not computed
/// @param detail what the state needs said: which key, which version, who redacted
public record IntegrityReport(
    IntegrityState state,
    List<SegmentCheck> segments,
    List<IntegrityFinding> findings,
    long frames,
    long provedFrames,
    long unsignedFrames,
    String signer,
    String signerFingerprint,
    String sha256,
    String detail) {
  public IntegrityReport {
    segments = List.copyOf(segments);
    findings = List.copyOf(findings);
  }

  /// How many segments are proved.
  public long provedSegments() {
    return segments.stream().filter(each -> each.verdict() == SegmentCheck.Verdict.PROVED).count();
  }
}
