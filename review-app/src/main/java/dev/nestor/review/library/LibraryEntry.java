package dev.nestor.review.library;

import dev.nestor.evidence.archive.ArchiveCard;
import dev.nestor.evidence.archive.EvidenceArchive;
import dev.nestor.evidence.catalogue.FileState;
import dev.nestor.evidence.integrity.IntegrityReport;
import dev.nestor.evidence.integrity.IntegrityState;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;

/// One archive of the library.
public final class LibraryEntry {
  /// How far opening has come.
  public sealed interface State {
    /// Being opened.
    record Opening() implements State {}

    /// The machine could not read it.
    record Failed(String message) implements State {}

    /// Open.
    record Opened(EvidenceArchive archive) implements State {}
  }

  /// How far verification has come.
  public sealed interface Check {
    /// Not begun.
    record Waiting() implements Check {}

    /// Running.
    ///
    /// @param share from 0 to 1
    record Running(double share) implements Check {}

    /// Finished.
    record Done(IntegrityReport report) implements Check {}

    /// Finished in an earlier session, on files that have not changed since.
    ///
    /// @param at when
    record Earlier(IntegrityReport report, Instant at) implements Check {}

    /// Stopped by somebody.
    record Cancelled() implements Check {}

    /// The machine failed.
    record Failed(String message) implements Check {}
  }

  private final Path path;
  final ReadOnlyObjectWrapper<State> state =
      new ReadOnlyObjectWrapper<>(this, "state", new State.Opening());
  final ReadOnlyObjectWrapper<Check> check =
      new ReadOnlyObjectWrapper<>(this, "check", new Check.Waiting());
  volatile boolean cancelled;
  Optional<ArchiveCard> remembered = Optional.empty();
  volatile Optional<FileState> files = Optional.empty();

  LibraryEntry(Path path) {
    this.path = path;
  }

  /// Where it lies.
  public Path path() {
    return path;
  }

  /// Its file name.
  public String name() {
    Path name = path.getFileName();
    return name == null ? path.toString() : name.toString();
  }

  /// How far opening has come.
  public ReadOnlyObjectProperty<State> stateProperty() {
    return state.getReadOnlyProperty();
  }

  /// How far verification has come.
  public ReadOnlyObjectProperty<Check> checkProperty() {
    return check.getReadOnlyProperty();
  }

  /// The archive, once it is open.
  public Optional<EvidenceArchive> archive() {
    return state.get() instanceof State.Opened(EvidenceArchive archive)
        ? Optional.of(archive)
        : Optional.empty();
  }

  /// What its head says, once it is open; before that what it said when these files were opened
  /// last, where somebody did.
  public Optional<ArchiveCard> card() {
    return archive().map(EvidenceArchive::card).or(() -> remembered);
  }

  /// When it was verified, where that was in an earlier session and its files are unchanged since:
  /// same size, same times, same last bytes. Absent for what was verified in this one.
  public Optional<Instant> verifiedEarlier() {
    return check.get() instanceof Check.Earlier(_, Instant at) ? Optional.of(at) : Optional.empty();
  }

  /// What verification said, once it has ended.
  public Optional<IntegrityReport> report() {
    return switch (check.get()) {
      case Check.Done(IntegrityReport report) -> Optional.of(report);
      case Check.Earlier(IntegrityReport report, _) -> Optional.of(report);
      case Check.Waiting _, Check.Running _, Check.Cancelled _, Check.Failed _ -> Optional.empty();
    };
  }

  /// The state as far as it is known: what was verified, else what opening alone could tell. Empty
  /// while verification has still to answer.
  public Optional<IntegrityState> integrity() {
    return report()
        .map(IntegrityReport::state)
        .or(() -> card().map(ArchiveCard::state).filter(s -> s != IntegrityState.UNKNOWN_SIGNER));
  }
}
