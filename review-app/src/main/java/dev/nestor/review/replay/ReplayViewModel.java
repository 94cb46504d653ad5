package dev.nestor.review.replay;

import dev.nestor.evidence.archive.Activity;
import dev.nestor.evidence.archive.DecisionKind;
import dev.nestor.evidence.archive.FrameRow;
import dev.nestor.evidence.archive.FrameRows;
import dev.nestor.evidence.archive.ReplayRow;
import dev.nestor.evidence.archive.SessionCard;
import dev.nestor.evidence.archive.SessionReplay;
import dev.nestor.evidence.archive.SessionState;
import dev.nestor.evidence.archive.StatementDetail;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import javafx.beans.property.BooleanProperty;
import javafx.beans.property.LongProperty;
import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyBooleanWrapper;
import javafx.beans.property.ReadOnlyDoubleProperty;
import javafx.beans.property.ReadOnlyDoubleWrapper;
import javafx.beans.property.ReadOnlyLongProperty;
import javafx.beans.property.ReadOnlyLongWrapper;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.SimpleBooleanProperty;
import javafx.beans.property.SimpleLongProperty;

/// The replay of one session: where it stands, what stands there, and the ways to go on.
public final class ReplayViewModel {
  /// Gaps longer than this are skipped while playing.
  public static final Duration GAP = Duration.ofSeconds(2);

  /// Everything that was not simply allowed.
  public static final Set<DecisionKind> EXCEPTIONS =
      Set.copyOf(EnumSet.complementOf(EnumSet.of(DecisionKind.ALLOW)));

  private static final Duration SETTLE = Duration.ofMillis(60);
  private static final List<Double> SPEEDS = List.of(0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 64.0);

  /// What the panes show. A sealed type, so that no view can show two at once.
  public sealed interface Shown {
    /// Nothing yet, or an empty session.
    record Nothing() implements Shown {}

    /// A statement.
    ///
    /// @param sql its text in colour
    record OfStatement(StatementDetail detail, SqlText sql) implements Shown {}

    /// An event.
    record OfEvent(ReplayRow.Event event) implements Shown {}

    /// Something that could not be read.
    record Failed(String message) implements Shown {}
  }

  private final SessionReplay replay;
  private final Executor background;
  private final Executor fxThread;
  private final Ticker ticker;
  private final LongProperty provedFrames;
  private final RowPages pages;
  private final RowsReading reading;
  private final Expansion expansion = new Expansion();
  private final Map<Long, FrameCache> frames = new HashMap<>();

  private final ReadOnlyObjectWrapper<Playhead> playhead =
      new ReadOnlyObjectWrapper<>(this, "playhead", Playhead.NOWHERE);
  private final ReadOnlyObjectWrapper<RowSpan> selection =
      new ReadOnlyObjectWrapper<>(this, "selection", RowSpan.NONE);
  private final ReadOnlyObjectWrapper<Optional<ReplayRow>> current =
      new ReadOnlyObjectWrapper<>(this, "current", Optional.empty());
  private final ReadOnlyObjectWrapper<Shown> shown =
      new ReadOnlyObjectWrapper<>(this, "shown", new Shown.Nothing());
  private final ReadOnlyObjectWrapper<Optional<FrameRow>> frame =
      new ReadOnlyObjectWrapper<>(this, "frame", Optional.empty());
  private final ReadOnlyObjectWrapper<SessionState> state =
      new ReadOnlyObjectWrapper<>(this, "state", SessionState.unknown(0));
  private boolean stateWatched;
  private long stateAsked;
  private final ReadOnlyObjectWrapper<Activity> activity;
  private OptionalLong frameAwaited = OptionalLong.empty();
  private volatile long framesWanted = -1;
  private final ReadOnlyLongWrapper revision = new ReadOnlyLongWrapper(this, "revision");
  private final ReadOnlyBooleanWrapper playing = new ReadOnlyBooleanWrapper(this, "playing");
  private final ReadOnlyDoubleWrapper speed = new ReadOnlyDoubleWrapper(this, "speed", 1);
  private final BooleanProperty skipGaps = new SimpleBooleanProperty(this, "skipGaps", true);
  private Runnable cancelStep = () -> {};
  private Runnable cancelDetail = () -> {};
  private long detailAsked;

