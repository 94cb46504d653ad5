package dev.nestor.recorder.chunk;

import dev.nestor.recorder.bytes.ByteSource;
import dev.nestor.recorder.bytes.Bytes;
import dev.nestor.recorder.bytes.DamageException;
import dev.nestor.recorder.event.ArchiveObject;
import dev.nestor.recorder.event.BodyCodec;
import dev.nestor.recorder.event.RecordedEvent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One chunk, decoded as far as it is asked for. Every method throws [DamageException] where the
/// bytes break a rule, and goes on throwing it.
///
/// **Threads.** One at a time; what was decoded once is immutable.
public final class ChunkDecoder {
  private final ChunkHeader header;
  private final byte[] body;
  private final List<ChunkObject> earlierObjects;

  private final byte[] @Nullable [] raw = new byte[Lane.COUNT] @Nullable [];
  private @Nullable Meta meta;
  private @Nullable RowColumns rowColumns;
  private @Nullable List<ChunkRow> rows;
  private @Nullable Events events;

  /// What META holds, decoded.
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Meta(
      List<ChunkSession> sessions,
      List<FrameMeta> frames,
      int[] payloadAt,
      Map<Integer, byte[]> rowColumns) {}

  /// What EVT holds before its events.
  private record Events(
      long idsBefore, List<ChunkObject> objects, int eventsFrom, StoredObjects table) {}

  /// @param body as stored, its hash or CRC checked by the caller or not
  /// @param earlierObjects objects of the chunks back to where the object table starts; empty for
  ///   dict base 0
  public ChunkDecoder(ChunkHeader header, byte[] body, List<ChunkObject> earlierObjects) {
    this.header = header;
    this.body = body;
    this.earlierObjects = earlierObjects;
  }

  public ChunkHeader header() {
    return header;
  }

  /// Whether a lane can be read.
  public LaneState state(int lane) {
    if (!header.has(lane)) {
      return LaneState.ABSENT;
    }
    LaneDescriptor descriptor = header.lanes().get(lane);
    if (descriptor.codec() == Compression.SHREDDED) {
      return LaneState.SHREDDED;
    } else if (descriptor.codec() == Compression.REDACTED_LIST) {
      return LaneState.REDACTED;
    } else if (descriptor.cipher() == 1) {
      return LaneState.LOCKED;
    } else if (descriptor.cipher() != 0 || descriptor.codec() > Compression.TRANSPOSED) {
      return LaneState.UNKNOWN_CODEC;
    }
    return LaneState.READABLE;
  }

  /// A lane's content; empty if it is absent.
  ///
  /// @throws DamageException also if the lane is not readable
  public byte[] lane(int lane) {
    byte[] known = raw[lane];
    if (known != null) {
      return known;
    }
    if (!header.has(lane)) {
      return new byte[0];
    }
    if (state(lane) != LaneState.READABLE) {
      throw new DamageException(Lane.name(lane) + ": " + state(lane));
    }
    LaneDescriptor descriptor = header.lanes().get(lane);
    int from = storedFrom(lane);
    int storedBytes = (int) descriptor.storedBytes();
    int rawBytes = (int) descriptor.rawBytes();
    int transformedBytes = (int) descriptor.transformedBytes();
    byte[] decoded =
        switch (descriptor.codec()) {
          case Compression.RAW -> {
            check(lane, storedBytes == rawBytes && rawBytes == transformedBytes);
            yield Arrays.copyOfRange(body, from, from + storedBytes);
          }
          case Compression.ZSTD -> {
            check(lane, rawBytes == transformedBytes);
            yield Compression.decompress(body, from, storedBytes, rawBytes);
          }
          default ->
              Transposition.decode(
                  Compression.decompress(body, from, storedBytes, transformedBytes), rawBytes);
        };
    raw[lane] = decoded;
    return decoded;
  }

  /// Where a lane begins in the body, which has all of it.
  private int storedFrom(int lane) {
    long at = 0;
    for (int before = 0; before < lane; before++) {
      at += header.lanes().get(before).storedBytes();
    }
    if (at + header.lanes().get(lane).storedBytes() > body.length) {
      throw new DamageException(Lane.name(lane) + ": ends behind the chunk's body");
    }
    return (int) at;
  }

  private static void check(int lane, boolean holds) {
    if (!holds) {
      throw new DamageException(Lane.name(lane) + ": lengths do not fit together");
    }
  }

