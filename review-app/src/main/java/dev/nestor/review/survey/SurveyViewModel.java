package dev.nestor.review.survey;

import dev.nestor.evidence.archive.EvidenceArchive;
import dev.nestor.evidence.credential.HygieneRules;
import dev.nestor.evidence.survey.KeptSurveys;
import dev.nestor.evidence.survey.Survey;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;

/// The survey of the archives that are open. Made when a place first asks for it, and again when
/// other archives are open by then.
public final class SurveyViewModel {
  /// How far it is.
  public sealed interface State {
    /// Nothing was asked for.
    record None() implements State {}

    /// Being read.
    record Reading(int archives) implements State {}

    /// Read.
    record Ready(Survey survey) implements State {}

    /// Could not be read.
    record Failed(String why) implements State {}
  }

  private final Optional<KeptSurveys> kept;
  private final Executor background;
  private final Executor patient;
  private final Executor fxThread;
  private final ReadOnlyObjectWrapper<State> state =
      new ReadOnlyObjectWrapper<>(this, "state", new State.None());
  private List<EvidenceArchive> read = List.of();
  private Runnable reading = () -> {};
  private final AtomicLong asked = new AtomicLong();

  /// @param kept surveys that were made before
  /// @param background reads archives while somebody waits
  /// @param patient reads archives before somebody asks; may be slow
  /// @param fxThread runs tasks on the JavaFX application thread
  public SurveyViewModel(
      Optional<KeptSurveys> kept, Executor background, Executor patient, Executor fxThread) {
    this.kept = kept;
    this.background = background;
    this.patient = patient;
    this.fxThread = fxThread;
  }

  /// How far it is, and what was read.
  public ReadOnlyObjectProperty<State> stateProperty() {
    return state.getReadOnlyProperty();
  }

  /// The survey, once it is there.
  public Optional<Survey> survey() {
    return state.get() instanceof State.Ready(Survey survey)
        ? Optional.of(survey)
        : Optional.empty();
  }

  /// Stops reading; what was read so far is forgotten, and the next look reads again.
  public void stop() {
    if (state.get() instanceof State.Reading) {
      asked.incrementAndGet();
      state.set(new State.Failed("Stopped. It is read when you come here again."));
    }
  }

  /// Reads these archives unless they are what was read last. An older reading is stopped.
  public void show(List<EvidenceArchive> archives) {
    wanted(archives);
    background.execute(reading);
  }

  /// Reads them likewise, without haste: nobody asked yet. A survey that was kept is there soon.
  public void prepare(List<EvidenceArchive> archives) {
    wanted(archives);
    if (kept.isEmpty()) {
      patient.execute(reading);
      return;
    }
    Runnable wanted = reading;
    background.execute(() -> {
      boolean there = kept.flatMap(each -> each.find(archives)).isPresent();
      (there ? background : patient).execute(wanted);
    });
  }

  /// What is to be read, once, by whoever comes to it first.
  private void wanted(List<EvidenceArchive> archives) {
    if (archives.equals(read) && !(state.get() instanceof State.Failed)) {
      return;
    }
    read = List.copyOf(archives);
    long ask = asked.incrementAndGet();
    state.set(new State.Reading(archives.size()));
    AtomicBoolean begun = new AtomicBoolean();
    reading =
        () -> {
          if (!begun.getAndSet(true)) {
            read(archives, ask);
          }
        };
  }

  private void read(List<EvidenceArchive> archives, long ask) {
    State result;
    try {
      result = new State.Ready(survey(archives, ask));
    } catch (CancellationException e) {
      return;
    } catch (IOException | RuntimeException e) {
      result = new State.Failed("The archives cannot be read: " + e.getMessage());
    }
    State done = result;
    fxThread.execute(() -> {
      if (ask == asked.get()) {
        state.set(done);
      }
    });
  }

  private Survey survey(List<EvidenceArchive> archives, long ask) throws IOException {
    Optional<Survey> before = kept.flatMap(each -> each.find(archives));
    if (before.isPresent()) {
      return before.get();
    }
    Survey made =
        Survey.of(archives, HygieneRules.standard(), Optional.empty(), () -> asked.get() == ask);
    kept.ifPresent(each -> each.keep(archives, made));
    return made;
  }
}
