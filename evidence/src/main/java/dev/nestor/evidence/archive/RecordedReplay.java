package dev.nestor.evidence.archive;

import dev.nestor.evidence.index.StatementBlock;
import dev.nestor.evidence.index.StatementBlock.Column;
import dev.nestor.evidence.index.StatementIndex;
import dev.nestor.evidence.integrity.VerificationProgress;
import dev.nestor.recorder.archive.Archive;
import dev.nestor.recorder.archive.Frame;
import dev.nestor.recorder.archive.Statement;
import dev.nestor.recorder.chunk.FrameMeta;
import dev.nestor.recorder.event.RecordedEvent;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.IntPredicate;
import java.util.stream.Stream;

/// A session of a recorded archive: columns of numbers for its rows, taken from the index of
/// statements; messages, texts and frames are read when they are asked for.
final class RecordedReplay implements SessionReplay {
  /// What is drawn above the rows is drawn so often while they are read.
  private static final int DRAWN_TIMES = 8;

  private final Archive archive;
  private final StatementIndex index;
  private final SessionCard session;
  private final EventText texts;
  private final SessionRows rows = new SessionRows();
  private final SessionFrames frames;
  private final Map<Long, Long> held = new ConcurrentHashMap<>();
  private final Map<Long, List<String>> votes = new ConcurrentHashMap<>();
  private final List<RecordingGap> gaps = new CopyOnWriteArrayList<>();
  private final int firstChunk;
  private final int lastChunk;
  private final Object reading = new Object();
  private int nextChunk;
  private volatile boolean whole;
  private volatile Activity activity;

  /// Reads no row yet.
  RecordedReplay(Archive archive, StatementIndex index, SessionCard session, Parties parties) {
    this.archive = archive;
    this.index = index;
    this.session = session;
    this.texts = new EventText(parties);
    int first = SessionFrames.firstChunk(archive, session.firstFrame());
    int last =
        SessionFrames.lastChunk(
            archive, first, session.ended().map(RecordedReplay::micros).orElse(0L));
    this.frames = new SessionFrames(archive, session.number(), first, last);
    this.firstChunk = first;
    this.lastChunk = last;
    this.nextChunk = first;
    this.activity = drawn();
  }

  @Override
  public boolean isWhole() {
    return whole;
  }

