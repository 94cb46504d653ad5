package dev.nestor.recorder.recording;

import dev.nestor.recorder.bytes.ByteSink;
import dev.nestor.recorder.chunk.ChunkEncoder;
import dev.nestor.recorder.chunk.ChunkHeader;
import dev.nestor.recorder.chunk.ChunkRow;
import dev.nestor.recorder.chunk.ChunkSession;
import dev.nestor.recorder.chunk.FrameMeta;
import dev.nestor.recorder.chunk.Lane;
import dev.nestor.recorder.chunk.NewObjects;
import dev.nestor.recorder.event.ArchiveObject;
import dev.nestor.recorder.event.BodyCodec;
import dev.nestor.recorder.event.DecisionCode;
import dev.nestor.recorder.event.Outcome;
import dev.nestor.recorder.event.RecordedEvent;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The chunk that is being filled.
final class OpenChunk {
  private static final int ROWS_SEAL = 60_000;
  private static final int OBJECTS_SEAL = 60_000;
  private static final int SESSIONS_SEAL = 60_000;
  private static final ArchiveObject.Text NO_TAG = new ArchiveObject.Text("");

  final long no;
  final long firstFrame;
  final long firstStatement;
  private final List<FrameMeta> frames = new ArrayList<>();
  private final Map<Integer, RecordedEvent> events = new HashMap<>();
  private final ByteSink cmd;
  private final ByteSink res;
  private final ByteSink evt;
  private final ByteSink idn;
  private final Map<Long, Local> sessions = new LinkedHashMap<>();
  private final NewObjects objects = new NewObjects();
  private int[] numbersByTableId = new int[64];
  private final List<ChunkRow> ends = new ArrayList<>();
  private final List<Begun> begun = new ArrayList<>();
  private int exceptions;

  /// A session in this chunk.
  static final class Local {
    private final OpenChunk chunk;
    private final SessionContext context;
    private final ChunkSession entry;
    private final List<FrameMeta> frames = new ArrayList<>();
    private long[] resultBytesBehind = new long[16];

    /// By statement number, from the first that begins here; `null` once it has ended.
    private final List<@Nullable Begun> begun = new ArrayList<>();

    Local(SessionContext context, OpenChunk open) {
      long chunk = open.no;
      this.chunk = open;
      this.context = context;
      this.entry =
          new ChunkSession(
              context.no,
              context.frames,
              context.statements,
              context.fullStateChunk < 0 ? 0 : chunk - context.fullStateChunk);
    }

    private void add(FrameMeta frame) {
      if (resultBytesBehind.length == frames.size()) {
        resultBytesBehind = Arrays.copyOf(resultBytesBehind, frames.size() * 2);
      }
      resultBytesBehind[frames.size()] = context.resultBytes;
      frames.add(frame);
    }

    /// Takes a statement that began in this chunk and has not ended.
    private @Nullable Begun takeBegun(long statement) {
      long index = statement - entry.statementsBefore() - 1;
      return index < 0 || index >= begun.size() ? null : begun.set((int) index, null);
    }

    /// The frame of a sequence, if it is in this chunk.
    @Nullable FrameMeta frame(long sequence) {
      long index = sequence - entry.framesBefore() - 1;
      return index < 0 || index >= frames.size() ? null : frames.get((int) index);
    }

    /// The session's RES bytes when a frame was complete.
    long resultBytesAt(long sequence) {
      long index = sequence - entry.framesBefore() - 1;
      return index < 0 || index >= frames.size()
          ? context.resultBytesAt(sequence)
          : resultBytesBehind[(int) index];
    }
  }

  /// A statement that began in this chunk.
  private static final class Begun {
    private final Local local;
    private final long statement;
    private final RowStart start;
    private final long anchorFrame;
    private final int plan;
    private final DecisionCode planned;
    private final int inputs;
    private final long resultBytesAtAnchor;
    private @Nullable RowEnd end;
    private long endFrame;
    private int tag;
    private int mask;
    private long bytesDelta;