  /// Checks that the lanes fill the body, and that what is behind them is zero.
  public void checkBody() {
    long bytes = 0;
    for (LaneDescriptor lane : header.lanes()) {
      bytes += lane.storedBytes();
    }
    if (body.length - bytes < 0 || body.length - bytes > 7 || body.length % 8 != 0) {
      throw new DamageException("chunk body: " + body.length + " bytes for lanes of " + bytes);
    }
    for (int at = (int) bytes; at < body.length; at++) {
      if (body[at] != 0) {
        throw new DamageException("chunk body: padding is not zero");
      }
    }
  }

  public List<ChunkSession> sessions() {
    return meta().sessions;
  }

  public List<FrameMeta> frames() {
    return meta().frames;
  }

  /// Decoded when they are first asked for: a frame is found without them.
  RowColumns rowColumns() {
    RowColumns known = rowColumns;
    if (known == null) {
      known = decodeRowColumns(meta().rowColumns);
      rowColumns = known;
    }
    return known;
  }

  public List<ChunkRow> rows() {
    List<ChunkRow> known = rows;
    if (known == null) {
      Meta decoded = meta();
      known = List.copyOf(decodeRows(decoded.sessions, decoded.frames, rowColumns()));
      rows = known;
    }
    return known;
  }

  /// A frame's stored bytes.
  ///
  /// @param index position in [#frames()]
  public byte[] payload(int index) {
    FrameMeta frame = meta().frames.get(index);
    byte[] lane = lane(frame.lane());
    int from = meta().payloadAt[index] + payloadFrom(frame.lane());
    if (from + frame.storedBytes() > lane.length) {
      throw new DamageException(Lane.name(frame.lane()) + ": shorter than its frames");
    }
    return Arrays.copyOfRange(lane, from, from + frame.storedBytes());
  }

  /// The event of a frame of lanes EVT and IDN.
  public RecordedEvent event(int index) {
    FrameMeta frame = meta().frames.get(index);
    return BodyCodec.decodeEvent(frame.type(), frame.lane(), payload(index), table());
  }

  /// The objects, in the order of their numbers, as stored; without those of earlier chunks.
  public List<ChunkObject> objects() {
    return events().objects;
  }

  /// Objects before this chunk's own in its table.
  public long objectsBefore() {
    return events().idsBefore;
  }

  /// The object of a number; `null` for 0.
  public @Nullable ArchiveObject object(long number) {
    return number == 0 ? null : table().object(number);
  }

  private StoredObjects table() {
    return events().table;
  }

  /// Decodes everything and returns the content root of what was decoded.
  ///
  /// @throws DamageException also if a lane or key is missing
  public Bytes contentRoot(LaneKeys keys) {
    byte[][] lanes = new byte[Lane.COUNT][];
    int[] payloadFrom = new int[Lane.COUNT];
    for (int lane = 0; lane < Lane.COUNT; lane++) {
      lanes[lane] = lane(lane);
      if (lane != Lane.META && header.has(lane)) {
        payloadFrom[lane] = payloadFrom(lane);
        long bytes = payloadFrom[lane];
        for (FrameMeta frame : meta().frames) {
          bytes += frame.lane() == lane ? frame.storedBytes() : 0;
        }
        check(lane, bytes == lanes[lane].length);
        if (!keys.has(lane)) {
          throw new DamageException(Lane.name(lane) + ": no key");
        }
      }
    }
    for (FrameMeta frame : meta().frames) {
      check(frame.lane(), header.has(frame.lane()));
    }
    return Leaves.contentRoot(
        header,
        lanes[Lane.META],
        meta().frames,
        lanes,
        payloadFrom,
        header.has(Lane.EVT) ? events().idsBefore : 0,
        header.has(Lane.EVT) ? events().objects : List.of(),
        rowColumns(),
        rows(),
        keys);
  }

  private int payloadFrom(int lane) {
    return switch (lane) {
      case Lane.EVT -> events().eventsFrom;
      case Lane.IDN -> {
        byte[] idn = lane(lane);
        if (idn.length < 2 || idn[0] != 0 || idn[1] != 0) {
          throw new DamageException("IDN: holds objects");
        }
        yield 2;
      }
      default -> 0;
    };
  }

