package dev.nestor.review.search;

import dev.nestor.evidence.archive.EvidenceArchive;
import dev.nestor.evidence.search.ParsedQuery;
import dev.nestor.evidence.search.QueryParser;
import dev.nestor.evidence.search.Search;
import dev.nestor.evidence.search.SearchAnswer;
import dev.nestor.evidence.search.SearchHit;
import dev.nestor.evidence.search.SearchHits;
import java.io.IOException;
import java.time.ZoneId;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;

/// The question that was asked last, and what became of it.
public final class SearchViewModel {
  /// What became of it.
  public sealed interface State {
    /// Nothing was asked.
    record None() implements State {}

    /// Not understood; the box says where.
    record Wrong(String query, ParsedQuery.Wrong wrong) implements State {}

    /// Being searched.
    record Searching(String query, String readsAs) implements State {}

    /// Answered.
    record Answered(String query, SearchAnswer answer) implements State {}

    /// The archives could not be read.
    record Failed(String query, String why) implements State {}
  }

  private final Executor background;
  private final Executor fxThread;
  private final ReadOnlyObjectWrapper<State> state =
      new ReadOnlyObjectWrapper<>(this, "state", new State.None());
  private final AtomicLong asked = new AtomicLong();

  /// @param background reads archives
  /// @param fxThread runs tasks on the JavaFX application thread
  public SearchViewModel(Executor background, Executor fxThread) {
    this.background = background;
    this.fxThread = fxThread;
  }

  /// What became of the question.
  public ReadOnlyObjectProperty<State> stateProperty() {
    return state.getReadOnlyProperty();
  }

  /// The question that was asked last; empty before the first.
  public String query() {
    return switch (state.get()) {
      case State.None() -> "";
      case State.Wrong(String query, _) -> query;
      case State.Searching(String query, _) -> query;
      case State.Answered(String query, _) -> query;
      case State.Failed(String query, _) -> query;
    };
  }

  /// Asks; a question before that is still being searched is given up.
  ///
  /// @param zone of times that name none
  public void ask(String query, ZoneId zone, List<EvidenceArchive> archives) {
    long ask = asked.incrementAndGet();
    switch (QueryParser.parse(query, zone, Search.days(archives, zone))) {
      case ParsedQuery.Wrong wrong -> state.set(new State.Wrong(query, wrong));
      case ParsedQuery.Ok ok -> {
        state.set(new State.Searching(query, ok.readsAs()));
        background.execute(() -> search(query, ok, archives, ask));
      }
    }
  }

  /// Gives up the question that is being searched.
  public void stop() {
    if (state.get() instanceof State.Searching(String query, _)) {
      asked.incrementAndGet();
      state.set(new State.Failed(query, "Stopped before the end. Nothing is said about the rest."));
    }
  }

  /// The hits of an answer as rows of a list.
  ///
  /// @param arrived runs when rows have come
  /// @param spoken what a screen reader says of a hit
  HitPages pages(SearchHits hits, Runnable arrived, Function<SearchHit, String> spoken) {
    return new HitPages(hits, background, fxThread, arrived, spoken);
  }

  private void search(String query, ParsedQuery.Ok ok, List<EvidenceArchive> archives, long ask) {
    State result;
    try {
      result = new State.Answered(query, Search.ask(ok, archives, () -> asked.get() == ask));
    } catch (CancellationException e) {
      return;
    } catch (IOException | RuntimeException e) {
      result = new State.Failed(query, "The archives cannot be read: " + e.getMessage());
    }
    State done = result;
    fxThread.execute(() -> {
      if (asked.get() == ask) {
        state.set(done);
      }
    });
  }
}