  /// @param provedFrames as in [#provedFramesProperty]
  /// @param background reads the archive
  /// @param fxThread runs tasks on the JavaFX application thread
  public ReplayViewModel(
      SessionReplay replay,
      long provedFrames,
      Executor background,
      Executor fxThread,
      Ticker ticker) {
    this.replay = replay;
    this.provedFrames = new SimpleLongProperty(this, "provedFrames", provedFrames);
    this.provedFrames.addListener((_, _, _) -> revision.set(revision.get() + 1));
    this.background = background;
    this.fxThread = fxThread;
    this.ticker = ticker;
    this.pages = new RowPages(replay, background, fxThread, this::rowsArrived);
    this.reading = new RowsReading(replay, background, fxThread, this::grown);
    this.activity = new ReadOnlyObjectWrapper<>(this, "activity", replay.activity());
    if (replay.size() > 0) {
      goTo(Playhead.row(0));
    }
  }

  /// The session.
  public SessionCard session() {
    return replay.session();
  }

  /// How many statements the session has.
  public long statements() {
    return replay.statements();
  }

  /// What to draw above the list; more of it while rows are read.
  public ReadOnlyObjectProperty<Activity> activityProperty() {
    return activity.getReadOnlyProperty();
  }

  /// The reading of the rows that are not there yet.
  public RowsReading reading() {
    return reading;
  }

  private void grown() {
    activity.set(replay.activity());
    if (playhead.get().position() < 0 && frameAwaited.isEmpty()) {
      first();
    }
    frameAwaited.ifPresent(this::goToFrame);
  }

  /// Where the replay stands.
  public ReadOnlyObjectProperty<Playhead> playheadProperty() {
    return playhead.getReadOnlyProperty();
  }

  /// The row at the playhead, as soon as it is read.
  public ReadOnlyObjectProperty<Optional<ReplayRow>> currentProperty() {
    return current.getReadOnlyProperty();
  }

  /// What the panes show. The content before stays until the next has been read.
  public ReadOnlyObjectProperty<Shown> shownProperty() {
    return shown.getReadOnlyProperty();
  }

  /// The frame at the playhead, for the wire pane: the chosen one, else the first of the row.
  public ReadOnlyObjectProperty<Optional<FrameRow>> frameProperty() {
    return frame.getReadOnlyProperty();
  }

  /// What the session had at the playhead; followed only while somebody watches it.
  public ReadOnlyObjectProperty<SessionState> stateProperty() {
    return state.getReadOnlyProperty();
  }

  /// Begins to follow the session's state, or stops.
  public void watchState(boolean on) {
    stateWatched = on;
    loadState();
  }

  private void loadState() {
    Optional<FrameRow> here = frame.get();
    if (!stateWatched || here.isEmpty()) {
      return;
    }
    long at = here.get().frame();
    long ask = ++stateAsked;
    background.execute(() -> {
      SessionState read;
      try {
        read = replay.stateAt(at);
      } catch (IOException | RuntimeException e) {
        read = SessionState.unknown(at);
      }
      SessionState known = read;
      fxThread.execute(() -> {
        if (ask == stateAsked) {
          state.set(known);
        }
      });
    });
  }

  /// Rises when lines have come, opened or closed.
  public ReadOnlyLongProperty revisionProperty() {
    return revision.getReadOnlyProperty();
  }

  /// Whether it goes on by itself.
  public ReadOnlyBooleanProperty playingProperty() {
    return playing.getReadOnlyProperty();
  }

  /// How fast, 1 as it happened.
  public ReadOnlyDoubleProperty speedProperty() {
    return speed.getReadOnlyProperty();
  }

  /// Whether waits over [#GAP] are cut to it while playing.
  public BooleanProperty skipGapsProperty() {
    return skipGaps;
  }

  /// Frames up to this one are proved; rows behind it carry a mark.
  public LongProperty provedFramesProperty() {
    return provedFrames;
  }