  private Events events() {
    Events known = events;
    if (known != null) {
      return known;
    }
    if (!header.has(Lane.EVT)) {
      Events none = new Events(0, List.of(), 0, new StoredObjects(List.of()));
      events = none;
      return none;
    }
    ByteSource source = new ByteSource("EVT", lane(Lane.EVT));
    int bytes = source.length("|objects|");
    long idsBefore = source.varint("ids before", Limits.OBJECTS_MAX);
    if (idsBefore != earlierObjects.size()) {
      throw source.damage(idsBefore + " ids before (expected: " + earlierObjects.size() + ")");
    }
    ByteSource each = source.slice("EVT objects", bytes);
    List<ChunkObject> objects = new ArrayList<>();
    while (each.hasRemaining()) {
      int kind = each.intVarint("kind");
      int length = (int) each.varint("length", BodyCodec.BODY_BYTES_MAX);
      objects.add(new ChunkObject(kind, each.bytes(length)));
      if (objects.size() > Limits.OBJECTS_MAX) {
        throw source.damage("over 65,535 objects");
      }
    }
    List<ChunkObject> all = new ArrayList<>(earlierObjects);
    all.addAll(objects);
    Events decoded =
        new Events(idsBefore, List.copyOf(objects), source.position(), new StoredObjects(all));
    events = decoded;
    return decoded;
  }

  private Meta meta() {
    Meta known = meta;
    if (known == null) {
      known = decodeMeta();
      meta = known;
    }
    return known;
  }

  private Meta decodeMeta() {
    Map<Integer, ByteSource> columns = columns();
    int count = (int) header.frames();
    List<ChunkSession> sessions = decodeSessions(need(columns, MetaColumn.SESSIONS));
    ByteSource time = need(columns, MetaColumn.TIME);
    ByteSource place = need(columns, MetaColumn.SESSION_AND_LANE);
    ByteSource length = need(columns, MetaColumn.LENGTH);
    ByteSource type = need(columns, MetaColumn.TYPE);
    ByteSource messages = need(columns, MetaColumn.MESSAGES);
    ByteSource flags = need(columns, MetaColumn.FLAGS);
    @Nullable ByteSource gap = columns.remove(MetaColumn.FRAME_GAP);
    @Nullable ByteSource wire = columns.remove(MetaColumn.WIRE_DELTA);
    if (count > time.remaining()) {
      throw time.damage(count + " frames in " + time.remaining() + " bytes");
    }
    long[] times = time.varints(count);
    long[] places = place.varints(count);
    long[] lengths = length.varints(count);
    long[] types = type.varints(count);
    long[] messageCounts = messages.varints(count);
    long[] flagBits = flags.varints(count);
    long @Nullable [] numbers = gap == null ? null : new long[count];
    long @Nullable [] wireDeltas = wire == null ? null : new long[count];
    int[] sequences = new int[count];
    int[] payloadAt = new int[count];
    int[] laneBytes = new int[Lane.COUNT];
    int[] framesOf = new int[sessions.size()];
    long no = header.firstFrame() - 1;
    long ts = header.tsFirst();
    for (int i = 0; i < count; i++) {
      no++;
      if (gap != null && numbers != null) {
        no += gap.varint("gap", header.frameSpan());
        numbers[i] = no;
      }
      long delta = (times[i] >>> 1) ^ -(times[i] & 1);
      if (i == 0 && delta != 0) {
        throw time.damage("the first frame is not at t first");
      }
      ts += delta;
      times[i] = ts;
      long localAndLane = place.within("session", places[i], (long) Limits.SESSIONS_MAX << 3 | 7);
      int local = (int) (localAndLane >>> 3);
      int lane = (int) localAndLane & 7;
      if (local >= framesOf.length || lane == Lane.META || lane >= Lane.ORIG) {
        throw place.damage("session " + local + ", lane " + lane);
      }
      sequences[i] = ++framesOf[local];
      int bytes = (int) length.within("length", lengths[i], Limits.FRAME_BYTES_MAX);
      type.within("type", types[i], 255);
      messages.within("messages", messageCounts[i], Limits.FRAME_BYTES_MAX);
      flags.within("flags", flagBits[i], 255);
      if (wire != null && wireDeltas != null) {
        wireDeltas[i] = wire.zigzag();
      }
      payloadAt[i] = laneBytes[lane];
      laneBytes[lane] += bytes;
      if (laneBytes[lane] > Limits.CHUNK_RAW_BYTES_MAX) {
        throw length.damage("over 8 MiB");
      }
    }
    for (ByteSource source : List.of(time, place, length, type, messages, flags)) {
      source.end();
    }
    if (gap != null) {
      gap.end();
    }
    if (wire != null) {
      wire.end();
    }
    if (count > 0
        && (ts != header.tsLast() || no - header.firstFrame() + 1 != header.frameSpan())) {
      throw time.damage("does not end where the header says");
    }
    Map<Integer, byte[]> rowBytes = new HashMap<>();
    columns.forEach((id, column) -> rowBytes.put(id, column.array(column.remaining())));
    List<ChunkSession> known = List.copyOf(sessions);
    FrameTable.Columns table =
        new FrameTable.Columns(
            numbers, times, places, sequences, lengths, types, messageCounts, flagBits, wireDeltas);
    return new Meta(known, new FrameTable(known, header.firstFrame(), table), payloadAt, rowBytes);
  }

