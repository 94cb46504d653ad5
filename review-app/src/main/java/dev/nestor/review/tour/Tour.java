package dev.nestor.review.tour;

import dev.nestor.evidence.archive.DecisionKind;
import dev.nestor.evidence.archive.SessionCard;
import dev.nestor.evidence.campaign.ReviewItem;
import dev.nestor.review.app.Workbench;
import dev.nestor.review.app.WorkbenchView;
import dev.nestor.review.campaign.CampaignViewModel;
import dev.nestor.review.library.LibraryEntry;
import dev.nestor.review.replay.ReplayView;
import dev.nestor.review.replay.ReplayViewModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import javafx.application.Platform;

/// Walks through the workstation as a person would, and takes a picture at each stop: library,
/// replay of an allowed, masked, held, blocked and killed statement where the archives have one,
/// the sheet of keys, a damaged archive.
///
/// Runs on a thread of its own; the window lives on the JavaFX application thread.
public final class Tour {
  private static final long PATIENCE_SECONDS = 60;
  private static final long SETTLE_MILLIS = 180;

  private final Workbench workbench;
  private final WorkbenchView view;
  private final Pictures pictures;
  private final BooleanSupplier idle;

  /// @param idle whether nothing is being read
  public Tour(Workbench workbench, WorkbenchView view, Pictures pictures, BooleanSupplier idle) {
    this.workbench = workbench;
    this.view = view;
    this.pictures = pictures;
    this.idle = idle;
  }

  /// Runs it.
  ///
  /// @param archives to show
  /// @param damaged an archive that is damaged, shown last
  /// @return names of the stops that no archive had anything for
  /// @throws IOException if a picture cannot be written or a screen is not complete in time
  public List<String> run(List<Path> archives, Optional<Path> damaged) throws IOException {
    onScreen(() -> {
      List<Path> all = new java.util.ArrayList<>(archives);
      damaged.ifPresent(all::add);
      workbench.library().add(all);
      workbench.showLibrary();
      return 0;
    });
    picture("library");
    place("search", () -> workbench.ask("decision:blocked,killed,held,masked"));
    List<String> missing = new java.util.ArrayList<>();
    for (DecisionKind kind : DecisionKind.values()) {
      String name = "replay-" + kind.word().toLowerCase(java.util.Locale.ROOT);
      if (showFirst(kind, archives.size())) {
        picture(name);
      } else {
        missing.add(name);
      }
    }
    for (DecisionKind kind : List.of(DecisionKind.MASK, DecisionKind.BLOCK)) {
      if (showFirst(kind, archives.size())) {
        forensics();
        break;
      }
    }
    place("lineage", workbench::showLineage);
    if (onScreen(() -> workbench.lineage().noGraph().isEmpty())) {
      place("lineage-graph", workbench.lineage()::toggleGraph);
      onScreen(() -> {
        workbench.lineage().toggleGraph();
        return 0;
      });
    } else {
      missing.add("lineage-graph");
    }
    place("credentials", workbench::showCredentials);
    place("review", workbench::prepareReview);
    place("review-groups", workbench.campaign()::groupNext);
    onScreen(() -> {
      decideAll(workbench.campaign());
      view.openSignOff();
      return 0;
    });
    picture("sign-off");
    onScreen(() -> {
      view.closeDialogs();
      view.openPreferences();
      return 0;
    });
    picture("preferences");
    onScreen(() -> {
      view.closeDialogs();
      return 0;
    });
    onScreen(() -> {
      view.openKeys();
      return 0;
    });
    picture("keys");
    onScreen(() -> {
      view.closeDialogs();
      return 0;
    });
    if (damaged.isPresent()) {
      onScreen(() -> {
        List<LibraryEntry> entries = workbench.library().entries();
        workbench.explain(entries.getLast());
        return 0;
      });
      picture("damaged");
    }
    return missing;
  }

  /// As the advice says, each with a comment, so that there is something to sign.
  private static void decideAll(CampaignViewModel review) {
    for (int i = 0; i < review.items().size(); i++) {
      ReviewItem item = review.items().get(i);
      review.selectedProperty().set(i);
      review.commentProperty().set("As advised.");
      review.decide(
          item.recommendation(), item.scopes().isEmpty() ? "none" : item.scopes().getFirst());
    }
  }

  private void place(String name, Runnable go) throws IOException {
    onScreen(() -> {
      go.run();
      return 0;
    });
    picture(name);
  }

  /// The bytes, their fields and the session's state; then the rule as it was.
  private void forensics() throws IOException {
    onScreen(() -> {
      view.showLayout(ReplayView.Layout.FORENSICS);
      workbench
          .replay()
          .ifPresent(replay -> {
            replay.stepFrame(true);
          });
      return 0;
    });
    picture("replay-forensics");
    onScreen(() -> {
      view.showLayout(ReplayView.Layout.READING);
      view.openRule();
      return 0;
    });
    picture("rule");
    onScreen(() -> {
      view.closeDialogs();
      return 0;
    });
  }

  private boolean showFirst(DecisionKind kind, int archives) throws IOException {
    for (int i = 0; i < archives; i++) {
      int at = i;
      Optional<SessionCard> session =
          onScreen(() -> {
            LibraryEntry entry = workbench.library().entries().get(at);
            Optional<SessionCard> found =
                entry
                    .archive()
                    .flatMap(archive ->
                        archive.sessions().stream()
                            .filter(each -> each.decisions().of(kind) > 0)
                            .max(java.util.Comparator.comparingLong(SessionCard::statements)));
            found.ifPresent(each ->
                workbench.openSession(entry, each.number(), Long.MAX_VALUE, OptionalLong.empty()));
            return found;
          });
      if (session.isPresent()) {
        settle();
        onScreen(() -> {
          workbench.replay().ifPresent(replay -> goTo(replay, kind));
          return 0;
        });
        return true;
      }
    }
    return false;
  }

  private static void goTo(ReplayViewModel replay, DecisionKind kind) {
    if (kind == DecisionKind.ALLOW) {
      replay.last();
      replay.stepTo(Set.of(kind), false);
    } else if (replay.stepTo(Set.of(kind), true) && kind == DecisionKind.MASK) {
      replay.expandLine(replay.selectedLine(), true);
    }
  }

  private void picture(String name) throws IOException {
    settle();
    onScreen(() -> {
      pictures.take(view, name);
      return 0;
    });
  }

  private void settle() throws IOException {
    long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    long quietSince = System.nanoTime();
    while (System.nanoTime() - quietSince < TimeUnit.MILLISECONDS.toNanos(SETTLE_MILLIS)) {
      if (!idle.getAsBoolean() || !onScreen(workbench::isSettled)) {
        quietSince = System.nanoTime();
      }
      if (System.nanoTime() > until) {
        throw new IOException("the screen was not complete after " + PATIENCE_SECONDS + " s");
      }
      try {
        Thread.sleep(15);
      } catch (InterruptedException e) {
        throw new IOException("interrupted", e);
      }
    }
    onScreen(() -> {
      view.applyCss();
      view.layout();
      return 0;
    });
  }

  private static <T> T onScreen(Callable<T> task) throws IOException {
    FutureTask<T> future = new FutureTask<>(task);
    Platform.runLater(future);
    try {
      return future.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException | TimeoutException e) {
      throw new IOException("the window does not answer", e);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof IOException io ? io : new IOException(e.getCause());
    }
  }
}