  // ---- the list ----

  /// How many lines the list has.
  public long lines() {
    return expansion.lines(replay.size());
  }

  /// A line of the list. Never waits: what is not here yet is [ReplayLine.Pending].
  public ReplayLine line(long index) {
    Expansion.Line line = expansion.line(index);
    if (line.child() >= 0) {
      FrameCache cache = frames.get(line.position());
      return cache == null
          ? new ReplayLine.Pending(line.position())
          : cache.line(line.position(), line.child());
    }
    long position = line.position();
    Optional<RowPages.Loaded> loaded = pages.row(position);
    if (loaded.isEmpty()) {
      return new ReplayLine.Pending(position);
    }
    if (loaded.get().row().isEmpty()) {
      return new ReplayLine.Unreadable(position, loaded.get().why());
    }
    ReplayRow row = loaded.get().row().get();
    boolean proved = row.frame() <= provedFrames.get();
    return switch (row) {
      case ReplayRow.Statement statement ->
          new ReplayLine.OfStatement(
              position, statement, since(position, row), expansion.isOpen(position), proved);
      case ReplayRow.Event event ->
          new ReplayLine.OfEvent(
              position, event, since(position, row), expansion.isOpen(position), proved);
    };
  }

  private Optional<Duration> since(long position, ReplayRow row) {
    if (position == 0) {
      return Optional.empty();
    }
    return pages
        .row(position - 1)
        .flatMap(RowPages.Loaded::row)
        .map(before -> Duration.between(before.at(), row.at()));
  }

  /// Index of the line at which the playhead stands, -1 in an empty session.
  public long selectedLine() {
    Playhead at = playhead.get();
    return at.position() < 0 ? -1 : expansion.index(at.position(), at.frame());
  }

  /// Goes to a line of the list.
  public void selectLine(long index) {
    if (index >= 0 && index < lines()) {
      Expansion.Line line = expansion.line(index);
      goTo(new Playhead(line.position(), line.child()));
    }
  }

  /// Takes the rows at these lines together; the playhead stays where it is.
  void selectLines(long from, long to) {
    selection.set(
        from < 0 || to < from || to >= lines()
            ? RowSpan.NONE
            : new RowSpan(expansion.line(from).position(), expansion.line(to).position()));
  }

  /// The rows that are selected together: one or none, unless somebody took more.
  public ReadOnlyObjectProperty<RowSpan> selectionProperty() {
    return selection.getReadOnlyProperty();
  }

  /// Reads where the selected statements stand; in the background.
  ///
  /// @param span of rows
  /// @param max more are not read
  /// @return the numbers of their first frames
  public List<Long> framesOf(RowSpan span, int max) throws IOException {
    return span.statements(replay, max);
  }

  /// Shows the frames of the row at a line, or hides them.
  public void expandLine(long index, boolean open) {
    Expansion.Line line = expansion.line(index);
    if (open) {
      open(line.position(), () -> {});
    } else if (expansion.isOpen(line.position())) {
      expansion.close(line.position());
      revision.set(revision.get() + 1);
      goTo(Playhead.row(line.position()));
    }
  }

  private void open(long position, Runnable then) {
    withFrames(
        position,
        cache -> {
          if (cache.size() > 0 && !expansion.isOpen(position)) {
            expansion.open(position, cache.size());
            revision.set(revision.get() + 1);
          }
          then.run();
        });
  }

  private void rowsArrived() {
    revision.set(revision.get() + 1);
    showCurrent();
  }

  // ---- moving ----

  /// Goes somewhere.
  public void goTo(Playhead to) {
    if (to.position() < 0 || to.position() >= replay.size() || to.equals(playhead.get())) {
      return;
    }
    frameAwaited = OptionalLong.empty(); // somebody goes elsewhere
    boolean sameRow = to.position() == playhead.get().position();
    playhead.set(to);
    showCurrent();
    if (!sameRow) {
      cancelDetail.run();
      long ask = ++detailAsked;
      cancelDetail = ticker.after(SETTLE, () -> loadDetail(to.position(), ask));
    }
    loadFrame(to);
  }

