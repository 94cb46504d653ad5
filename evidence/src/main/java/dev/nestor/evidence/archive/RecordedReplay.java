package dev.nestor.evidence.archive;

import dev.nestor.recorder.archive.Archive;
import dev.nestor.recorder.archive.Frame;
import dev.nestor.recorder.archive.Statement;
import dev.nestor.recorder.chunk.FrameMeta;
import dev.nestor.recorder.chunk.Lane;
import dev.nestor.recorder.event.RecordedEvent;
import dev.nestor.recorder.event.TransactionStatus;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;

/// A session of a recorded archive. Made by one walk over the chunks that have the session; keeps
/// what the rows need and the numbers of the session's frames, reads messages when asked.
final class RecordedReplay implements SessionReplay {
  private static final long CLIENT = 1L << 63;
  private static final long PARSE = 1L << 62;
  private static final long NUMBER = PARSE - 1;

  /// A row of the list.
  private sealed interface Entry {
    long frame();

    record Ran(Statement statement, long heldMicros) implements Entry {
      @Override
      public long frame() {
        return statement.anchorFrame();
      }

      DecisionKind decision() {
        return Decisions.kind(statement.counted());
      }
    }

    record Happened(ReplayRow.Event row) implements Entry {
      @Override
      public long frame() {
        return row.frame();
      }
    }
  }

  private final Archive archive;
  private final SessionCard session;
  private final List<Entry> entries = new ArrayList<>();
  private final Map<Long, List<String>> votes = new HashMap<>();

  /// Numbers of the session's message frames, with two bits: from the client, begins with Parse.
  private long[] messageFrames = new long[256];

  private int messageFrameCount;
  private final Activity activity;

  RecordedReplay(Archive archive, SessionCard session, Parties parties) {
    this.archive = archive;
    this.session = session;
    EventText texts = new EventText(parties);
    Map<Long, Long> held = new HashMap<>();
    int[] bins = new int[Activity.BINS];
    long from = micros(session.started());
    long to = Math.max(from + 1, session.ended().map(RecordedReplay::micros).orElse(from + 1));
    List<RecordingGap> gaps = new ArrayList<>();
    try (Stream<Frame> frames = archive.frames(session.number(), session.firstFrame())) {
      frames.forEach(frame -> {
        FrameMeta meta = frame.meta();
        int bin = (int) ((double) (meta.ts() - from) / (to - from) * (Activity.BINS - 1));
        bins[Math.clamp(bin, 0, Activity.BINS - 1)]++;
        if (frame.isEvent()) {
          frame.event().ifPresent(event -> add(texts, meta, event, held, gaps));
        } else {
          addMessages(meta);
        }
      });
    }
    try (Stream<Statement> statements = archive.statements(session.number())) {
      statements.forEach(
          each -> entries.add(new Entry.Ran(each, held.getOrDefault(each.number(), 0L))));
    }
    entries.sort(
        Comparator.comparingLong(Entry::frame)
            .thenComparingLong(e -> e instanceof Entry.Ran(Statement s, _) ? s.number() : 0));
    activity = new Activity(from, to, Arrays.stream(bins).boxed().toList(), marks(), gaps);
  }

  private void add(
      EventText texts,
      FrameMeta meta,
      RecordedEvent event,
      Map<Long, Long> held,
      List<RecordingGap> gaps) {
    if (event instanceof RecordedEvent.ApprovalEnd end) {
      held.put(end.statement(), end.heldMicros());
    }
    if (event instanceof RecordedEvent.ApprovalVote vote) {
      votes.computeIfAbsent(vote.statement(), _ -> new ArrayList<>()).add(texts.vote(vote));
    }
    if (event instanceof RecordedEvent.Gap gap) {
      gaps.add(
          new RecordingGap(
              Instants.of(gap.from()),
              Instants.of(gap.to()),
              EventText.words(gap.cause()),
              gap.frames()));
    }
    texts.row(meta.no(), meta.ts(), event).ifPresent(row -> entries.add(new Entry.Happened(row)));
  }

  private void addMessages(FrameMeta meta) {
    if (messageFrameCount == messageFrames.length) {
      messageFrames = Arrays.copyOf(messageFrames, messageFrames.length * 2);
    }
    messageFrames[messageFrameCount++] =
        meta.no()
            | (meta.lane() == Lane.CMD ? CLIENT : 0)
            | (meta.lane() == Lane.CMD && meta.type() == 'P' ? PARSE : 0);
  }

