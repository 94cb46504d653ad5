package dev.nestor.recorder.chunk;

import dev.nestor.recorder.bytes.ByteSink;
import dev.nestor.recorder.bytes.Bytes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Turns the content of a chunk into its header and body.
public final class ChunkEncoder {
  /// What goes into a chunk.
  ///
  /// @param no in the segment
  /// @param firstFrame number of its first frame, or of the next one if it has none
  /// @param ts time of a chunk without frames
  /// @param cmd bytes of the CMD frames, one after the other; the others likewise
  /// @param sessions in the order in which they are first met
  /// @param rows ends of earlier statements first, then the others in the order in which they were
  ///   decided
  public record Content(
      long no,
      long firstFrame,
      long ts,
      List<FrameMeta> frames,
      ByteSink cmd,
      ByteSink res,
      ByteSink evt,
      ByteSink idn,
      List<ChunkSession> sessions,
      List<ChunkObject> objects,
      List<ChunkRow> rows,
      long firstStatement,
      int exceptions) {}

  /// A chunk ready to be written.
  ///
  /// @param extension what stands behind the record header
  @SuppressWarnings("ArrayRecordComponent") // never compared
  public record Encoded(ChunkHeader header, byte[] extension, byte[] body) {}

  private ChunkEncoder() {}

  public static Encoded encode(Content content, LaneKeys keys) {
    RowColumns columns = rowColumns(content);
    byte[] meta = meta(content, columns);
    byte[] @Nullable [] raw = new byte[Lane.COUNT] @Nullable [];
    raw[Lane.META] = meta;
    int[] payloadFrom = new int[Lane.COUNT];
    if (has(content.frames, Lane.CMD)) {
      raw[Lane.CMD] = content.cmd.toArray();
    }
    if (has(content.frames, Lane.RES)) {
      raw[Lane.RES] = content.res.toArray();
    }
    if (has(content.frames, Lane.EVT) || !content.objects.isEmpty() || !content.rows.isEmpty()) {
      ByteSink objects = new ByteSink();
      for (ChunkObject object : content.objects) {
        objects.varint(object.kind()).varint(object.body().length()).bytes(object.body());
      }
      ByteSink lane = new ByteSink(objects.size() + content.evt.size() + 16);
      lane.varint(objects.size()).varint(0).bytes(objects);
      payloadFrom[Lane.EVT] = lane.size();
      raw[Lane.EVT] = lane.bytes(content.evt).toArray();
    }
    if (has(content.frames, Lane.IDN)) {
      payloadFrom[Lane.IDN] = 2;
      raw[Lane.IDN] =
          new ByteSink(content.idn.size() + 2).varint(0).varint(0).bytes(content.idn).toArray();
    }

    List<LaneDescriptor> descriptors = new ArrayList<>();
    ByteSink body = new ByteSink(1 << 16);
    int mask = 0;
    for (int lane = 0; lane < Lane.COUNT; lane++) {
      byte[] bytes = raw[lane];
      if (bytes == null) {
        descriptors.add(LaneDescriptor.ABSENT);
        continue;
      }
      mask |= 1 << lane;
      descriptors.add(store(lane, bytes, content.frames, body));
    }
    body.pad(8);
    byte[] stored = body.toArray();

    long bloom = 0;
    for (ChunkSession session : content.sessions) {
      bloom |= ChunkHeader.bloomOf(session.no());
    }
    int begun = 0;
    for (ChunkRow row : content.rows) {
      begun += row.begins() ? 1 : 0;
    }
    List<FrameMeta> frames = content.frames;
    ChunkHeader header =
        new ChunkHeader(
            content.no,
            content.firstFrame,
            frames.size(),
            content.sessions.size(),
            frames.isEmpty() ? content.ts : frames.getFirst().ts(),
            frames.isEmpty() ? content.ts : frames.getLast().ts(),
            mask,
            0,
            frames.size(),
            content.firstStatement,
            begun,
            0,
            content.exceptions,
            descriptors,
            Bytes.of(new byte[Sha256.BYTES]),
            Bytes.of(Sha256.of(stored)),
            bloom);
    Bytes root =
        Leaves.contentRoot(
            header,
            meta,
            frames,
            filled(raw),
            payloadFrom,
            0,
            content.objects,
            columns,
            content.rows,
            keys);
    ChunkHeader rooted =
        new ChunkHeader(
            header.no(),
            header.firstFrame(),
            header.frames(),
            header.sessions(),
            header.tsFirst(),
            header.tsLast(),
            header.laneMask(),
            header.keyClass(),
            header.frameSpan(),
            header.firstStatement(),
            header.statements(),
            header.dictBase(),
            header.exceptions(),
            header.lanes(),
            root,
            header.storedHash(),
            header.bloom());
    return new Encoded(rooted, rooted.encode(), stored);
  }

