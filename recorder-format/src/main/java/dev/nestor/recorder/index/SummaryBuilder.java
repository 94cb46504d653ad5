package dev.nestor.recorder.index;

import dev.nestor.recorder.bytes.Bytes;
import dev.nestor.recorder.chunk.ChunkRow;
import dev.nestor.recorder.chunk.ChunkSession;
import dev.nestor.recorder.chunk.FrameMeta;
import dev.nestor.recorder.chunk.Lane;
import dev.nestor.recorder.event.ArchiveObject;
import dev.nestor.recorder.event.DecisionCode;
import dev.nestor.recorder.event.RecordedEvent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntFunction;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/// Counts a segment's chunks as they are written, or as they are read where no SUMMARY was written.
public final class SummaryBuilder {
  private final List<IndexEntry> index = new ArrayList<>();
  private final long[] frames = new long[Lane.COUNT];
  private final long[] byDecision = new long[5];
  private final long[] byOutcome = new long[7];
  private final Map<Long, Session> sessions = new LinkedHashMap<>();
  private final List<SummaryEvent> heads = new ArrayList<>();
  private final List<SummaryEvent> identities = new ArrayList<>();
  private final List<SummaryEvent> credentials = new ArrayList<>();
  private final Map<ArchiveObject.Plan, Occurrences> plans = new LinkedHashMap<>();
  private final TreeMap<Integer, Occurrences> sqlStates = new TreeMap<>();
  private final Density.Counter density = new Density.Counter();
  private final List<Long> checkpoints = new ArrayList<>();
  private final Map<Bytes, Long> attachments = new HashMap<>();
  private final List<Totals.Interval> missing = new ArrayList<>();
  private final Map<Statement, Open> open = new LinkedHashMap<>();
  private long gaps;
  private long tsFirst = -1;
  private long tsLast;

  private record Statement(long session, long number) {}

  /// A statement whose end was not seen yet.
  private record Open(long ts, DecisionCode decision) {}

  /// A plan of the chunk that is being counted, found once: hashing it for every row would be dear.
  private record Planned(Occurrences seen, DecisionCode decision) {}

  /// One chunk as the builder needs it.
  ///
  /// @param object the object of a number in the chunk; `null` for 0
  /// @param event the event of a frame, by its position
  public record Chunk(
      long no,
      IndexEntry entry,
      List<ChunkSession> sessions,
      List<FrameMeta> frames,
      List<ChunkRow> rows,
      LongFunction<@Nullable ArchiveObject> object,
      IntFunction<RecordedEvent> event) {}

  private static final class Occurrences {
    private long count;
    private final List<Long> chunks = new ArrayList<>();

    void add(long chunk) {
      count++;
      if (chunks.isEmpty() || chunks.getLast() != chunk) {
        chunks.add(chunk);
      }
    }
  }

  private static final class Session {
    private final ChunkSession first;
    private final long firstChunk;
    private long tsFirst = -1;
    private long tsLast;
    private long firstFrame;
    private long frames;
    private long statements;
    private long rows;
    private long bytesOut;
    private final long[] byDecision = new long[6];
    private long principal;
    private long credential;

    Session(ChunkSession first, long firstChunk) {
      this.first = first;
      this.firstChunk = firstChunk;
    }

    void frame(FrameMeta frame) {
      if (tsFirst < 0) {
        tsFirst = frame.ts();
        firstFrame = frame.no();
      }
      tsLast = Math.max(tsLast, frame.ts());
      frames++;
      bytesOut += frame.lane() == Lane.RES ? frame.storedBytes() + frame.wireDelta() : 0;
    }

    SessionTotals totals() {
      return new SessionTotals(
          first.no(),
          Math.max(tsFirst, 0),
          tsLast,
          firstFrame,
          first.framesBefore(),
          first.statementsBefore(),
          rows,
          bytesOut,
          frames,
          statements,
          byDecision[DecisionCode.MASK.code()],
          byDecision[DecisionCode.HOLD.code()],
          byDecision[DecisionCode.BLOCK.code()],
          principal,
          credential,
          firstChunk);
    }
  }

  /// Counts a chunk; chunks come in their order.
  ///
  /// @throws dev.nestor.recorder.bytes.DamageException if it cannot be decoded
  public void add(Chunk chunk) {
    index.add(chunk.entry);
    if (tsFirst < 0) {
      tsFirst = chunk.entry.tsFirst();
      density.start(tsFirst);
    }
    tsLast = Math.max(tsLast, chunk.entry.tsLast());
    for (ChunkSession session : chunk.sessions) {
      if (session.no() != 0) {
        sessions.computeIfAbsent(session.no(), _ -> new Session(session, chunk.no));
      }
    }
    long sessionNo = 0;
    @Nullable Session session = null;
    for (int i = 0; i < chunk.frames.size(); i++) {
      FrameMeta frame = chunk.frames.get(i);
      frames[frame.lane()]++;
      density.count(frame.ts(), 0);
      if (frame.session() != sessionNo) { // often the same one as before
        sessionNo = frame.session();
        session = sessions.get(sessionNo);
      }
      if (session != null) {
        session.frame(frame);
      }
      if (frame.lane() == Lane.EVT || frame.lane() == Lane.IDN) {
        event(frame, chunk.event.apply(i), session);
      }
    }
    int plans = 0;
    for (ChunkRow row : chunk.rows) {
      plans = Math.max(plans, row.plan());
    }
    @Nullable Planned[] plansHere = new Planned[plans + 1];
    for (ChunkRow row : chunk.rows) {
      row(chunk, row, plansHere, timeOf(chunk, row.anchorFrame()));
    }
  }