    Begun(
        Local local,
        long statement,
        RowStart start,
        long anchorFrame,
        int plan,
        DecisionCode planned,
        int inputs,
        long resultBytesAtAnchor) {
      this.local = local;
      this.statement = statement;
      this.start = start;
      this.anchorFrame = anchorFrame;
      this.plan = plan;
      this.planned = planned;
      this.inputs = inputs;
      this.resultBytesAtAnchor = resultBytesAtAnchor;
    }

    ChunkRow row() {
      boolean late = anchorFrame == 0;
      RowEnd known = end;
      int state =
          known == null
              ? (late ? ChunkRow.BEGUN_LATE : ChunkRow.BEGUN)
              : (late ? ChunkRow.WHOLE_LATE : ChunkRow.WHOLE);
      return new ChunkRow(
          state,
          local.context.no,
          statement,
          start.anchorFrame(),
          anchorFrame,
          start.message(),
          start.part(),
          plan,
          known == null ? 0 : known.decision().code(),
          endFrame,
          known == null ? 0 : known.message(),
          known == null ? 0 : known.rows(),
          known == null ? 0 : known.outcome().code(),
          tag,
          known == null ? 0 : SqlState.toBase36(known.sqlState()),
          known == null ? 0 : known.transaction().code(),
          octave(start.decideMicros()),
          bytesDelta,
          start.continues(),
          inputs,
          start.credential(),
          mask);
    }
  }

  /// Memory for a chunk's lanes, which the next chunk takes over.
  record Memory(ByteSink cmd, ByteSink res, ByteSink evt, ByteSink idn) {
    Memory() {
      this(new ByteSink(1 << 12), new ByteSink(1 << 16), new ByteSink(1 << 10), new ByteSink());
    }
  }

  /// @param memory of a chunk before that is encoded, or new
  OpenChunk(long no, long firstFrame, long firstStatement, Memory memory) {
    this.cmd = memory.cmd.clear();
    this.res = memory.res.clear();
    this.evt = memory.evt.clear();
    this.idn = memory.idn.clear();
    this.no = no;
    this.firstFrame = firstFrame;
    this.firstStatement = firstStatement;
  }

  boolean isEmpty() {
    return frames.isEmpty() && begun.isEmpty() && ends.isEmpty() && objects.stored().isEmpty();
  }

  long rawBytes() {
    return (long) cmd.size() + res.size() + evt.size() + idn.size() + objects.bytes();
  }

  /// True if a count comes near its limit.
  boolean isCrowded() {
    return begun.size() + ends.size() >= ROWS_SEAL
        || objects.stored().size() >= OBJECTS_SEAL
        || sessions.size() >= SESSIONS_SEAL;
  }

  int frameCount() {
    return frames.size();
  }

  int begunCount() {
    return begun.size();
  }

  void frame(
      SessionContext context,
      int lane,
      long ts,
      ByteBuffer content,
      int type,
      int messages,
      int flags,
      long wireDelta) {
    Local local = local(context);
    int bytes = content.remaining();
    (lane == Lane.CMD ? cmd : res).bytes(content);
    if (lane == Lane.RES) {
      context.resultBytes += bytes;
    }
    add(local, lane, ts, bytes, type, messages, flags, wireDelta);
  }

  void event(SessionContext context, long ts, RecordedEvent event) {
    Local local = local(context);
    int lane = event.lane();
    byte[] body = BodyCodec.encode(event, objects);
    (lane == Lane.IDN ? idn : evt).bytes(body);
    events.put(frames.size(), event);
    if (event instanceof RecordedEvent.Gap) {
      exceptions |= ChunkHeader.GAP;
    } else if (event instanceof RecordedEvent.Finding) {
      exceptions |= ChunkHeader.FINDING;
    }
    add(local, lane, ts, body.length, BodyCodec.kindOf(event), 0, 0, 0);
  }

  private void add(
      Local local, int lane, long ts, int bytes, int type, int messages, int flags, long wire) {
    SessionContext context = local.context;
    FrameMeta frame =
        new FrameMeta(
            firstFrame + frames.size(),
            context.no,
            ++context.frames,
            lane,
            ts,
            bytes,
            type,
            messages,
            flags,
            wire);
    frames.add(frame);
    local.add(frame);
  }

  void mention(ArchiveObject object) {
    objects.numberOf(object);
  }