  private static byte[][] filled(byte[] @Nullable [] raw) {
    byte[][] lanes = new byte[raw.length][];
    for (int i = 0; i < raw.length; i++) {
      byte[] lane = raw[i];
      lanes[i] = lane == null ? new byte[0] : lane;
    }
    return lanes;
  }

  private static boolean has(List<FrameMeta> frames, int lane) {
    for (FrameMeta frame : frames) {
      if (frame.lane() == lane) {
        return true;
      }
    }
    return false;
  }

  private static LaneDescriptor store(int lane, byte[] raw, List<FrameMeta> frames, ByteSink body) {
    int codec = Compression.ZSTD;
    byte[] transformed = raw;
    if (lane == Lane.RES) {
      byte[] transposed = transposed(raw, frames);
      if (transposed.length > 0) {
        codec = Compression.TRANSPOSED;
        transformed = transposed;
      }
    }
    byte[] stored = Compression.compress(transformed);
    if (codec == Compression.ZSTD && stored.length >= raw.length) {
      codec = Compression.RAW;
      stored = raw;
    }
    body.bytes(stored);
    return new LaneDescriptor(lane, codec, 0, 0, raw.length, transformed.length, stored.length);
  }

  private static byte[] transposed(byte[] raw, List<FrameMeta> frames) {
    int count = 0;
    for (FrameMeta frame : frames) {
      count += frame.lane() == Lane.RES ? 1 : 0;
    }
    int[] bytes = new int[count];
    boolean[] whole = new boolean[count];
    int i = 0;
    for (FrameMeta frame : frames) {
      if (frame.lane() == Lane.RES) {
        bytes[i] = frame.storedBytes();
        whole[i++] =
            (frame.flags() & FrameMeta.FRAGMENT) == 0 && frame.type() >= FrameMeta.UNTYPED_END;
      }
    }
    return Transposition.encode(raw, bytes, whole);
  }

  private static byte[] meta(Content content, RowColumns rows) {
    ByteSink meta = new ByteSink(content.frames.size() * 10 + 256);
    ByteSink column = new ByteSink(content.frames.size() * 2 + 64);
    for (ChunkSession session : content.sessions) {
      column
          .varint(session.no())
          .varint(session.framesBefore())
          .varint(session.statementsBefore())
          .varint(session.chunksToState());
    }
    column(meta, MetaColumn.SESSIONS, column);
    frameColumns(content, meta);
    if (rows.rows() > 0) {
      column(meta, RowColumns.ROWS, column.varint(rows.rows()));
      for (Map.Entry<Integer, long[]> each : rows.columns().entrySet()) {
        for (long value : each.getValue()) {
          column.varint(value);
        }
        column(meta, each.getKey(), column);
      }
    }
    return meta.toArray();
  }

  /// All columns of frames at once: each frame is looked at once.
  private static void frameColumns(Content content, ByteSink meta) {
    int count = content.frames.size();
    ByteSink times = new ByteSink(count * 2 + 16);
    ByteSink places = new ByteSink(count + 16);
    ByteSink lengths = new ByteSink(count * 2 + 16);
    ByteSink types = new ByteSink(count + 16);
    ByteSink messages = new ByteSink(count + 16);
    ByteSink flags = new ByteSink(count + 16);
    ByteSink deltas = new ByteSink();
    LocalSessions local = new LocalSessions(content.sessions);
    long ts = count == 0 ? 0 : content.frames.getFirst().ts();
    for (int i = 0; i < count; i++) {
      FrameMeta frame = content.frames.get(i);
      times.zigzag(frame.ts() - ts);
      ts = frame.ts();
      places.varint((long) local.indexOf(frame.session()) << 3 | frame.lane());
      lengths.varint(frame.storedBytes());
      types.varint(frame.type());
      messages.varint(frame.messages());
      flags.varint(frame.flags());
      if (frame.wireDelta() != 0 || deltas.size() > 0) {
        if (deltas.size() == 0) {
          deltas.zeros(i); // a 0 is one byte, and so were all before
        }
        deltas.zigzag(frame.wireDelta());
      }
    }
    column(meta, MetaColumn.TIME, times);
    column(meta, MetaColumn.SESSION_AND_LANE, places);
    column(meta, MetaColumn.LENGTH, lengths);
    column(meta, MetaColumn.TYPE, types);
    column(meta, MetaColumn.MESSAGES, messages);
    column(meta, MetaColumn.FLAGS, flags);
    if (deltas.size() > 0) {
      column(meta, MetaColumn.WIRE_DELTA, deltas);
    }
  }

