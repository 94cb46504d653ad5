package dev.nestor.evidence.index;

import dev.nestor.recorder.bytes.ByteSink;
import dev.nestor.recorder.bytes.ByteSource;
import dev.nestor.recorder.bytes.DamageException;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/// The statements that begin in one chunk, and the events of its sessions that are shown between
/// them, by frame. A column is decoded when it is first asked for.
///
/// **Threads.** May be shared.
public final class StatementBlock {
  /// A number of each row.
  public enum Column {
    /// Position among [StatementBlock#sessions].
    SESSION,
    /// 0 for a statement, else bits of an event.
    KIND,
    /// Number in its session.
    NUMBER,
    /// Frame with its message; an event's own.
    ANCHOR,
    /// Microseconds of the archive clock.
    STARTED,
    /// 0 if unknown.
    ENDED_AT,
    MESSAGE,
    PART,
    /// Number of the plan in [StatementIndex], 0 for none.
    PLAN,
    /// Code of the format.
    DECISION,
    /// Code of the one of allow, mask, hold, block and kill under which it counts.
    COUNTED,
    /// 1 if the archive has its end.
    ENDED,
    END_FRAME,
    END_MESSAGE,
    ROWS,
    OUTCOME,
    /// Number of a text in [StatementIndex], 0 for none.
    TAG,
    /// Likewise.
    SQLSTATE,
    TRANSACTION,
    DECIDE_MICROS,
    BYTES,
    CONTINUES,
    CREDENTIAL,
    /// 1 if inputs or masks are its own: then the archive has to be asked.
    OWN
  }

  /// It has a row of its own.
  public static final int EVENT_SHOWN = 1;

  /// It is a gap.
  public static final int EVENT_GAP = 2;

  /// It is about an approval.
  public static final int EVENT_APPROVAL = 4;

  /// It is about a credential, a finding, a client or who may do what.
  public static final int EVENT_TRAIL = 8;

  private static final int ROWS_MAX = 1 << 22;
  private final List<Long> sessions;
  private final int rows;
  private final Map<Column, ByteSource> sources = new EnumMap<>(Column.class);
  private final Map<Column, long[]> values = new EnumMap<>(Column.class);

  private StatementBlock(List<Long> sessions, int rows) {
    this.sessions = List.copyOf(sessions);
    this.rows = rows;
  }

  /// @param values each column, each of that length
  static StatementBlock of(List<Long> sessions, int rows, Map<Column, long[]> values) {
    StatementBlock block = new StatementBlock(sessions, rows);
    block.values.putAll(values);
    return block;
  }

  /// A chunk that has none, or cannot be read.
  static StatementBlock empty() {
    return new StatementBlock(List.of(), 0);
  }

  /// How many rows.
  public int rows() {
    return rows;
  }

  /// Numbers of the sessions that have rows here.
  public List<Long> sessions() {
    return sessions;
  }

  /// A column; not to be changed.
  public synchronized long[] column(Column column) {
    long[] known = values.get(column);
    if (known == null) {
      known = decode(column);
      values.put(column, known);
    }
    return known;
  }

  /// A number of a row.
  public long get(Column column, int row) {
    return column(column)[row];
  }

  // ---- as bytes ----

  byte[] encode() {
    ByteSink sink = new ByteSink().varint(rows).varint(sessions.size());
    sessions.forEach(sink::varint);
    for (Column column : Column.values()) {
      ByteSink encoded = encode(column);
      sink.varint(encoded.size()).bytes(encoded);
    }
    return sink.toArray();
  }

  private ByteSink encode(Column column) {
    long[] own = column(column);
    ByteSink sink = new ByteSink();
    if (Arrays.stream(own).allMatch(each -> each == 0)) {
      return sink;
    }
    long[] local = column(Column.SESSION);
    long[] anchor = column(Column.ANCHOR);
    long[] started = column(Column.STARTED);
    long[] before = new long[Math.max(1, sessions.size())];
    long last = 0;
    for (int i = 0; i < rows; i++) {
      switch (column) {
        case NUMBER -> {
          sink.zigzag(own[i] - before[(int) local[i]]);
          before[(int) local[i]] = own[i];
        }
        case ANCHOR, STARTED -> {
          sink.zigzag(own[i] - last);
          last = own[i];
        }
        case END_FRAME -> sink.varint(own[i] == 0 ? 0 : 1 + zigzag(own[i] - anchor[i]));
        case ENDED_AT -> sink.varint(own[i] == 0 ? 0 : 1 + zigzag(own[i] - started[i]));
        default -> sink.varint(own[i]);
      }
    }
    return sink;
  }

  /// @throws DamageException if it is none
  static StatementBlock decode(byte[] bytes) {
    ByteSource source = new ByteSource("block", bytes);
    int rows = (int) source.varint("rows", ROWS_MAX);
    int count = (int) source.varint("sessions", rows);
    Long[] sessions = new Long[count];
    for (int i = 0; i < count; i++) {
      sessions[i] = source.varint();
    }
    StatementBlock block = new StatementBlock(List.of(sessions), rows);
    for (Column column : Column.values()) {
      int length = source.length("column");
      block.sources.put(column, source.slice(column.name(), length));
    }
    source.end();
    return block;
  }

  private long[] decode(Column column) {
    long[] own = new long[rows];
    ByteSource source = sources.remove(column);
    if (source == null || !source.hasRemaining()) {
      return own;
    }
    boolean perSession = column == Column.NUMBER;
    long[] local = perSession ? column(Column.SESSION) : own;
    long[] base =
        column == Column.END_FRAME
            ? column(Column.ANCHOR)
            : column == Column.ENDED_AT ? column(Column.STARTED) : own;
    long[] before = new long[Math.max(1, sessions.size())];
    long last = 0;
    for (int i = 0; i < rows; i++) {
      switch (column) {
        case SESSION -> own[i] = source.varint("session", sessions.size() - 1L);
        case NUMBER -> {
          before[(int) local[i]] += source.zigzag();
          own[i] = before[(int) local[i]];
        }
        case ANCHOR, STARTED -> {
          last += source.zigzag();
          own[i] = last;
        }
        case END_FRAME, ENDED_AT -> {
          long offset = source.varint();
          own[i] = offset == 0 ? 0 : base[i] + unzigzag(offset - 1);
        }
        default -> own[i] = source.varint();
      }
    }
    source.end();
    return own;
  }

  private static long zigzag(long value) {
    return value << 1 ^ value >> 63;
  }

  private static long unzigzag(long value) {
    return value >>> 1 ^ -(value & 1);
  }

  /// Rows of one session; none if it has none here.
  public int[] rowsOf(long session) {
    int wanted = Collections.binarySearch(sessions, session);
    if (wanted < 0) {
      return new int[0];
    }
    long[] local = column(Column.SESSION);
    int[] found = new int[rows];
    int count = 0;
    for (int i = 0; i < rows; i++) {
      if (local[i] == wanted) {
        found[count++] = i;
      }
    }
    return Arrays.copyOf(found, count);
  }
}
