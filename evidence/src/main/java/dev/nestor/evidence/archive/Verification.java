package dev.nestor.evidence.archive;

import dev.nestor.evidence.integrity.IntegrityFinding;
import dev.nestor.evidence.integrity.IntegrityReport;
import dev.nestor.evidence.integrity.IntegrityState;
import dev.nestor.evidence.integrity.SegmentCheck;
import dev.nestor.evidence.integrity.TrustedSigners;
import dev.nestor.evidence.integrity.VerificationProgress;
import dev.nestor.recorder.archive.Archive;
import dev.nestor.recorder.archive.Segment;
import dev.nestor.recorder.index.IndexEntry;
import dev.nestor.recorder.note.VerifierKey;
import dev.nestor.recorder.verify.ArchiveReport;
import dev.nestor.recorder.verify.ArchiveReport.SegmentReport;
import dev.nestor.recorder.verify.ArchiveState;
import dev.nestor.recorder.verify.ChunkState;
import dev.nestor.recorder.verify.Finding;
import dev.nestor.recorder.verify.TrustedKeys;
import dev.nestor.recorder.verify.VerificationDepth;
import dev.nestor.recorder.verify.Verifier;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CancellationException;

/// Verifies an archive and says what of it can be used.
final class Verification {
  private Verification() {}

  static IntegrityReport of(
      Archive archive,
      TrustedSigners trusted,
      VerificationDepth depth,
      VerificationProgress progress)
      throws IOException {
    List<VerifierKey> keys =
        trusted.vkeys().stream().flatMap(key -> VerifierKey.parse(key).stream()).toList();
    ArchiveReport report =
        Verifier.verify(
            archive,
            new TrustedKeys(keys),
            depth,
            (done, total, _) -> progress.checked(done, total));
    if (report.cancelled()) {
      throw new CancellationException("verification was stopped");
    }
    List<SegmentCheck> segments = segments(archive, report);
    Optional<SegmentReport> signed =
        report.segments().stream().filter(each -> !each.signerKey().isEmpty()).findFirst();
    return new IntegrityReport(
        state(report.state()),
        segments,
        report.findings().stream().map(each -> finding(archive, each)).toList(),
        report.frames(),
        proved(archive, report),
        report.unsignedFrames(),
        signed.map(SegmentReport::signer).orElse(""),
        signed.map(each -> fingerprint(each.signerKey().toArray())).orElse(""),
        depth == VerificationDepth.STORED ? "" : sha256(archive.path(), progress),
        "");
  }

  static IntegrityState state(ArchiveState state) {
    return switch (state) {
      case NEWER_FORMAT -> IntegrityState.NEWER_FORMAT;
      case DAMAGED -> IntegrityState.DAMAGED;
      case UNSIGNED -> IntegrityState.UNSIGNED;
      case UNKNOWN_SIGNER -> IntegrityState.UNKNOWN_SIGNER;
      case LOCKED -> IntegrityState.LOCKED;
      case GROWING -> IntegrityState.GROWING;
      case INCOMPLETE -> IntegrityState.INCOMPLETE;
      case REDACTED -> IntegrityState.REDACTED;
      case VERIFIED -> IntegrityState.VERIFIED;
    };
  }

  private static List<SegmentCheck> segments(Archive archive, ArchiveReport report) {
    List<SegmentCheck> checks = new ArrayList<>();
    for (int i = 0; i < report.segments().size(); i++) {
      SegmentReport each = report.segments().get(i);
      List<IndexEntry> chunks =
          i < archive.segments().size() ? archive.segments().get(i).chunks() : List.of();
      long first = chunks.isEmpty() ? 0 : chunks.getFirst().firstFrame();
      long last =
          chunks.isEmpty() ? 0 : chunks.getLast().firstFrame() + chunks.getLast().frameSpan() - 1;
      checks.add(
          new SegmentCheck(each.number(), verdict(each), first, last, each.unsignedFrames()));
    }
    return checks;
  }

  private static SegmentCheck.Verdict verdict(SegmentReport segment) {
    return switch (segment.state()) {
      case DAMAGED -> SegmentCheck.Verdict.DAMAGED;
      case VERIFIED, REDACTED -> SegmentCheck.Verdict.PROVED;
      case INCOMPLETE, GROWING ->
          segment.unsignedFrames() == 0 && segment.trusted()
              ? SegmentCheck.Verdict.PROVED
              : SegmentCheck.Verdict.UNPROVED;
      case NEWER_FORMAT, UNSIGNED, UNKNOWN_SIGNER, LOCKED -> SegmentCheck.Verdict.UNPROVED;
    };
  }

  /// Frames 1 to this one are proved: the chunks up to the first that is not.
  private static long proved(Archive archive, ArchiveReport report) {
    long proved = 0;
    for (int i = 0; i < report.segments().size() && i < archive.segments().size(); i++) {
      SegmentReport segment = report.segments().get(i);
      Segment read = archive.segments().get(i);
      if (!segment.trusted()) {
        return proved;
      }
      for (int c = 0; c < read.chunks().size(); c++) {
        ChunkState state =
            c < segment.chunks().size() ? segment.chunks().get(c) : ChunkState.MISSING;
        if (state != ChunkState.PROVED
            && state != ChunkState.COMMITTED
            && state != ChunkState.WITHHELD) {
          return proved;
        }
        IndexEntry chunk = read.chunks().get(c);
        proved = chunk.firstFrame() + chunk.frameSpan() - 1;
      }
      if (segment.state() == ArchiveState.DAMAGED) {
        return proved;
      }
    }
    return proved;
  }

  private static IntegrityFinding finding(Archive archive, Finding finding) {
    long number = 0;
    for (Segment segment : archive.segments()) {
      if (segment.file().equals(finding.file())
          && finding.offset() >= segment.from()
          && finding.offset() < segment.from() + segment.bytes()) {
        number = segment.header().map(header -> header.number()).orElse(0L);
      }
    }
    return new IntegrityFinding(
        finding.what(),
        number,
        finding.offset(),
        finding.frame() == 0 ? OptionalLong.empty() : OptionalLong.of(finding.frame()));
  }

  private static String fingerprint(byte[] key) {
    return HexFormat.ofDelimiter(":").formatHex(sha().digest(key));
  }

  private static String sha256(Path path, VerificationProgress progress) throws IOException {
    if (!Files.isRegularFile(path)) {
      return "";
    }
    MessageDigest sha = sha();
    long total = Files.size(path);

    byte[] buffer = new byte[1 << 20];
    try (InputStream in = Files.newInputStream(path)) {
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        sha.update(buffer, 0, read);

        if (!progress.checked(total, total)) {
          throw new CancellationException("verification was stopped");
        }
      }
    }
    return HexFormat.of().formatHex(sha.digest());
  }

  private static MessageDigest sha() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