  private void showCurrent() {
    long position = playhead.get().position();
    if (position >= 0) {
      pages.row(position).flatMap(RowPages.Loaded::row).ifPresent(r -> current.set(Optional.of(r)));
    }
  }

  /// To the next row, or the one before.
  public void stepStatement(boolean forward) {
    goTo(Playhead.row(playhead.get().position() + (forward ? 1 : -1)));
  }

  /// To the next frame, or the one before; opens the statement that it belongs to.
  public void stepFrame(boolean forward) {
    Playhead at = playhead.get();
    if (at.position() < 0) {
      return;
    }
    if (!forward && at.frame() <= 0) {
      if (at.position() > 0) {
        long before = at.position() - 1;
        open(before, () -> goTo(new Playhead(before, frameCount(before) - 1)));
      }
      return;
    }
    open(
        at.position(),
        () -> {
          int next = at.frame() + (forward ? 1 : -1);
          if (next < frameCount(at.position())) {
            goTo(new Playhead(at.position(), next));
          } else if (at.position() + 1 < replay.size()) {
            long after = at.position() + 1;
            open(after, () -> goTo(new Playhead(after, frameCount(after) > 0 ? 0 : -1)));
          }
        });
  }

  private int frameCount(long position) {
    FrameCache cache = frames.get(position);
    return cache == null ? 0 : cache.size();
  }

  /// To the next statement with one of these decisions, or the one before.
  ///
  /// @return whether there is one
  public boolean stepTo(Set<DecisionKind> kinds, boolean forward) {
    return go(replay.next(playhead.get().position(), kinds, forward));
  }

  /// To the next error, or the one before.
  ///
  /// @return whether there is one
  public boolean stepError(boolean forward) {
    return go(replay.nextError(playhead.get().position(), forward));
  }

  /// To the next transaction, or the one before.
  ///
  /// @return whether there is one
  public boolean stepTransaction(boolean forward) {
    return go(replay.nextTransaction(playhead.get().position(), forward));
  }

  /// To the first row.
  public void first() {
    goTo(Playhead.row(0));
  }

  /// To the last row.
  public void last() {
    goTo(Playhead.row(replay.size() - 1));
  }

  /// To the row that a frame belongs to.
  ///
  /// @return whether the session has it
  public boolean goToFrame(long frameNumber) {
    OptionalLong position = replay.positionOfFrame(frameNumber);
    boolean behind = position.isEmpty() || position.getAsLong() == replay.size() - 1;
    if (behind && !replay.isWhole()) {
      frameAwaited = OptionalLong.of(frameNumber); // its row may still come
      return true;
    }
    frameAwaited = OptionalLong.empty();
    position.ifPresent(at ->
        withFrames(
            at,
            cache -> {
              int index = cache.indexOf(frameNumber);
              if (index > 0) {
                open(at, () -> goTo(new Playhead(at, index)));
              } else {
                goTo(Playhead.row(at));
              }
            }));
    return position.isPresent();
  }

  /// To the statement with a number.
  ///
  /// @return whether the session has it
  public boolean goToStatement(long statement) {
    return go(replay.positionOfStatement(statement));
  }

  /// To the last row that begins at a time or before it.
  ///
  /// @return whether there is one
  public boolean goToTime(Instant time) {
    return go(replay.positionOfTime(time.getEpochSecond() * 1_000_000 + time.getNano() / 1_000));
  }

  private boolean go(OptionalLong position) {
    position.ifPresent(at -> goTo(Playhead.row(at)));
    return position.isPresent();
  }

  // ---- playing ----

  /// Starts or stops.
  public void playOrPause() {
    if (playing.get()) {
      pause();
    } else if (playhead.get().position() + 1 < replay.size()) {
      playing.set(true);
      schedule();
    }
  }

  /// Stops.
  public void pause() {
    cancelStep.run();
    playing.set(false);
  }