  /// Time of a frame; of the chunk's first one if it stands elsewhere.
  private static long timeOf(Chunk chunk, long no) {
    if (no == 0) {
      return chunk.entry.tsFirst();
    }
    long index = no - chunk.entry.firstFrame();
    if (index >= 0
        && index < chunk.frames.size()
        && chunk.frames.get((int) index).no() == no) { // no gaps: all of a version 1 writer
      return chunk.frames.get((int) index).ts();
    }
    int low = 0;
    int high = chunk.frames.size() - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      FrameMeta frame = chunk.frames.get(middle);
      if (frame.no() == no) {
        return frame.ts();
      } else if (frame.no() < no) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return chunk.entry.tsFirst();
  }

  private void event(FrameMeta frame, RecordedEvent event, @Nullable Session session) {
    SummaryEvent entry = new SummaryEvent(frame.session(), frame.no(), event);
    switch (event) {
      case RecordedEvent.Session head -> {
        heads.add(entry);
        if (session != null) {
          session.principal = head.principal();
          session.credential = head.credential();
        }
      }
      case RecordedEvent.SessionEnd _ -> heads.add(entry);
      case RecordedEvent.Principal _ -> identities.add(entry);
      case RecordedEvent.Credential _, RecordedEvent.CredentialChange _ -> credentials.add(entry);
      case RecordedEvent.Gap gap -> {
        gaps++;
        if (gap.to() > gap.from() && gap.from() > 0) {
          missing.add(new Totals.Interval(gap.from(), gap.to()));
        }
      }
      default -> {} // counted, not repeated
    }
  }

  private void row(Chunk chunk, ChunkRow row, @Nullable Planned[] plansHere, long ts) {
    Session session = sessions.get(row.session());
    @Nullable Open begun = null;
    if (!row.begins()) {
      begun = open.remove(new Statement(row.session(), row.statement()));
    } else {
      Planned planned = plansHere[row.plan()];
      if (planned == null) {
        planned = planned(chunk.object.apply(row.plan()));
        plansHere[row.plan()] = planned;
      }
      planned.seen.add(chunk.no);
      begun = new Open(ts, planned.decision);
      if (session != null) {
        session.statements++;
      }
    }
    if (row.sqlState() != 0) {
      sqlStates.computeIfAbsent(row.sqlState(), _ -> new Occurrences()).add(chunk.no);
    }
    if (!row.ends()) {
      if (begun != null) {
        open.put(new Statement(row.session(), row.statement()), begun);
      }
      return;
    }
    if (session != null) {
      session.rows += row.rows();
    }
    if (row.outcome() < byOutcome.length) {
      byOutcome[row.outcome()]++;
    }
    if (begun != null) {
      DecisionCode decision = DecisionCode.of(row.decision());
      decided(begun.ts, session, decision == DecisionCode.AS_PLANNED ? begun.decision : decision);
    }
  }

  private Planned planned(@Nullable ArchiveObject object) {
    if (!(object instanceof ArchiveObject.Plan plan)) {
      return new Planned(new Occurrences(), DecisionCode.ALLOW);
    }
    ArchiveObject.Decision decision = plan.decision();
    return new Planned(
        plans.computeIfAbsent(plan, _ -> new Occurrences()),
        decision == null ? DecisionCode.ALLOW : decision.code());
  }

  private void decided(long ts, @Nullable Session session, DecisionCode decision) {
    int code = decision.counted().code();
    byDecision[code - 1]++;
    density.count(ts, code);
    if (session != null) {
      session.byDecision[code]++;
    }
  }

  public void checkpoint(long offset) {
    checkpoints.add(offset);
  }

  public void attachment(Bytes sha256, long offset) {
    attachments.putIfAbsent(sha256, offset);
  }

  /// The summary of what was added. Statements that have not ended count as planned.
  public Summary build() {
    open.forEach(
        (statement, begun) -> decided(begun.ts, sessions.get(statement.session), begun.decision));
    open.clear();
    List<Posting<ArchiveObject.Plan>> planPostings = new ArrayList<>();
    plans.forEach((plan, seen) -> planPostings.add(new Posting<>(plan, seen.count, seen.chunks)));
    List<Posting<String>> statePostings = new ArrayList<>();
    sqlStates.forEach((state, seen) ->
        statePostings.add(new Posting<>(Summary.sqlState(state), seen.count, seen.chunks)));
    return new Summary(
        index,
        new Totals(
            Math.max(tsFirst, 0),
            tsLast,
            boxed(frames),
            boxed(byDecision),
            boxed(byOutcome),
            gaps,
            coverage()),
        sessions.values().stream().map(Session::totals).toList(),
        heads,
        planPostings,
        identities,
        credentials,
        statePostings,
        density.finish(),
        checkpoints,
        attachments);
  }

  private List<Totals.Interval> coverage() {
    List<Totals.Interval> covered = new ArrayList<>();
    if (tsFirst < 0) {
      return covered;
    }
    List<Totals.Interval> holes = new ArrayList<>(missing);
    holes.sort(java.util.Comparator.comparingLong(Totals.Interval::from));
    long from = tsFirst;
    for (Totals.Interval hole : holes) {
      if (hole.from() > from) {
        covered.add(new Totals.Interval(from, Math.min(hole.from(), tsLast)));
      }
      from = Math.max(from, hole.to());
    }
    if (from < tsLast || covered.isEmpty()) {
      covered.add(new Totals.Interval(from, tsLast));
    }
    return covered;
  }

  private static List<Long> boxed(long[] counts) {
    return Arrays.stream(counts).boxed().toList();
  }
}
