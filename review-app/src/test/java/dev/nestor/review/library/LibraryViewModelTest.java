package dev.nestor.review.library;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nestor.evidence.archive.EvidenceArchives;
import dev.nestor.evidence.integrity.IntegrityReport;
import dev.nestor.evidence.integrity.IntegrityState;
import dev.nestor.evidence.integrity.TrustedSigners;
import dev.nestor.evidence.testing.RecordedStory;
import dev.nestor.review.InventedArchive;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LibraryViewModelTest {
  @TempDir Path folder;

  private static LibraryViewModel library(TrustedSigners trusted, Executor background) {
    return new LibraryViewModel(EvidenceArchives::open, trusted, background, Runnable::run);
  }

  @Test
  void aFolderIsTheArchivesInIt() throws IOException {
    RecordedStory.Written a = RecordedStory.write(folder, "a", 1);
    RecordedStory.write(folder, "b", 1);
    Files.writeString(folder.resolve("readme.txt"), "no archive");

    LibraryViewModel library = library(new TrustedSigners(List.of(a.vkey())), Runnable::run);
    library.add(List.of(folder));

    assertThat(library.entries())
        .extracting(LibraryEntry::name)
        .containsExactly("a.pgrec", "b.pgrec");
    assertThat(library.entries())
        .allSatisfy(entry -> assertThat(entry.integrity()).contains(IntegrityState.VERIFIED));
    assertThat(library.selectedProperty().get().map(LibraryEntry::name)).contains("a.pgrec");
  }

  @Test
  void anArchiveIsNotOpenedTwice() throws IOException {
    RecordedStory.Written a = RecordedStory.write(folder, "a", 1);
    LibraryViewModel library = library(TrustedSigners.NONE, Runnable::run);

    library.add(List.of(a.file()));
    library.add(List.of(folder.resolve("./a.pgrec")));

    assertThat(library.entries()).hasSize(1);
  }

  @Test
  void whatIsMissingStaysInTheListWithItsReason() {
    LibraryViewModel library = library(TrustedSigners.NONE, Runnable::run);

    library.add(List.of(folder.resolve("gone.pgrec")));

    assertThat(library.entries().getFirst().stateProperty().get())
        .isEqualTo(new LibraryEntry.State.Failed("no such file"));
  }

  @Test
  void trustingASignerVerifiesAgain() throws IOException {
    RecordedStory.Written a = RecordedStory.write(folder, "a", 1);
    LibraryViewModel library = library(TrustedSigners.NONE, Runnable::run);
    library.add(List.of(a.file()));
    LibraryEntry entry = library.entries().getFirst();
    assertThat(entry.integrity()).contains(IntegrityState.UNKNOWN_SIGNER);

    library.trust(new TrustedSigners(List.of(a.vkey())));

    assertThat(entry.integrity()).contains(IntegrityState.VERIFIED);
  }

  @Test
  void trustingASignerWhileACheckRunsVerifiesAgainBehindIt() throws IOException {
    RecordedStory.Written a = RecordedStory.write(folder, "a", 1);
    Deque<Runnable> waiting = new ArrayDeque<>();
    LibraryViewModel library = library(TrustedSigners.NONE, waiting::add);
    library.add(List.of(a.file()));
    LibraryEntry entry = library.entries().getFirst();
    waiting.remove().run(); // it is opened, and its check waits for its turn
    assertThat(entry.checkProperty().get()).isInstanceOf(LibraryEntry.Check.Running.class);

    library.trust(new TrustedSigners(List.of(a.vkey())));
    while (!waiting.isEmpty()) {
      waiting.remove().run();
    }

    assertThat(entry.integrity()).contains(IntegrityState.VERIFIED);
  }

  @Test
  void aCheckThatIsStoppedSaysSo() throws IOException {
    RecordedStory.Written a = RecordedStory.write(folder, "a", 1);
    Deque<Runnable> tasks = new ArrayDeque<>();
    LibraryViewModel library = library(TrustedSigners.NONE, tasks::add);
    library.add(List.of(a.file()));
    tasks.remove().run();
    LibraryEntry entry = library.entries().getFirst();

    library.cancel(entry);
    tasks.remove().run();

    assertThat(entry.checkProperty().get()).isEqualTo(new LibraryEntry.Check.Cancelled());
    assertThat(entry.integrity()).isEmpty();
    library.verify(entry);
    tasks.remove().run();
    assertThat(entry.integrity()).contains(IntegrityState.UNKNOWN_SIGNER);
  }

  @Test
  void whileAFileIsCheckedItsShareIsTold() {
    List<LibraryEntry.Check> checks = new ArrayList<>();
    LibraryViewModel library =
        new LibraryViewModel(
            path -> new InventedArchive(path, IntegrityState.VERIFIED, InventedArchive.story()),
            TrustedSigners.NONE,
            Runnable::run,
            Runnable::run);
    library
        .revisionProperty()
        .addListener((_, _, _) -> checks.add(library.entries().getFirst().checkProperty().get()));

    library.add(List.of(folder.resolve("x.pgrec")));

    assertThat(checks)
        .contains(new LibraryEntry.Check.Running(0), new LibraryEntry.Check.Running(1));
  }

  @Test
  void removingLeavesTheFileWhereItIs() throws IOException {
    RecordedStory.Written a = RecordedStory.write(folder, "a", 1);
    LibraryViewModel library = library(TrustedSigners.NONE, Runnable::run);
    library.add(List.of(a.file()));

    library.remove(library.entries().getFirst());

    assertThat(library.entries()).isEmpty();
    assertThat(library.selectedProperty().get()).isEqualTo(Optional.empty());
    assertThat(a.file()).exists();
  }

  @Test
  void aReportIsThereOnceTheCheckHasEnded() throws IOException {
    RecordedStory.Written a = RecordedStory.write(folder, "a", 1);
    LibraryViewModel library = library(new TrustedSigners(List.of(a.vkey())), Runnable::run);
    library.add(List.of(a.file()));

    assertThat(library.entries().getFirst().report().map(IntegrityReport::signer))
        .contains("nestor-test-1");
  }

  private LibraryViewModel remembering(Path cache, TrustedSigners trusted) {
    return new LibraryViewModel(
        EvidenceArchives::open,
        trusted,
        Optional.of(
            new dev.nestor.evidence.catalogue.Catalogue(
                cache, java.time.Clock.fixed(InventedArchive.START, java.time.ZoneOffset.UTC))),
        Runnable::run,
        Runnable::run,
        Runnable::run);
  }

  @Test
  void whatWasVerifiedIsNotReadAgainUntilItChanges() throws IOException {
    RecordedStory.Written a = RecordedStory.write(folder.resolve("evidence"), "a", 1);
    TrustedSigners trusted = new TrustedSigners(List.of(a.vkey()));
    Path cache = folder.resolve("cache");
    LibraryEntry first = remembering(cache, trusted).add(List.of(a.file())).getFirst();
    assertThat(first.checkProperty().get()).isInstanceOf(LibraryEntry.Check.Done.class);
    assertThat(first.verifiedEarlier()).isEmpty();

    LibraryViewModel second = remembering(cache, trusted);
    LibraryEntry known = second.add(List.of(a.file())).getFirst();
    assertThat(known.verifiedEarlier()).contains(InventedArchive.START);
    assertThat(known.report()).isEqualTo(first.report());
    second.verify(known);
    assertThat(known.checkProperty().get()).isInstanceOf(LibraryEntry.Check.Done.class);

    assertThat(
            remembering(cache, TrustedSigners.NONE)
                .add(List.of(a.file()))
                .getFirst()
                .checkProperty()
                .get())
        .as("by other signers it is verified again")
        .isInstanceOf(LibraryEntry.Check.Done.class);

    byte[] bytes = Files.readAllBytes(a.file());
    bytes[bytes.length / 2] ^= 1;
    Files.write(a.file(), bytes);
    LibraryEntry changed = remembering(cache, trusted).add(List.of(a.file())).getFirst();
    assertThat(changed.integrity()).contains(IntegrityState.DAMAGED);
    assertThat(changed.verifiedEarlier()).isEmpty();
  }
}
