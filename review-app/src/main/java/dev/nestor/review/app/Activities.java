package dev.nestor.review.app;

import dev.nestor.review.library.LibraryEntry;
import dev.nestor.review.replay.ReplayViewModel;
import dev.nestor.review.search.SearchViewModel;
import dev.nestor.review.survey.SurveyViewModel;
import dev.nestor.review.ui.Words;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import javafx.beans.InvalidationListener;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;
import javafx.concurrent.Task;
import org.jspecify.annotations.Nullable;

/// What takes its time: archives that are opened, verified or indexed, the survey, a search, a
/// package that is written. Follows what the [Workbench] shows; lives on the JavaFX application
/// thread.
final class Activities {
  private final Workbench workbench;
  private final ObservableList<Task<?>> running = FXCollections.observableArrayList();
  private final Map<Object, Activity> followed = new LinkedHashMap<>();
  private @Nullable ReplayViewModel read;

  Activities(Workbench workbench) {
    this.workbench = workbench;
    InvalidationListener changed = _ -> follow();
    workbench.library().revisionProperty().addListener(changed);
    workbench.pageProperty().addListener(changed);
    workbench.survey().stateProperty().addListener(changed);
    workbench.search().stateProperty().addListener(changed);
    workbench.indexing().runningProperty().addListener(changed);
    workbench.packing().addListener(changed);
    follow();
  }

  /// What runs now, the oldest first.
  ObservableList<Task<?>> running() {
    return running;
  }

  private void follow() {
    hear();
    Map<Object, Activity> now = new LinkedHashMap<>();
    for (LibraryEntry entry : workbench.library().entries()) {
      if (entry.stateProperty().get() instanceof LibraryEntry.State.Opening) {
        keep(
            now,
            "open " + entry.path(),
            "Opening " + entry.name(),
            () -> workbench.library().remove(entry));
      }
      if (entry.checkProperty().get() instanceof LibraryEntry.Check.Running(double share)) {
        keep(
                now,
                "verify " + entry.path(),
                "Verifying " + entry.name(),
                () -> workbench.library().cancel(entry))
            .tell("%.0f %%".formatted(share * 100), share);
      }
    }
    if (workbench.pageProperty().get()
            instanceof Workbench.Page.Loading(LibraryEntry entry, String what)
        && !(entry.stateProperty().get() instanceof LibraryEntry.State.Opening)) {
      keep(now, "read " + entry.path(), "Reading " + entry.name(), workbench::stopReading)
          .tell(what, -1);
    }
    if (workbench.pageProperty().get()
            instanceof Workbench.Page.Replay(LibraryEntry entry, ReplayViewModel replay)
        && replay.reading().runningProperty().get()) {
      double share = replay.reading().shareProperty().get();
      keep(
              now,
              replay,
              "Reading session %s of %s"
                  .formatted(Words.number(replay.session().number()), entry.name()),
              replay.reading()::stop)
          .tell("%.0f %%".formatted(share * 100), share);
    }
    workbench
        .indexing()
        .runningProperty()
        .get()
        .ifPresent(each ->
            keep(
                    now,
                    "index " + each.entry().path(),
                    "Indexing " + each.entry().name(),
                    workbench.indexing()::stop)
                .tell(
                    "%.0f %%, once for each archive; stopped, it goes on there"
                        .formatted(each.share() * 100),
                    each.share()));
    if (workbench.survey().stateProperty().get()
        instanceof SurveyViewModel.State.Reading(int archives)) {
      keep(
              now,
              "survey",
              "Surveying " + Words.counted(archives, "archive"),
              workbench.survey()::stop)
          .tell("Credentials, lineage and findings", -1);
    }
    if (workbench.search().stateProperty().get()
        instanceof SearchViewModel.State.Searching(String query, _)) {
      keep(now, "search", "Searching", workbench.search()::stop).tell(query, -1);
    }
    workbench
        .packing()
        .getValue()
        .ifPresent(packing ->
            keep(
                    now,
                    packing.target(),
                    "Packing " + packing.target().getFileName(),
                    packing.cancel())
                .tell(
                    "%s of %s statements"
                        .formatted(Words.number(packing.done()), Words.number(packing.of())),
                    packing.of() == 0 ? -1 : (double) packing.done() / packing.of()));
    Set<Object> over = new java.util.LinkedHashSet<>(followed.keySet());
    over.removeAll(now.keySet());
    over.forEach(key -> {
      Activity done = followed.remove(key);
      if (done != null) {
        running.remove(done);
      }
    });
  }

  /// Hears of the rows of the session that is shown.
  private void hear() {
    if (workbench.pageProperty().get() instanceof Workbench.Page.Replay(_, ReplayViewModel replay)
        && !replay.equals(read)) {
      read = replay;
      replay.reading().shareProperty().addListener(_ -> follow());
      replay.reading().runningProperty().addListener(_ -> follow());
    }
  }

  private Activity keep(Map<Object, Activity> now, Object key, String title, Runnable stop) {
    Activity activity = followed.get(key);
    if (activity == null) {
      activity = new Activity(title, stop);
      followed.put(key, activity);
      running.add(activity);
    }
    now.put(key, activity);
    return activity;
  }

  /// Stands for work that runs elsewhere, in the form that the list of activities knows. It is
  /// never run itself.
  private final class Activity extends Task<Void> {
    private final Runnable stop;

    Activity(String title, Runnable stop) {
      this.stop = stop;
      updateTitle(title);
      updateProgress(-1, 1);
    }

    /// @param share from 0 to 1; below 0 where it is not known
    void tell(String text, double share) {
      updateMessage(text);
      updateProgress(share, 1);
    }

    @Override
    protected Void call() {
      throw new IllegalStateException("the work runs elsewhere");
    }

    @Override
    protected void cancelled() {
      running.remove(this); // what it stood for may still need a moment to end
      stop.run();
    }
  }
}