  /// Begins a statement.
  ///
  /// @throws IllegalStateException if the anchor is no frame of the client, or the number is not
  ///   the session's next
  void decided(
      SessionContext context,
      long statement,
      RowStart row,
      ArchiveObject.Plan plan,
      ArchiveObject.@Nullable Inputs inputs) {
    Local local = local(context);
    if (statement != context.statements + 1) {
      throw new IllegalStateException(
          "statement "
              + statement
              + " of session "
              + context.no
              + " (expected: "
              + (context.statements + 1)
              + ")");
    }
    FrameMeta anchor = local.frame(row.anchorFrame());
    if ((anchor == null
            && (row.anchorFrame() < 1 || row.anchorFrame() > local.entry.framesBefore()))
        || (anchor != null && anchor.lane() != Lane.CMD)) {
      throw new IllegalStateException(
          "statement "
              + statement
              + " of session "
              + context.no
              + ": frame "
              + row.anchorFrame()
              + " is no message of the client");
    }
    context.statements++;
    ArchiveObject.Decision decision = plan.decision();
    DecisionCode planned = decision == null ? DecisionCode.ALLOW : decision.code();
    Begun each =
        new Begun(
            local,
            statement,
            row,
            anchor == null ? 0 : anchor.no(),
            number(row.planId(), plan),
            planned,
            inputs == null ? 0 : number(row.inputsId(), inputs),
            local.resultBytesAt(row.anchorFrame()));
    begun.add(each);
    local.begun.add(each);
  }

  /// Ends a statement.
  ///
  /// @return false if the statement is unknown: nothing was noted
  boolean ended(
      SessionContext context,
      long statement,
      RowEnd row,
      ArchiveObject.@Nullable Text tag,
      ArchiveObject.@Nullable Mask mask) {
    Local local = local(context);
    Begun here = local.takeBegun(statement);
    SessionContext.OpenStatement earlier =
        context.open.isEmpty() ? null : context.open.remove(statement);
    if (here == null && earlier == null) {
      if (statement < 1 || statement > local.entry.statementsBefore()) {
        return false;
      }
      // It began in an earlier segment, which recovery does not look into for this.
      earlier = new SessionContext.OpenStatement(0, context.resultBytes, DecisionCode.ALLOW);
    }
    boolean answered = row.outcome().code() <= Outcome.SUSPENDED.code();
    long anchorSequence =
        here != null ? here.start.anchorFrame() : earlier != null ? earlier.anchorSequence() : 0;
    FrameMeta end = answered ? endFrame(local, row.endFrame(), anchorSequence) : null;
    int tagNumber = 0;
    if (row.outcome() == Outcome.COMPLETE) {
      tagNumber =
          tag != null ? number(row.tagId(), tag) : here != null ? objects.numberOf(NO_TAG) : 0;
    }
    int maskNumber = mask == null ? 0 : number(row.maskId(), mask);
    long resultBytesAtAnchor =
        here != null
            ? here.resultBytesAtAnchor
            : earlier != null ? earlier.resultBytesAtAnchor() : 0;
    long delta =
        end == null
            ? row.bytes()
            : row.bytes() - (local.resultBytesAt(end.sequence()) - resultBytesAtAnchor);
    if (here == null && earlier != null) {
      count(
          row.decision() == DecisionCode.AS_PLANNED ? earlier.planned() : row.decision(),
          row.outcome());
      ends.add(end(context, statement, row, end, tagNumber, maskNumber, delta));
      return true;
    }
    if (here != null) {
      if (answered && end == null) {
        // The caller broke the order of frames and ends: no frame can be named, so it stays without
        // an end.
        context.open.put(
            statement,
            new SessionContext.OpenStatement(
                here.start.anchorFrame(), here.resultBytesAtAnchor, here.planned));
        return true;
      }
      here.end = row;
      here.endFrame = end == null ? 0 : end.no();
      here.tag = tagNumber;
      here.mask = maskNumber;
      here.bytesDelta = delta;
    }
    return true;
  }

