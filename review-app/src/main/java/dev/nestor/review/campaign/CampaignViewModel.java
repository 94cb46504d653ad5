package dev.nestor.review.campaign;

import dev.nestor.evidence.archive.EvidenceArchive;
import dev.nestor.evidence.campaign.CampaignFile;
import dev.nestor.evidence.campaign.CampaignPreparation;
import dev.nestor.evidence.campaign.Decision;
import dev.nestor.evidence.campaign.ReviewDraft;
import dev.nestor.evidence.campaign.ReviewItem;
import dev.nestor.evidence.campaign.ReviewerKey;
import dev.nestor.evidence.campaign.SignedReview;
import dev.nestor.evidence.integrity.TrustedSigners;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import javafx.beans.property.IntegerProperty;
import javafx.beans.property.ReadOnlyLongProperty;
import javafx.beans.property.ReadOnlyLongWrapper;
import javafx.beans.property.SimpleIntegerProperty;
import javafx.beans.property.SimpleStringProperty;
import javafx.beans.property.StringProperty;

/// A review that somebody works on. Nothing is final before [#sign].
public final class CampaignViewModel {
  private final Executor background;
  private final Executor fxThread;
  private final Clock clock;
  private final Path keys;
  private final IntegerProperty selected = new SimpleIntegerProperty(this, "selected", -1);
  private final StringProperty comment = new SimpleStringProperty(this, "comment", "");
  private final StringProperty message = new SimpleStringProperty(this, "message", "");
  private final ReadOnlyLongWrapper revision = new ReadOnlyLongWrapper(this, "revision");
  private Optional<ReviewDraft> draft = Optional.empty();
  private Optional<Path> file = Optional.empty();
  private Optional<Path> signed = Optional.empty();
  private boolean busy;
  private ReviewQueue queue = ReviewQueue.of(ReviewQueue.Grouping.RISK, List.of());

  /// @param background reads and writes files
  /// @param fxThread runs tasks on the JavaFX application thread
  /// @param keys folder of the reviewer's key
  public CampaignViewModel(Executor background, Executor fxThread, Clock clock, Path keys) {
    this.background = background;
    this.fxThread = fxThread;
    this.clock = clock;
    this.keys = keys;
    selected.addListener((_, _, _) -> {
      draft.ifPresent(ReviewDraft::show);
      comment.set(item().map(this::commentOf).orElse(""));
      changed();
    });
    comment.addListener((_, _, text) -> keepTyped(text));
  }

  /// The review, once one is open.
  public Optional<ReviewDraft> draft() {
    return draft;
  }

  /// Index of the item that is shown, -1 without one.
  public IntegerProperty selectedProperty() {
    return selected;
  }

  /// What was typed as a comment.
  public StringProperty commentProperty() {
    return comment;
  }

  /// What to tell the reviewer: what is missing, what was saved.
  public StringProperty messageProperty() {
    return message;
  }

  /// Rises when anything shown has changed.
  public ReadOnlyLongProperty revisionProperty() {
    return revision.getReadOnlyProperty();
  }

  /// Whether a file is being read or written.
  public boolean isBusy() {
    return busy;
  }

  /// The signed record, once it is written.
  public Optional<Path> signed() {
    return signed;
  }

  /// The items.
  public List<ReviewItem> items() {
    return draft.map(each -> each.campaign().items()).orElse(List.of());
  }

  /// The items in the order in which they are walked through.
  ReviewQueue queue() {
    return queue;
  }

  /// Puts the items together otherwise; the item that is shown stays.
  public void groupNext() {
    queue = ReviewQueue.of(queue.grouping().next(), items());
    message.set("Queue " + queue.grouping().words() + ".");
    changed();
  }

  /// The item that is shown.
  public Optional<ReviewItem> item() {
    int at = selected.get();
    return at >= 0 && at < items().size() ? Optional.of(items().get(at)) : Optional.empty();
  }

  /// The decision on an item.
  public Optional<Decision> decision(ReviewItem item) {
    return draft.flatMap(each -> each.decision(item));
  }

  private String commentOf(ReviewItem item) {
    String typed = draft.map(each -> each.typed(item)).orElse("");
    return typed.isEmpty() ? decision(item).map(Decision::comment).orElse("") : typed;
  }

  /// What is typed outlives the process.
  private void keepTyped(String text) {
    if (draft.isEmpty() || item().isEmpty() || signed.isPresent()) {
      return;
    }
    ReviewDraft of = draft.get();
    String entered = decision(item().get()).map(Decision::comment).orElse("");
    of.type(item().get(), text.equals(entered) ? "" : text);
    background.execute(() -> {
      try {
        of.keepTyped();
      } catch (IOException e) {
        fxThread.execute(() -> message.set("What you type is not saved: " + e.getMessage()));
      }
    });
  }