  private Map<Integer, ByteSource> columns() {
    ByteSource source = new ByteSource("META", lane(Lane.META));
    Map<Integer, ByteSource> columns = new HashMap<>();
    int before = 0;
    while (source.hasRemaining()) {
      int id = source.u8();
      if (id <= before) {
        throw source.damage("column " + id + " behind column " + before);
      }
      before = id;
      columns.put(id, source.slice("META column " + id, source.length("column " + id)));
    }
    return columns;
  }

  private static ByteSource need(Map<Integer, ByteSource> columns, int id) {
    ByteSource column = columns.remove(id);
    if (column == null) {
      throw new DamageException("META: no column " + id);
    }
    return column;
  }

  private List<ChunkSession> decodeSessions(ByteSource source) {
    List<ChunkSession> sessions = new ArrayList<>();
    while (source.hasRemaining()) {
      sessions.add(
          new ChunkSession(
              source.varint("session", Long.MAX_VALUE),
              source.varint("frames before", Long.MAX_VALUE >>> 1),
              source.varint("statements before", Long.MAX_VALUE >>> 1),
              source.varint("chunks to state", Long.MAX_VALUE)));
      if (sessions.size() > Limits.SESSIONS_MAX) {
        throw source.damage("over 65,535 sessions");
      }
    }
    if (sessions.size() != header.sessions()) {
      throw source.damage(sessions.size() + " sessions (expected: " + header.sessions() + ")");
    }
    return sessions;
  }

  /// All columns left over from 31 on; the numbers below that are for frame columns to come.
  private static RowColumns decodeRowColumns(Map<Integer, byte[]> columns) {
    byte[] counted = columns.get(RowColumns.ROWS);
    int rows = 0;
    if (counted != null) {
      ByteSource count = new ByteSource("META column " + RowColumns.ROWS, counted);
      rows = (int) count.varint("rows", Limits.ROWS_MAX);
      count.end();
    }
    RowColumns decoded = new RowColumns(rows);
    for (Map.Entry<Integer, byte[]> each : columns.entrySet()) {
      if (each.getKey() < RowColumns.STATE) {
        continue;
      }
      ByteSource source = new ByteSource("META column " + each.getKey(), each.getValue());
      if (rows > source.remaining()) {
        throw source.damage(rows + " rows in " + source.remaining() + " bytes");
      }
      long[] values = source.varints(rows);
      source.end();
      decoded.put(each.getKey(), values);
    }
    return decoded;
  }

