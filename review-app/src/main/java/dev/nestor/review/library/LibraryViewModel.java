package dev.nestor.review.library;

import dev.nestor.evidence.archive.EvidenceArchive;
import dev.nestor.evidence.catalogue.Catalogue;
import dev.nestor.evidence.catalogue.FileState;
import dev.nestor.evidence.catalogue.KnownArchive;
import dev.nestor.evidence.integrity.IntegrityReport;
import dev.nestor.evidence.integrity.TrustedSigners;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Executor;
import java.util.stream.Stream;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyLongProperty;
import javafx.beans.property.ReadOnlyLongWrapper;
import javafx.beans.property.SimpleObjectProperty;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;

/// The archives that are open: each is opened in the background, and verified there unless it was
/// before and has not changed since.
public final class LibraryViewModel {
  private static final int FOLDER_FILES_MAX = 2_000;

  private final ArchiveOpener opener;
  private final Optional<Catalogue> catalogue;
  private static final long TOLD_NANOS = 250_000_000;

  private final Executor background;
  private final Executor patient;
  private final Executor fxThread;
  private final ObservableList<LibraryEntry> entries = FXCollections.observableArrayList();
  private final ObjectProperty<Optional<LibraryEntry>> selected =
      new SimpleObjectProperty<>(this, "selected", Optional.empty());
  private final ReadOnlyLongWrapper revision = new ReadOnlyLongWrapper(this, "revision");
  private TrustedSigners trusted;

  /// @param background opens and verifies
  public LibraryViewModel(
      ArchiveOpener opener, TrustedSigners trusted, Executor background, Executor fxThread) {
    this(opener, trusted, Optional.empty(), background, background, fxThread);
  }

  /// @param catalogue what is remembered of archives
  /// @param background opens
  /// @param patient verifies; may be slow
  /// @param fxThread runs tasks on the JavaFX application thread
  public LibraryViewModel(
      ArchiveOpener opener,
      TrustedSigners trusted,
      Optional<Catalogue> catalogue,
      Executor background,
      Executor patient,
      Executor fxThread) {
    this.opener = opener;
    this.trusted = trusted;
    this.catalogue = catalogue;
    this.background = background;
    this.patient = patient;
    this.fxThread = fxThread;
  }

  /// What is remembered of archives.
  public Optional<Catalogue> catalogue() {
    return catalogue;
  }

  /// The archives in the order in which they were opened.
  public ObservableList<LibraryEntry> entries() {
    return FXCollections.unmodifiableObservableList(entries);
  }

  /// The one that somebody looks at.
  public ObjectProperty<Optional<LibraryEntry>> selectedProperty() {
    return selected;
  }

  /// Rises when anything shown of any entry has changed.
  public ReadOnlyLongProperty revisionProperty() {
    return revision.getReadOnlyProperty();
  }

  /// Opens archives, and those in folders. One that is here already is not opened twice.
  ///
  /// @return the entries for these paths
  public List<LibraryEntry> add(List<Path> paths) {
    List<LibraryEntry> found = new ArrayList<>();
    for (Path path : paths) {
      for (Path file : archives(path)) {
        Path absolute = file.toAbsolutePath().normalize();
        Optional<LibraryEntry> known =
            entries.stream().filter(each -> each.path().equals(absolute)).findFirst();
        LibraryEntry entry = known.orElseGet(() -> open(absolute));
        found.add(entry);
      }
    }
    if (selected.get().isEmpty() && !found.isEmpty()) {
      selected.set(Optional.of(found.getFirst()));
    }
    return found;
  }

  /// A folder that holds segments of one archive is an archive; another is what lies in it.
  private static List<Path> archives(Path path) {
    if (!Files.isDirectory(path)) {
      return List.of(path);
    }
    try (Stream<Path> files = Files.list(path)) {
      List<Path> inside =
          files
              .filter(file -> file.toString().endsWith(".pgrec"))
              .sorted()
              .limit(FOLDER_FILES_MAX)
              .toList();
      boolean segments =
          inside.stream()
              .allMatch(file -> file.getFileName().toString().matches("segment-[0-9]+\\.pgrec"));
      return segments ? List.of(path) : inside;
    } catch (IOException e) {
      return List.of(path);
    }
  }

  private LibraryEntry open(Path path) {
    LibraryEntry entry = new LibraryEntry(path);
    entries.add(entry);
    Remembering remembering = new Remembering(entry);
    background.execute(() -> {
      LibraryEntry.State state;
      try {
        entry.files = catalogue.isEmpty() ? Optional.empty() : FileState.of(path);
        state = new LibraryEntry.State.Opened(opener.open(path));
      } catch (IOException e) {
        state = new LibraryEntry.State.Failed(why(path, e));
      } catch (RuntimeException e) {
        state = new LibraryEntry.State.Failed("cannot be read: " + e);
      }
      LibraryEntry.State opened = state;
      fxThread.execute(() -> {
        entry.state.set(opened);
        if (!entries.contains(entry)) { // taken out of the list while it was being opened
          entry.archive().ifPresent(archive -> background.execute(() -> close(archive)));
          return;
        }
        changed();
        remembering.opened();
      });
    });
    remembering.look();
    return entry;
  }