  /// The object's number here. Looked up by its number in the recorder's table: a plan is a deep
  /// value, and hashing it for every execution would cost more than all else about a row.
  private int number(int tableId, ArchiveObject object) {
    if (tableId == 0) {
      return objects.numberOf(object);
    }
    if (tableId >= numbersByTableId.length) {
      numbersByTableId = Arrays.copyOf(numbersByTableId, Math.max(tableId + 1, tableId * 2));
    }
    int known = numbersByTableId[tableId];
    if (known == 0) {
      known = objects.numberOf(object);
      numbersByTableId[tableId] = known;
    }
    return known;
  }

  private static ChunkRow end(
      SessionContext context,
      long statement,
      RowEnd row,
      @Nullable FrameMeta end,
      int tag,
      int mask,
      long delta) {
    return new ChunkRow(
        ChunkRow.END,
        context.no,
        statement,
        0,
        0,
        0,
        0,
        0,
        row.decision().code(),
        end == null ? 0 : end.no(),
        row.message(),
        row.rows(),
        row.outcome().code(),
        tag,
        SqlState.toBase36(row.sqlState()),
        row.transaction().code(),
        0,
        delta,
        0,
        0,
        0,
        mask);
  }

  /// The frame that was named, or else the session's last frame behind the anchor.
  private static @Nullable FrameMeta endFrame(Local local, long sequence, long anchorSequence) {
    FrameMeta named = local.frame(sequence);
    if (named != null && sequence > anchorSequence) {
      return named;
    }
    FrameMeta last = local.frames.isEmpty() ? null : local.frames.getLast();
    return last != null && last.sequence() > anchorSequence ? last : null;
  }

  private void count(DecisionCode decision, Outcome outcome) {
    exceptions |=
        switch (decision.counted()) {
          case MASK -> ChunkHeader.MASKED;
          case HOLD -> ChunkHeader.HELD;
          case BLOCK -> ChunkHeader.BLOCKED;
          case KILL -> ChunkHeader.KILLED;
          default -> 0;
        };
    exceptions |= outcome == Outcome.ERROR ? ChunkHeader.ERROR : 0;
  }

  private Local local(SessionContext context) {
    Local known = context.local;
    if (known == null || known.chunk != this) {
      known = new Local(context, this);
      context.local = known;
      sessions.put(context.no, known);
    }
    return known;
  }

  private static int octave(long micros) {
    int octave = 0;
    while (octave < 48 && micros >= 16L << octave) {
      octave++;
    }
    return octave;
  }

  /// What is to be encoded; the sessions remember what later chunks need.
  ///
  /// @param ts time of a chunk without frames
  ChunkEncoder.Content close(long ts) {
    List<ChunkRow> rows = new ArrayList<>(ends);
    for (Begun each : begun) {
      RowEnd end = each.end;
      count(
          end == null || end.decision() == DecisionCode.AS_PLANNED ? each.planned : end.decision(),
          end == null ? Outcome.COMPLETE : end.outcome());
      if (end == null) {
        each.local.context.open.putIfAbsent(
            each.statement,
            new SessionContext.OpenStatement(
                each.start.anchorFrame(), each.resultBytesAtAnchor, each.planned));
      }
      rows.add(each.row());
    }
    for (Local local : sessions.values()) {
      local.context.local = null; // an idle session must not keep this chunk alive
      for (int i = 0; i < local.frames.size(); i++) {
        if (local.frames.get(i).lane() == Lane.CMD) {
          local.context.rememberAnchor(local.frames.get(i).sequence(), local.resultBytesBehind[i]);
        }
      }
    }
    return new ChunkEncoder.Content(
        no,
        firstFrame,
        ts,
        frames,
        cmd,
        res,
        evt,
        idn,
        sessions.values().stream().map(local -> local.entry).toList(),
        objects.stored(),
        rows,
        firstStatement,
        exceptions);
  }

  /// The object of a number in this chunk; `null` for 0.
  @Nullable ArchiveObject object(long number) {
    return number == 0 ? null : objects.object(number);
  }

  /// The event of a frame.
  RecordedEvent event(int frameIndex) {
    RecordedEvent event = events.get(frameIndex);
    if (event == null) {
      throw new IllegalArgumentException("frame " + frameIndex + " is no event");
    }
    return event;
  }
}
