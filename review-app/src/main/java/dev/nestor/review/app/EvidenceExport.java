package dev.nestor.review.app;

import dev.nestor.evidence.archive.ArchiveCard;
import dev.nestor.evidence.archive.ReplayRow;
import dev.nestor.evidence.campaign.ReviewExhibit;
import dev.nestor.evidence.campaign.ReviewItem;
import dev.nestor.evidence.finding.Finding;
import dev.nestor.evidence.finding.StatementRef;
import dev.nestor.evidence.pack.EvidencePackage;
import dev.nestor.evidence.search.SearchAnswer;
import dev.nestor.review.credential.CredentialsViewModel;
import dev.nestor.review.library.LibraryEntry;
import dev.nestor.review.replay.ReplayViewModel;
import dev.nestor.review.replay.RowSpan;
import dev.nestor.review.search.SearchViewModel;
import dev.nestor.review.ui.Words;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;

/// Packs what a place shows as evidence: the statement of Replay, the answer of Search, the finding
/// of Credentials, the items of a review. What is packed can be checked without this program.
final class EvidenceExport {
  /// Reads what citations there are; in the background, for a selection may be large.
  interface Citations {
    List<String> read() throws IOException;
  }

  /// What goes in.
  ///
  /// @param title of it
  /// @param review the signed record of a review, where that is what goes in
  record Selection(String title, Citations source, Optional<Path> review) {
    Selection(String title, Citations source) {
      this(title, source, Optional.empty());
    }

    Selection(String title, List<String> citations) {
      this(title, () -> citations);
    }

    /// Its statements.
    List<String> citations() throws IOException {
      return source.read();
    }
  }

  private final Workbench workbench;
  private final Executor background;
  private final Executor fxThread;

  EvidenceExport(Workbench workbench, Executor background, Executor fxThread) {
    this.workbench = workbench;
    this.background = background;
    this.fxThread = fxThread;
  }

  /// What the place that is shown has selected; empty where there is nothing to pack.
  Optional<Selection> selection() {
    return switch (workbench.pageProperty().get()) {
      case Workbench.Page.Replay(LibraryEntry entry, ReplayViewModel replay) ->
          replay
              .currentProperty()
              .get()
              .flatMap(row -> entry.card().map(card -> ofReplay(replay, row, card)));
      case Workbench.Page.Search() -> ofSearch();
      case Workbench.Page.Credentials() ->
          workbench
              .credentials()
              .selectedProperty()
              .get()
              .flatMap(CredentialsViewModel.Row::finding)
              .filter(finding -> !finding.statements().isEmpty())
              .map(EvidenceExport::ofFinding);
      case Workbench.Page.Reviews() -> ofReview();
      case Workbench.Page.Library _,
          Workbench.Page.Integrity _,
          Workbench.Page.Loading _,
          Workbench.Page.NoReplay _,
          Workbench.Page.Lineage _ ->
          Optional.empty();
    };
  }

  /// The selected rows, or the one at the playhead.
  private static Selection ofReplay(ReplayViewModel replay, ReplayRow row, ArchiveCard card) {
    long session = replay.session().number();
    String start = "pgrec:%s/s/%d/f/".formatted(card.id().replace("-", ""), session);
    RowSpan span = replay.selectionProperty().get();
    String title = "Session %d of %s".formatted(session, card.name());
    return span.size() <= 1
        ? new Selection(title, List.of(start + row.frame()))
        : new Selection(
            title,
            () ->
                replay.framesOf(span, EvidencePackage.CITATIONS_MAX + 1).stream()
                    .map(frame -> start + frame)
                    .toList());
  }

  private Optional<Selection> ofSearch() {
    return workbench.search().stateProperty().get()
                instanceof SearchViewModel.State.Answered(String query, SearchAnswer answer)
            && !answer.hits().isEmpty()
        ? Optional.of(
            new Selection(
                "Statements with " + query,
                () -> answer.hits().citations(EvidencePackage.CITATIONS_MAX + 1)))
        : Optional.empty();
  }

  private static Selection ofFinding(Finding finding) {
    return new Selection(
        finding.rule() + ": " + finding.reason(),
        finding.statements().stream().map(StatementRef::citation).toList());
  }

  /// A signed review goes in as it was signed, one that is not by its statements alone.
  private Optional<Selection> ofReview() {
    Optional<Path> signed = workbench.campaign().signed();
    if (signed.isPresent()) {
      String title =
          workbench.campaign().draft().map(each -> each.campaign().title()).orElse("Review");
      return Optional.of(
          new Selection(title, () -> ReviewExhibit.of(signed.get()).citations(), signed));
    }
    LinkedHashSet<String> citations = new LinkedHashSet<>();
    for (ReviewItem item : workbench.campaign().items()) {
      item.evidence().forEach(each -> citations.add(each.citation()));
    }
    return citations.isEmpty()
        ? Optional.empty()
        : Optional.of(new Selection("Statements behind a review", List.copyOf(citations)));
  }

  /// A package that is being written.
  ///
  /// @param done of how many statements, and of how many
  /// @param cancel stops it; nothing is left at the target
  record Packing(Path target, long done, long of, Runnable cancel) {
    /// How many there are is not known until they have been read.
    static final long UNCOUNTED = 0;
  }

  /// A name for the file.
  static String fileName(Selection selection) {
    String name = selection.title().toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-");
    return name.substring(0, Math.min(60, name.length())).replaceAll("^-|-$", "") + ".zip";
  }

  private static Optional<byte[]> envelope(Selection selection) throws IOException {
    return selection.review().isPresent()
        ? ReviewExhibit.of(selection.review().get()).signed()
        : Optional.empty();
  }

  /// Writes a package in the background and says what became of it.
  void write(Selection selection, Path target) {
    List<Path> archives =
        workbench.library().entries().stream()
            .filter(entry -> entry.archive().isPresent())
            .map(LibraryEntry::path)
            .toList();
    workbench.say("Packing " + selection.title() + " …");
    AtomicBoolean goOn = new AtomicBoolean(true);
    Runnable cancel = () -> goOn.set(false);
    workbench.packing().set(Optional.of(new Packing(target, 0, Packing.UNCOUNTED, cancel)));
    background.execute(() -> {
      String said;
      try {
        EvidencePackage.Written written =
            EvidencePackage.write(
                archives,
                selection.citations(),
                selection.title(),
                envelope(selection),
                target,
                (done, all) -> {
                  if (done % 25 == 24) {
                    Packing now = new Packing(target, done, all, cancel);
                    fxThread.execute(() -> workbench.packing().set(Optional.of(now)));
                  }
                  return goOn.get();
                });
        said =
            "Packed %s with proofs: %s. Check it with java Verify.java and the recorder's key."
                .formatted(Words.counted(written.statements(), "statement"), written.path());
      } catch (CancellationException e) {
        said = "Not packed: stopped.";
      } catch (IOException | RuntimeException e) {
        said = "Not packed: " + e.getMessage();
      }
      String told = said;
      fxThread.execute(() -> {
        workbench.packing().set(Optional.empty());
        workbench.say(told);
      });
    });
  }
}