  @Override
  public boolean read(VerificationProgress progress) throws IOException {
    try {
      synchronized (reading) {
        int all = lastChunk - firstChunk + 1;
        int drawn = nextChunk;
        for (; nextChunk <= lastChunk; nextChunk++) {
          if (!progress.checked(nextChunk - firstChunk, all)) {
            return false;
          }
          if (archive.chunkEntry(nextChunk).mayHave(session.number())) {
            add(nextChunk, index.block(nextChunk));
          }
          if (all > DRAWN_TIMES * DRAWN_TIMES && (nextChunk - drawn) * DRAWN_TIMES > all) {
            drawn = nextChunk;
            activity = drawn();
          }
        }
        if (!whole) {
          rows.publish();
          activity = drawn();
          whole = true;
        }
        return true;
      }
    } catch (java.io.UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private void add(int chunk, StatementBlock block) {
    int[] which = block.rowsOf(session.number());
    long[] kinds = block.column(Column.KIND);
    int count = 0;
    for (int row : which) {
      if ((kinds[row] & (StatementBlock.EVENT_GAP | StatementBlock.EVENT_APPROVAL)) != 0) {
        archive.frame(block.get(Column.ANCHOR, row)).flatMap(Frame::event).ifPresent(this::take);
      }
      if (kinds[row] == 0 || (kinds[row] & StatementBlock.EVENT_SHOWN) != 0) {
        which[count++] = row;
      }
    }
    int before = rows.added();
    int statementsBefore = rows.addedStatements();
    rows.add(chunk, block, which, count);
    rows.publish(before, statementsBefore);
  }

  private void take(RecordedEvent event) {
    switch (event) {
      case RecordedEvent.ApprovalEnd end -> held.put(end.statement(), end.heldMicros());
      case RecordedEvent.ApprovalVote vote ->
          votes.merge(
              vote.statement(),
              List.of(texts.vote(vote)),
              (first, later) -> Stream.concat(first.stream(), later.stream()).toList());
      case RecordedEvent.Gap gap ->
          gaps.add(
              new RecordingGap(
                  Instants.of(gap.from()),
                  Instants.of(gap.to()),
                  EventText.words(gap.cause()),
                  gap.frames()));
      default -> {}
    }
  }

  private Activity drawn() {
    long from = micros(session.started());
    long to = Math.max(from + 1, session.ended().map(RecordedReplay::micros).orElse(from + 1));
    int[] bins = new int[Activity.BINS];
    if (nextChunk == firstChunk && !whole && nextChunk <= lastChunk) {
      return new Activity(from, to, Arrays.stream(bins).boxed().toList(), List.of(), List.of());
    }
    if (archive.frameCount() < StatementIndex.FRAMES_MIN) {
      try (Stream<Frame> all = archive.frames(session.number(), session.firstFrame())) {
        all.forEach(frame -> bins[bin(frame.meta(), from, to)]++);
      }
    } else { // a statement is, near enough, what was asked and what was answered
      for (int row = 0; row < rows.size(); row++) {
        bins[bin(rows.time(row), from, to)] += rows.isStatement(row) ? 2 : 1;
      }
    }
    return new Activity(from, to, Arrays.stream(bins).boxed().toList(), marks(), gaps);
  }

  private static int bin(FrameMeta meta, long from, long to) {
    return bin(meta.ts(), from, to);
  }

  private static int bin(long at, long from, long to) {
    int bin = (int) ((double) (at - from) / (to - from) * (Activity.BINS - 1));
    return Math.clamp(bin, 0, Activity.BINS - 1);
  }

  private List<Activity.Mark> marks() {
    Map<DecisionKind, Integer> room = new EnumMap<>(DecisionKind.class);
    for (int row = 0; row < rows.size(); row++) {
      if (isException(row)) {
        room.merge(rows.decision(row), 1, Integer::sum);
      }
    }
    int left = Activity.MARKS_MAX;
    for (DecisionKind kind : List.of(DecisionKind.values()).reversed()) {
      int most = left;
      left -= room.merge(kind, 0, (count, _) -> Math.min(count, most));
    }
    List<Activity.Mark> marks = new ArrayList<>();
    for (int row = 0; row < rows.size(); row++) {
      if (isException(row) && room.merge(rows.decision(row), -1, Integer::sum) >= 0) {
        marks.add(new Activity.Mark(rows.time(row), rows.decision(row), row));
      }
    }
    return marks;
  }

  private boolean isException(int row) {
    return rows.isStatement(row) && rows.decision(row).isException();
  }

  static long micros(java.time.Instant at) {
    return at.getEpochSecond() * 1_000_000 + at.getNano() / 1_000;
  }

  @Override
  public SessionCard session() {
    return session;
  }

  @Override
  public long size() {
    return rows.size();
  }

  private Statement statement(int row) {
    return index.statement(rows.chunk(row), rows.place(row));
  }

  private long heldMicros(int row) {
    return held.getOrDefault(rows.number(row), 0L);
  }

  /// Last frame of a statement: that of its message, or of its last answer.
  private long lastFrame(int row) {
    return Math.max(
        rows.frame(row), index.block(rows.chunk(row)).get(Column.END_FRAME, rows.place(row)));
  }

  @Override
  public ReplayRow row(long position) throws IOException {
    int row = Math.toIntExact(position);
    if (!rows.isStatement(row)) {
      return event(row);
    }
    Statement statement = statement(row);
    return StatementRows.row(
        statement, new SqlTexts(archive, this).line(statement), heldMicros(row));
  }

  private ReplayRow.Event event(int row) throws IOException {
    long frame = rows.frame(row);
    return archive
        .frame(frame)
        .flatMap(Frame::event)
        .flatMap(event -> texts.row(frame, rows.time(row), event))
        .orElseThrow(() -> new IOException("frame " + frame + " cannot be read"));
  }

  @Override
  public SessionState stateAt(long frame) throws IOException {
    try {
      return SessionStateReading.at(archive, session.number(), session.firstFrame(), frame);
    } catch (java.io.UncheckedIOException e) {
      throw e.getCause();
    }
  }

  @Override
  public OptionalLong positionOfFrame(long frame) {
    if (rows.size() == 0) {
      return OptionalLong.empty();
    }
    int found = lastUpTo(frame, rows::frame);
    while (found + 1 < rows.size() && groupStart(found + 1) <= frame) {
      found++; // its Parse and Bind stand before its own frame
    }
    if (found < 0) {
      return OptionalLong.of(0);
    }
    return OptionalLong.of(rows.frame(found) == frame ? found : statementOf(frame, found));
  }

  private interface Ascending {
    long at(int row);
  }

  /// The last row whose number is not above a limit, -1 for none.
  private int lastUpTo(long limit, Ascending ascending) {
    int low = 0;
    int high = rows.size() - 1;
    int found = -1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      if (ascending.at(middle) <= limit) {
        found = middle;
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return found;
  }

  /// While a statement waits, events have rows of their own: a later frame may still be its answer.
  private int statementOf(long frame, int found) {
    for (int i = found; i >= 0; i--) {
      if (rows.isStatement(i)) {
        return frame <= groupEnd(i) ? i : found;
      }
    }
    return found;
  }

  @Override
  public OptionalLong positionOfTime(long epochMicros) {
    int found = lastUpTo(epochMicros, rows::time);
    return found < 0 ? OptionalLong.empty() : OptionalLong.of(found);
  }

  @Override
  public OptionalLong next(long from, Set<DecisionKind> kinds, boolean forward) {
    return find(from, forward, row -> kinds.contains(rows.decision(row)));
  }

  @Override
  public OptionalLong nextError(long from, boolean forward) {
    return find(from, forward, rows::isError);
  }

  @Override
  public OptionalLong nextTransaction(long from, boolean forward) {
    return find(from, forward, this::beginsTransaction);
  }

  /// A statement begins a transaction if the one before it left none open.
  private boolean beginsTransaction(int row) {
    int before = statementBefore(row);
    return before < 0 || rows.leftIdle(before);
  }

  /// The last statement before a row, -1 for none.
  private int statementBefore(int row) {
    int before = row - 1;
    while (before >= 0 && !rows.isStatement(before)) {
      before--;
    }
    return before;
  }

  private OptionalLong find(long from, boolean forward, IntPredicate wanted) {
    int step = forward ? 1 : -1;
    for (long i = from + step; i >= 0 && i < rows.size(); i += step) {
      if (rows.isStatement((int) i) && wanted.test((int) i)) {
        return OptionalLong.of(i);
      }
    }
    return OptionalLong.empty();
  }

  @Override
  public OptionalLong positionOfStatement(long statement) {
    return find(-1, true, row -> rows.number(row) == statement);
  }

  @Override
  public long statements() {
    return whole ? rows.statements() : Math.max(session.statements(), rows.statements());
  }

  @Override
  public Activity activity() {
    return activity;
  }

  @Override
  public Optional<StatementDetail> detail(long position) throws IOException {
    int at = Math.toIntExact(position);
    return rows.isStatement(at)
        ? Optional.of(new StatementReading(archive, this, at, statement(at), heldMicros(at)).read())
        : Optional.empty();
  }

  @Override
  public FrameRows frames(long position) throws IOException {
    int at = Math.toIntExact(position);
    List<Long> numbers = new ArrayList<>();
    if (rows.isStatement(at)) {
      frames.between(groupStart(at) - 1, groupEnd(at)).forEach(numbers::add);
    } else {
      numbers.add(rows.frame(at));
      if (event(at).kind() == ReplayRow.EventKind.SESSION && statementBefore(at) < 0) {
        // The opening of a session is an exchange of its own.
        frames.between(0, nextStatementFrom(at) - 1).forEach(numbers::add);
        numbers.sort(Comparator.naturalOrder());
      }
    }
    return new FrameRows() {
      @Override
      public int size() {
        return numbers.size();
      }

      @Override
      public FrameRow frame(int index) throws IOException {
        long number = numbers.get(index);
        return FrameReading.row(
            archive
                .frame(number)
                .orElseThrow(() -> new IOException("frame " + number + " cannot be read")));
      }
    };
  }

  /// The statements before a row, the latest first.
  List<Statement> before(int at, int max) {
    List<Statement> found = new ArrayList<>();
    for (int i = statementBefore(at); i >= 0 && found.size() < max; i = statementBefore(i)) {
      found.add(statement(i));
    }
    return found;
  }

  /// Numbers of the message frames behind one frame, up to another.
  Iterable<Long> messageFrames(long behind, long upTo) {
    return frames.between(behind, upTo);
  }

  /// Numbers of frames from the client, from one backwards: all of the nearest, and of those
  /// farther away only what begins with Parse.
  Iterable<Long> clientFramesBack(long from, int all, int parses) {
    return frames.clientBack(from, all, parses);
  }

  private long nextStatementFrom(int at) {
    for (int i = at + 1; i < rows.size(); i++) {
      if (rows.isStatement(i)) {
        return groupStart(i);
      }
    }
    return Long.MAX_VALUE;
  }

  /// The first frame of a row: a statement's own, or that of the Parse, Bind, Describe before it
  /// which belong to no other.
  private long groupStart(int at) {
    long start = rows.frame(at);
    if (!rows.isStatement(at)) {
      return start;
    }
    int earlier = statementBefore(at);
    long behind = earlier < 0 ? 0 : lastFrame(earlier);
    for (long before = frames.before(start);
        before != SessionFrames.NONE
            && SessionFrames.isFromClient(before)
            && SessionFrames.number(before) > behind;
        before = frames.before(start)) {
      start = SessionFrames.number(before);
    }
    return start;
  }

  /// The last frame of a statement: that of its last answer, and of what the gateway sent behind it
  /// until somebody else's turn.
  private long groupEnd(int at) {
    long next = Long.MAX_VALUE;
    for (int i = at + 1; i < rows.size() && next == Long.MAX_VALUE; i++) {
      if (rows.isStatement(i)) {
        next = Math.max(rows.frame(i), rows.frame(at) + 1);
      }
    }
    long end = lastFrame(at);
    for (long behind = frames.after(end);
        behind != SessionFrames.NONE
            && !SessionFrames.isFromClient(behind)
            && SessionFrames.number(behind) < next;
        behind = frames.after(end)) {
      end = SessionFrames.number(behind);
    }
    return end;
  }

  /// Frames to the client behind a row's message, up to the next from the client.
  List<Long> answersBehind(int at) {
    List<Long> numbers = new ArrayList<>();
    for (long frame = frames.after(rows.frame(at));
        frame != SessionFrames.NONE && !SessionFrames.isFromClient(frame);
        frame = frames.after(SessionFrames.number(frame))) {
      numbers.add(SessionFrames.number(frame));
    }
    return numbers;
  }

  /// What people said of a statement that was held.
  List<String> votes(long statement) {
    return votes.getOrDefault(statement, List.of());
  }
}