  private void changed() {
    revision.set(revision.get() + 1);
  }

  /// Opens a campaign, with the draft beside it.
  public void open(Path path) {
    work(() -> {
      ReviewDraft read = ReviewDraft.beside(path, CampaignFile.read(path), clock);
      return () -> show(path, read);
    });
  }

  /// Makes a campaign from archives and opens it.
  ///
  /// @param path to write; must not exist
  public void prepare(
      String title, List<EvidenceArchive> archives, TrustedSigners trusted, Path path) {
    work(() -> {
      if (!Files.exists(path)) {
        Files.createDirectories(path.toAbsolutePath().getParent());
        CampaignFile.write(CampaignPreparation.of(title, archives, trusted, clock.instant()), path);
      }
      ReviewDraft read = ReviewDraft.beside(path, CampaignFile.read(path), clock);
      return () -> show(path, read);
    });
  }

  private void show(Path path, ReviewDraft read) {
    draft = Optional.of(read);
    file = Optional.of(path);
    queue = ReviewQueue.of(queue.grouping(), items());
    signed = Optional.of(SignedReview.beside(path)).filter(Files::exists);
    message.set("");
    int open = 0;
    while (open < items().size() - 1 && read.decision(items().get(open)).isPresent()) {
      open++;
    }
    selected.set(-1);
    selected.set(items().isEmpty() ? -1 : open);
    changed();
  }

  private interface Work {
    Runnable run() throws IOException;
  }

  private void work(Work work) {
    busy = true;
    background.execute(() -> {
      Runnable then;
      try {
        then = work.run();
      } catch (IOException | RuntimeException e) {
        then = () -> message.set(String.valueOf(e.getMessage()));
      }
      Runnable done = then;
      fxThread.execute(() -> {
        busy = false;
        done.run();
        changed();
      });
    });
  }

  /// Decides the item that is shown and goes to the next.
  ///
  /// @param detail scopes, days or a person, where the kind needs one
  public void decide(Decision.Kind kind, String detail) {
    if (signed.isPresent()) {
      message.set("This review is signed; a correction is a new review.");
      return;
    }
    item()
        .ifPresent(item -> {
          try {
            String missing =
                draft.orElseThrow().decide(item, new Decision(kind, comment.get().strip(), detail));
            message.set(missing);
            if (missing.isEmpty()) {
              message.set(kind.done() + ": " + item.title());
              step(true);
            }
          } catch (IOException e) {
            message.set("The decision could not be saved: " + e.getMessage());
          }
          changed();
        });
  }

  /// To the next item, or the one before.
  public void step(boolean forward) {
    selected.set(queue.step(selected.get(), forward));
  }

  /// Takes the last decision back.
  public void undo() {
    draft.ifPresent(each -> {
      try {
        message.set(
            signed.isPresent()
                ? "This review is signed; a correction is a new review."
                : each.undo() ? "Taken back." : "Nothing to take back.");
      } catch (IOException e) {
        message.set("It could not be taken back: " + e.getMessage());
      }
      changed();
    });
  }

  /// Says that the evidence of the item that is shown is looked at.
  public void openEvidence() {
    item()
        .ifPresent(item -> {
          try {
            draft.orElseThrow().openEvidence(item);
          } catch (IOException e) {
            message.set("It could not be written down: " + e.getMessage());
          }
          changed();
        });
  }

  /// Whether everything is decided and nothing signed yet.
  public boolean canSign() {
    return signed.isEmpty()
        && draft.filter(each -> each.decided() == each.campaign().items().size()).isPresent();
  }

  /// Signs. The key is made where there is none.
  ///
  /// @param told runs on the JavaFX thread with what went wrong; empty if it is signed
  public void sign(String reviewer, char[] passphrase, Consumer<String> told) {
    if (!canSign()) {
      told.accept("Something is undecided.");
      return;
    }
    ReviewDraft all = draft.orElseThrow();
    Path target = SignedReview.beside(file.orElseThrow());
    work(() -> {
      String wrong = "";
      try {
        ReviewerKey key = ReviewerKey.in(keys, passphrase);
        SignedReview.write(SignedReview.sign(all, key, reviewer, clock.instant()), target);
      } catch (IOException e) {
        wrong = String.valueOf(e.getMessage());
      } finally {
        java.util.Arrays.fill(passphrase, ' ');
      }
      String said = wrong;
      return () -> {
        if (said.isEmpty()) {
          signed = Optional.of(target);
          message.set("Signed: " + target);
        }
        told.accept(said);
      };
    });
  }
}