  private static void column(ByteSink meta, int id, ByteSink column) {
    meta.u8(id).varint(column.size()).bytes(column);
    column.clear();
  }

  private static RowColumns rowColumns(Content content) {
    List<ChunkRow> rows = content.rows;
    RowColumns columns = new RowColumns(rows.size());
    if (rows.isEmpty()) {
      return columns;
    }
    LocalSessions local = new LocalSessions(content.sessions);
    int[] commandNumber = new int[content.frames.size()];
    int commands = 0;
    for (int i = 0; i < commandNumber.length; i++) {
      commands += content.frames.get(i).lane() == Lane.CMD ? 1 : 0;
      commandNumber[i] = commands;
    }
    PlanPredictor predictor = new PlanPredictor(content.sessions.size());
    int[] lastTag = new int[plans(rows) + 1];
    long anchorBefore = 0;
    for (int r = 0; r < rows.size(); r++) {
      ChunkRow row = rows.get(r);
      int sessionIndex = local.indexOf(row.session());
      ChunkSession session = content.sessions.get(sessionIndex);
      columns.set(RowColumns.STATE, r, row.state());
      if (row.state() == ChunkRow.END) {
        columns.set(RowColumns.ANCHOR, r, sessionIndex);
        columns.set(RowColumns.BACK, r, session.statementsBefore() - row.statement());
        columns.set(
            RowColumns.END,
            r,
            row.endFrame() == 0 ? 0 : sequence(content, row.endFrame()) - session.framesBefore());
        columns.set(RowColumns.TAG, r, row.tag());
      } else {
        if (row.late()) {
          columns.set(RowColumns.ANCHOR, r, sessionIndex);
          columns.set(RowColumns.FRAMES_BACK, r, session.framesBefore() + 1 - row.anchorSequence());
        } else {
          long anchor = commandNumber[(int) (row.anchorFrame() - content.firstFrame)];
          long delta = anchor - anchorBefore;
          columns.set(RowColumns.ANCHOR, r, (delta << 1) ^ (delta >> 63));
          anchorBefore = anchor;
        }
        boolean predicted = predictor.predict(sessionIndex) == row.plan();
        predictor.train(sessionIndex, row.plan());
        columns.set(RowColumns.PLAN, r, predicted ? 0 : row.plan());
        if (row.ends() && row.endFrame() != 0) {
          columns.set(
              RowColumns.END, r, sequence(content, row.endFrame()) - row.anchorSequence() - 1);
        }
        if (row.ends() && row.outcome() == 0) {
          columns.set(RowColumns.TAG, r, lastTag[row.plan()] == row.tag() ? 0 : row.tag());
          lastTag[row.plan()] = row.tag();
        }
      }
      columns.set(RowColumns.MESSAGE, r, row.message());
      columns.set(RowColumns.PART, r, row.part());
      columns.set(RowColumns.FINAL, r, row.decision());
      columns.set(RowColumns.END_MESSAGE, r, row.endMessage());
      columns.set(RowColumns.ROW_COUNT, r, row.rows());
      columns.set(RowColumns.OUTCOME, r, row.outcome());
      columns.set(RowColumns.SQLSTATE, r, row.sqlState());
      columns.set(RowColumns.TRANSACTION, r, row.transaction());
      columns.set(RowColumns.DECIDE, r, row.decideOctave());
      columns.set(RowColumns.BYTES, r, (row.bytesDelta() << 1) ^ (row.bytesDelta() >> 63));
      columns.set(RowColumns.CONTINUES, r, row.continues());
      columns.set(RowColumns.INPUTS, r, row.inputs());
      columns.set(RowColumns.CREDENTIAL, r, row.credential());
      columns.set(RowColumns.MASK, r, row.mask());
    }
    return columns;
  }

  /// The largest object number of a plan.
  private static int plans(List<ChunkRow> rows) {
    int plans = 0;
    for (ChunkRow row : rows) {
      plans = Math.max(plans, row.plan());
    }
    return plans;
  }

  private static long sequence(Content content, long frame) {
    return content.frames.get((int) (frame - content.firstFrame)).sequence();
  }
}