  /// Brings together what is remembered of an archive and its being opened, whichever comes first;
  /// then verifies what was not verified before.
  private final class Remembering {
    private final LibraryEntry entry;
    private boolean looked = catalogue.isEmpty();
    private boolean opened;

    Remembering(LibraryEntry entry) {
      this.entry = entry;
    }

    void look() {
      if (looked) {
        return;
      }
      TrustedSigners signers = trusted;
      background.execute(() -> {
        Optional<KnownArchive> known = catalogue.flatMap(from -> from.find(entry.path(), signers));
        fxThread.execute(() -> {
          looked = true;
          known.ifPresent(each -> remember(each, signers));
          decide();
        });
      });
    }

    private void remember(KnownArchive known, TrustedSigners signers) {
      entry.remembered = Optional.of(known.card());
      if (signers.equals(trusted) && entry.check.get() instanceof LibraryEntry.Check.Waiting) {
        known
            .verified()
            .ifPresent(
                each -> entry.check.set(new LibraryEntry.Check.Earlier(each.report(), each.at())));
      }
      changed();
    }

    void opened() {
      opened = true;
      decide();
    }

    private void decide() {
      if (looked && opened && entry.check.get() instanceof LibraryEntry.Check.Waiting) {
        verify(entry);
      }
    }
  }

  private static String why(Path path, IOException e) {
    return Files.notExists(path)
        ? "no such file"
        : Files.isReadable(path) ? "cannot be read: " + e.getMessage() : "permission denied";
  }

  /// Checks every byte of an archive again.
  public void verify(LibraryEntry entry) {
    Optional<EvidenceArchive> archive = entry.archive();
    if (archive.isEmpty() || entry.check.get() instanceof LibraryEntry.Check.Running) {
      return;
    }
    entry.cancelled = false;
    entry.check.set(new LibraryEntry.Check.Running(0));
    changed();
    TrustedSigners signers = trusted;
    patient.execute(() -> check(entry, archive.get(), signers));
  }

  private void check(LibraryEntry entry, EvidenceArchive archive, TrustedSigners signers) {
    LibraryEntry.Check check;
    Optional<FileState> before = entry.files;
    before.ifPresent(state -> catalogue.ifPresent(into -> into.opened(archive.card(), state)));
    try {
      long[] told = {0, System.nanoTime() - TOLD_NANOS};
      IntegrityReport report =
          archive.verify(
              signers,
              (done, total) -> {
                long now = System.nanoTime();
                if (total > 0
                    && (done - told[0]) * 100 >= total
                    && (now - told[1] >= TOLD_NANOS || done >= total)) {
                  told[0] = done;
                  told[1] = now;
                  progress(entry, (double) done / total);
                }
                return !entry.cancelled;
              });
      check = new LibraryEntry.Check.Done(report);
      before.ifPresent(state ->
          catalogue.ifPresent(into -> into.verified(entry.path(), state, signers, report)));
    } catch (CancellationException e) {
      check = new LibraryEntry.Check.Cancelled();
    } catch (IOException | RuntimeException e) {
      check = new LibraryEntry.Check.Failed("verification failed: " + e.getMessage());
    }
    LibraryEntry.Check ended = check;
    fxThread.execute(() -> {
      entry.check.set(ended);
      changed();
      if (!signers.equals(trusted) && !entry.cancelled) {
        verify(entry); // others have come to be trusted while it ran
      }
    });
  }

  private void progress(LibraryEntry entry, double share) {
    fxThread.execute(() -> {
      if (entry.check.get() instanceof LibraryEntry.Check.Running) {
        entry.check.set(new LibraryEntry.Check.Running(share));
        changed();
      }
    });
  }

  /// Stops the verification of an archive; what is known of it stays.
  public void cancel(LibraryEntry entry) {
    entry.cancelled = true;
  }

  /// The signers that are trusted.
  public TrustedSigners trusted() {
    return trusted;
  }

  /// Trusts these signers as well, and verifies again what could not be said before.
  public void trust(TrustedSigners signers) {
    trusted = trusted.and(signers);
    entries.forEach(this::verify);
  }

  /// Takes an archive out of the list. The file stays where it is.
  public void remove(LibraryEntry entry) {
    cancel(entry);
    entries.remove(entry);
    if (selected.get().equals(Optional.of(entry))) {
      selected.set(entries.isEmpty() ? Optional.empty() : Optional.of(entries.getFirst()));
    }
    entry.archive().ifPresent(archive -> background.execute(() -> close(archive)));
    changed();
  }

  private static void close(EvidenceArchive archive) {
    try {
      archive.close();
    } catch (IOException e) {
      // Read-only: nothing can be lost.
    }
  }

  private void changed() {
    revision.set(revision.get() + 1);
  }
}