  private List<Activity.Mark> marks() {
    List<Activity.Mark> marks = new ArrayList<>();
    for (int i = 0; i < entries.size(); i++) {
      if (entries.get(i) instanceof Entry.Ran ran && ran.decision().isException()) {
        marks.add(new Activity.Mark(ran.statement().startedAt(), ran.decision(), i));
      }
    }
    if (marks.size() <= Activity.MARKS_MAX) {
      return marks;
    }
    return marks.stream()
        .sorted(Comparator.comparing(Activity.Mark::kind).reversed())
        .limit(Activity.MARKS_MAX)
        .sorted(Comparator.comparingLong(Activity.Mark::position))
        .toList();
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
    return entries.size();
  }

  @Override
  public ReplayRow row(long position) {
    return switch (entries.get(Math.toIntExact(position))) {
      case Entry.Happened(ReplayRow.Event row) -> row;
      case Entry.Ran(Statement statement, long heldMicros) ->
          StatementRows.row(statement, new SqlTexts(archive, this).line(statement), heldMicros);
    };
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
    int low = 0;
    int high = entries.size() - 1;
    int found = -1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      if (groupStart(middle) <= frame) {
        found = middle;
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    if (found < 0) {
      return entries.isEmpty() ? OptionalLong.empty() : OptionalLong.of(0);
    }
    return OptionalLong.of(entries.get(found).frame() == frame ? found : statementOf(frame, found));
  }

  /// While a statement waits, events have rows of their own: a later frame may still be its answer.
  private int statementOf(long frame, int found) {
    for (int i = found; i >= 0; i--) {
      if (entries.get(i) instanceof Entry.Ran(Statement statement, _)) {
        int last = groupTo(i) - 1;
        boolean answers =
            frame <= statement.endFrame() || (last >= 0 && frame <= (messageFrames[last] & NUMBER));
        return answers ? i : found;
      }
    }
    return found;
  }

  @Override
  public OptionalLong positionOfTime(long epochMicros) {
    long found = -1;
    for (int i = 0; i < entries.size(); i++) {
      long at =
          switch (entries.get(i)) {
            case Entry.Ran(Statement statement, _) -> statement.startedAt();
            case Entry.Happened(ReplayRow.Event row) -> micros(row.at());
          };
      if (at > epochMicros) {
        break;
      }
      found = i;
    }
    return found < 0 ? OptionalLong.empty() : OptionalLong.of(found);
  }

  @Override
  public OptionalLong next(long from, Set<DecisionKind> kinds, boolean forward) {
    return find(from, forward, ran -> kinds.contains(ran.decision()));
  }

  @Override
  public OptionalLong nextError(long from, boolean forward) {
    return find(from, forward, ran -> !ran.statement().sqlState().isEmpty());
  }

  @Override
  public OptionalLong nextTransaction(long from, boolean forward) {
    int step = forward ? 1 : -1;
    for (int i = Math.toIntExact(from) + step; i >= 0 && i < entries.size(); i += step) {
      if (entries.get(i) instanceof Entry.Ran && beginsTransaction(i)) {
        return OptionalLong.of(i);
      }
    }
    return OptionalLong.empty();
  }

  /// A statement begins a transaction if the one before it left none open.
  private boolean beginsTransaction(int at) {
    for (int i = at - 1; i >= 0; i--) {
      if (entries.get(i) instanceof Entry.Ran(Statement before, _)) {
        return before.transaction() == TransactionStatus.IDLE;
      }
    }
    return true;
  }

  private OptionalLong find(
      long from, boolean forward, java.util.function.Predicate<Entry.Ran> wanted) {
    long step = forward ? 1 : -1;
    for (long i = from + step; i >= 0 && i < entries.size(); i += step) {
      if (entries.get((int) i) instanceof Entry.Ran ran && wanted.test(ran)) {
        return OptionalLong.of(i);
      }
    }
    return OptionalLong.empty();
  }

  @Override
  public OptionalLong positionOfStatement(long statement) {
    return find(-1, true, ran -> ran.statement().number() == statement);
  }

  @Override
  public long statements() {
    return entries.stream().filter(each -> each instanceof Entry.Ran).count();
  }

  @Override
  public Activity activity() {
    return activity;
  }

  @Override
  public Optional<StatementDetail> detail(long position) throws IOException {
    int at = Math.toIntExact(position);
    return entries.get(at) instanceof Entry.Ran(Statement s, long held)
        ? Optional.of(new StatementReading(archive, this, at, s, held).read())
        : Optional.empty();
  }

  @Override
  public FrameRows frames(long position) {
    int at = Math.toIntExact(position);
    List<Long> numbers = new ArrayList<>();
    if (entries.get(at) instanceof Entry.Happened(ReplayRow.Event row)) {
      numbers.add(row.frame());
      if (row.kind() == ReplayRow.EventKind.SESSION && lastBefore(at) == 0) {
        // The opening of a session is an exchange of its own.
        long next = nextStatementFrom(at);
        for (int i = 0; i < messageFrameCount && (messageFrames[i] & NUMBER) < next; i++) {
          numbers.add(messageFrames[i] & NUMBER);
        }
        numbers.sort(Comparator.naturalOrder());
      }
    } else {
      for (int i = groupFrom(at); i < groupTo(at); i++) {
        numbers.add(messageFrames[i] & NUMBER);
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
    for (int i = at - 1; i >= 0 && found.size() < max; i--) {
      if (entries.get(i) instanceof Entry.Ran(Statement statement, _)) {
        found.add(statement);
      }
    }
    return found;
  }

  /// Numbers of the message frames behind one frame, up to another.
  List<Long> messageFrames(long behind, long upTo) {
    List<Long> numbers = new ArrayList<>();
    for (int i = firstIndexFrom(behind + 1); i < messageFrameCount; i++) {
      long number = messageFrames[i] & NUMBER;
      if (number > upTo) {
        break;
      }
      numbers.add(number);
    }
    return numbers;
  }

  /// Numbers of frames from the client, from one backwards: all of the nearest, and of those
  /// farther away only what begins with Parse.
  List<Long> clientFramesBack(long from, int all, int parses) {
    List<Long> numbers = new ArrayList<>();
    int near = 0;
    int far = 0;
    for (int i = firstIndexFrom(from + 1) - 1; i >= 0 && (near < all || far < parses); i--) {
      long frame = messageFrames[i];
      if ((frame & CLIENT) == 0) {
        continue;
      }
      if (near < all) {
        near++;
        numbers.add(frame & NUMBER);
      } else if ((frame & PARSE) != 0 && far < parses) {
        far++;
        numbers.add(frame & NUMBER);
      }
    }
    return numbers;
  }

  private int firstIndexFrom(long number) {
    int low = 0;
    int high = messageFrameCount;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if ((messageFrames[middle] & NUMBER) < number) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /// Last frame of the statements before a row.
  private long lastBefore(int at) {
    for (int i = at - 1; i >= 0; i--) {
      if (entries.get(i) instanceof Entry.Ran(Statement statement, _)) {
        return Math.max(statement.anchorFrame(), statement.endFrame());
      }
    }
    return 0;
  }

  private long nextStatementFrom(int at) {
    for (int i = at + 1; i < entries.size(); i++) {
      if (entries.get(i) instanceof Entry.Ran) {
        return groupStart(i);
      }
    }
    return Long.MAX_VALUE;
  }

  private long groupStart(int at) {
    return entries.get(at) instanceof Entry.Ran
        ? messageFrameAt(groupFrom(at), entries.get(at).frame())
        : entries.get(at).frame();
  }

  private long messageFrameAt(int index, long otherwise) {
    return index < messageFrameCount
        ? Math.min(otherwise, messageFrames[index] & NUMBER)
        : otherwise;
  }

  /// Index of the first frame of a statement: its own, or that of the Parse, Bind, Describe before
  /// it which belong to no other.
  private int groupFrom(int at) {
    long anchor = entries.get(at).frame();
    int index = firstIndexFrom(anchor);
    long before = lastBefore(at);
    while (index > 0
        && (messageFrames[index - 1] & CLIENT) != 0
        && (messageFrames[index - 1] & NUMBER) > before) {
      index--;
    }
    return index;
  }

  /// Index behind the last frame of a statement: that of its last answer, and of what the gateway
  /// sent behind it until somebody else's turn.
  private int groupTo(int at) {
    if (!(entries.get(at) instanceof Entry.Ran(Statement statement, _))) {
      return 0;
    }
    int index = firstIndexFrom(Math.max(statement.anchorFrame(), statement.endFrame()) + 1);
    while (index < messageFrameCount && (messageFrames[index] & CLIENT) == 0) {
      index++;
    }
    int next = messageFrameCount;
    for (int i = at + 1; i < entries.size(); i++) {
      if (entries.get(i) instanceof Entry.Ran(Statement later, _)) {
        next = firstIndexFrom(Math.max(later.anchorFrame(), statement.anchorFrame() + 1));
        break;
      }
    }
    long own = Math.max(statement.anchorFrame(), statement.endFrame());
    return Math.max(firstIndexFrom(own + 1), Math.min(index, next));
  }

  /// Frames to the client behind a row's message, up to the next from the client.
  List<Long> answersBehind(int at) {
    List<Long> numbers = new ArrayList<>();
    for (int i = firstIndexFrom(entries.get(at).frame() + 1);
        i < messageFrameCount && (messageFrames[i] & CLIENT) == 0;
        i++) {
      numbers.add(messageFrames[i] & NUMBER);
    }
    return numbers;
  }

  /// What people said of a statement that was held.
  List<String> votes(long statement) {
    return votes.getOrDefault(statement, List.of());
  }
}