  /// Faster or slower by one step.
  public void changeSpeed(boolean faster) {
    int at = SPEEDS.indexOf(speed.get());
    speed.set(SPEEDS.get(Math.clamp(at + (faster ? 1 : -1), 0, SPEEDS.size() - 1)));
  }

  private void schedule() {
    long position = playhead.get().position();
    if (position + 1 >= replay.size()) {
      playing.set(false);
      return;
    }
    Optional<ReplayRow> here = pages.row(position).flatMap(RowPages.Loaded::row);
    Optional<ReplayRow> next = pages.row(position + 1).flatMap(RowPages.Loaded::row);
    Duration wait =
        here.isPresent() && next.isPresent()
            ? Duration.between(here.get().at(), next.get().at())
            : Duration.ofMillis(100);
    if (wait.isNegative()) {
      wait = Duration.ZERO;
    }
    if (skipGaps.get() && wait.compareTo(GAP) > 0) {
      wait = GAP;
    }
    cancelStep =
        ticker.after(
            Duration.ofNanos((long) (wait.toNanos() / speed.get())),
            () -> {
              if (playing.get()) {
                stepStatement(true);
                schedule();
              }
            });
  }

  // ---- reading ----

  private void loadDetail(long position, long ask) {
    background.execute(() -> {
      Shown answer;
      try {
        Optional<StatementDetail> detail = replay.detail(position);
        answer =
            detail.isPresent()
                ? new Shown.OfStatement(detail.get(), SqlText.of(detail.get()))
                : replay.row(position) instanceof ReplayRow.Event event
                    ? new Shown.OfEvent(event)
                    : new Shown.Nothing();
      } catch (IOException | RuntimeException e) {
        answer = new Shown.Failed("This statement cannot be read: " + e.getMessage());
      }
      Shown read = answer;
      fxThread.execute(() -> {
        if (ask == detailAsked) {
          shown.set(read);
        }
      });
    });
  }

  private void loadFrame(Playhead at) {
    framesWanted = at.position();
    withFrames(
        at.position(),
        () -> framesWanted == at.position(), // not those that somebody only passed by
        cache -> {
          if (at.equals(playhead.get())) {
            frame.set(cache.frame(Math.max(0, at.frame())));
            loadState();
          }
        });
  }

  private void withFrames(long position, Consumer<FrameCache> then) {
    withFrames(position, () -> true, then);
  }

  private void withFrames(long position, BooleanSupplier wanted, Consumer<FrameCache> then) {
    FrameCache here = frames.get(position);
    if (here != null) {
      then.accept(here);
      return;
    }
    background.execute(() -> {
      if (!wanted.getAsBoolean()) {
        return;
      }
      FrameCache cache = FrameCache.read(replay, position);
      fxThread.execute(() -> {
        if (frames.size() > 512) {
          frames.keySet().removeIf(each -> !expansion.isOpen(each));
        }
        frames.put(position, cache);
        then.accept(cache);
      });
    });
  }

  /// The frames of one row, read at once; a row with very many shows the first of them.
  private record FrameCache(List<FrameRow> rows, String why) {
    private static final int FRAMES_MAX = 2_000;

    static FrameCache read(SessionReplay replay, long position) {
      List<FrameRow> rows = new ArrayList<>();
      try {
        FrameRows all = replay.frames(position);
        for (int i = 0; i < Math.min(all.size(), FRAMES_MAX); i++) {
          rows.add(all.frame(i));
        }
        return new FrameCache(rows, "");
      } catch (IOException | RuntimeException e) {
        return new FrameCache(rows, "cannot be read: " + e.getMessage());
      }
    }

    int size() {
      return rows.size();
    }

    Optional<FrameRow> frame(int index) {
      return index < rows.size() ? Optional.of(rows.get(index)) : Optional.empty();
    }

    int indexOf(long number) {
      for (int i = 0; i < rows.size(); i++) {
        if (rows.get(i).frame() == number) {
          return i;
        }
      }
      return -1;
    }

    ReplayLine line(long position, int index) {
      return index < rows.size()
          ? new ReplayLine.OfFrame(position, index, rows.get(index))
          : new ReplayLine.Unreadable(position, why);
    }
  }
}
