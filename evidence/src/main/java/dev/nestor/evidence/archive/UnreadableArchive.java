package dev.nestor.evidence.archive;

import dev.nestor.evidence.integrity.IntegrityFinding;
import dev.nestor.evidence.integrity.IntegrityReport;
import dev.nestor.evidence.integrity.IntegrityState;
import dev.nestor.evidence.integrity.TrustedSigners;
import dev.nestor.evidence.integrity.VerificationProgress;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// A file of which nothing can be read: foreign, cut off in its head, or of a newer format.
record UnreadableArchive(Path path, long sizeBytes, IntegrityState state, String problem)
    implements EvidenceArchive {
  @Override
  public ArchiveCard card() {
    Path name = path.getFileName();
    return new ArchiveCard(
        path,
        name == null ? path.toString() : name.toString(),
        state,
        problem,
        "",
        "?",
        "",
        List.of(),
        sizeBytes,
        0,
        0,
        0,
        0,
        Optional.empty(),
        Optional.empty(),
        DecisionCounts.NONE,
        List.of());
  }

  @Override
  public List<SessionCard> sessions() {
    return List.of();
  }

  @Override
  public SessionReplay replay(long number) {
    throw new IllegalArgumentException("no session " + number);
  }

  @Override
  public List<ReplayRow.Event> eventsOfNoSession() {
    return List.of();
  }

  @Override
  public OptionalLong sessionOfFrame(long frame) {
    return OptionalLong.empty();
  }

  @Override
  public void statements(java.util.function.Predicate<StatementFact> each) {}

  @Override
  public Trail trail() {
    return Trail.NONE;
  }

  @Override
  public java.util.Optional<String> policyText(String sha256) {
    return java.util.Optional.empty();
  }

  @Override
  public IntegrityReport verify(TrustedSigners trusted, VerificationProgress progress) {
    return new IntegrityReport(
        state,
        List.of(),
        List.of(new IntegrityFinding(problem, 0, 0, OptionalLong.empty())),
        0,
        0,
        0,
        "",
        "",
        "",
        problem);
  }

  @Override
  public void close() {}
}