  private List<ChunkRow> decodeRows(
      List<ChunkSession> sessions, List<FrameMeta> frames, RowColumns columns) {
    if (columns.rows() == 0) {
      if (header.statements() != 0) {
        throw new DamageException("META: no rows (expected: " + header.statements() + ")");
      }
      return List.of();
    }
    List<FrameMeta> commands = frames.stream().filter(f -> f.lane() == Lane.CMD).toList();
    Map<Long, Integer> bySession = new HashMap<>();
    List<List<FrameMeta>> framesOf = new ArrayList<>();
    for (int i = 0; i < sessions.size(); i++) {
      bySession.put(sessions.get(i).no(), i);
      framesOf.add(new ArrayList<>());
    }
    for (FrameMeta frame : frames) {
      framesOf.get(index(bySession, frame.session())).add(frame);
    }
    long[] begun = new long[sessions.size()];
    PlanPredictor predictor = new PlanPredictor(sessions.size());
    int[] lastTag = new int[64];
    List<ChunkRow> rows = new ArrayList<>(columns.rows());
    long anchorNumber = 0;
    long started = 0;
    for (int r = 0; r < columns.rows(); r++) {
      int state = bounded(columns, RowColumns.STATE, r, ChunkRow.BEGUN_LATE);
      int outcome = bounded(columns, RowColumns.OUTCOME, r, Integer.MAX_VALUE);
      int tag = bounded(columns, RowColumns.TAG, r, Limits.OBJECTS_MAX);
      int plan = bounded(columns, RowColumns.PLAN, r, Limits.OBJECTS_MAX);
      long endColumn = columns.get(RowColumns.END, r);
      boolean ends = state != ChunkRow.BEGUN && state != ChunkRow.BEGUN_LATE;
      boolean answered = ends && ChunkRow.answered(outcome);
      int local;
      ChunkSession session;
      long statement;
      long anchorSequence = 0;
      long anchorFrame = 0;
      long endSequence = 0;
      if (state == ChunkRow.END) {
        local = local(sessions, columns.get(RowColumns.ANCHOR, r));
        session = sessions.get(local);
        statement = session.statementsBefore() - columns.get(RowColumns.BACK, r);
        if (statement < 1 || columns.get(RowColumns.BACK, r) < 0) {
          throw new DamageException("META: the end of a statement that never began");
        }
        endSequence = endColumn == 0 ? 0 : session.framesBefore() + endColumn;
      } else {
        if (state == ChunkRow.WHOLE || state == ChunkRow.BEGUN) {
          long delta = columns.get(RowColumns.ANCHOR, r);
          anchorNumber += (delta >>> 1) ^ -(delta & 1);
          if (anchorNumber < 1 || anchorNumber > commands.size()) {
            throw DamageException.outOfRange("META anchor", anchorNumber, 1, commands.size());
          }
          FrameMeta anchor = commands.get((int) anchorNumber - 1);
          local = index(bySession, anchor.session());
          session = sessions.get(local);
          anchorSequence = anchor.sequence();
          anchorFrame = anchor.no();
        } else {
          local = local(sessions, columns.get(RowColumns.ANCHOR, r));
          session = sessions.get(local);
          anchorSequence = session.framesBefore() + 1 - columns.get(RowColumns.FRAMES_BACK, r);
          if (anchorSequence < 1 || anchorSequence > session.framesBefore()) {
            throw new DamageException("META: a message before its session");
          }
        }
        statement = session.statementsBefore() + ++begun[local];
        started++;
        if (plan == 0) {
          plan = predictor.predict(local);
        }
        if (plan == 0) {
          throw new DamageException("META: a statement without a plan");
        }
        predictor.train(local, plan);
        if (ends && outcome == 0) {
          if (plan >= lastTag.length) {
            lastTag = Arrays.copyOf(lastTag, Math.max(plan + 1, lastTag.length * 2));
          }
          tag = tag == 0 ? lastTag[plan] : tag;
          lastTag[plan] = tag;
        }
        endSequence = answered ? anchorSequence + 1 + endColumn : 0;
      }
      long endFrame = 0;
      if (endSequence != 0) {
        List<FrameMeta> own = framesOf.get(local);
        long index = endSequence - session.framesBefore() - 1;
        if (index < 0 || index >= own.size()) {
          throw new DamageException("META: the end of a statement in a frame that is not here");
        }
        endFrame = own.get((int) index).no();
      }
      long bytes = columns.get(RowColumns.BYTES, r);
      rows.add(
          new ChunkRow(
              state,
              session.no(),
              statement,
              anchorSequence,
              anchorFrame,
              bounded(columns, RowColumns.MESSAGE, r, Integer.MAX_VALUE),
              bounded(columns, RowColumns.PART, r, Integer.MAX_VALUE),
              plan,
              bounded(columns, RowColumns.FINAL, r, Integer.MAX_VALUE),
              endFrame,
              bounded(columns, RowColumns.END_MESSAGE, r, Integer.MAX_VALUE),
              columns.get(RowColumns.ROW_COUNT, r),
              outcome,
              tag,
              bounded(columns, RowColumns.SQLSTATE, r, Integer.MAX_VALUE),
              bounded(columns, RowColumns.TRANSACTION, r, Integer.MAX_VALUE),
              bounded(columns, RowColumns.DECIDE, r, 64),
              (bytes >>> 1) ^ -(bytes & 1),
              columns.get(RowColumns.CONTINUES, r),
              bounded(columns, RowColumns.INPUTS, r, Limits.OBJECTS_MAX),
              columns.get(RowColumns.CREDENTIAL, r),
              bounded(columns, RowColumns.MASK, r, Limits.OBJECTS_MAX)));
    }
    if (started != header.statements()) {
      throw DamageException.outOfRange("META statements", started, 0, header.statements());
    }
    return rows;
  }

  private static int local(List<ChunkSession> sessions, long index) {
    if (index < 0 || index >= sessions.size()) {
      throw DamageException.outOfRange("META session", index, 0, sessions.size() - 1L);
    }
    return (int) index;
  }

  private static int index(Map<Long, Integer> sessions, long no) {
    Integer index = sessions.get(no);
    if (index == null) {
      throw new DamageException("META: no session " + no);
    }
    return index;
  }

  private static int bounded(RowColumns columns, int column, int row, int max) {
    long value = columns.get(column, row);
    if (value < 0 || value > max) {
      throw DamageException.outOfRange("META column " + column, value, 0, max);
    }
    return (int) value;
  }
}
