package dev.nestor.recorder.chunk;

import dev.nestor.recorder.bytes.ByteSink;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The statement columns of META as numbers, one per row, and the leaves of the rows.
final class RowColumns {
  private static final int IDS = 256;

  static final int ROWS = 31;
  static final int STATE = 32;
  static final int ANCHOR = 33;
  static final int MESSAGE = 34;
  static final int PART = 35;
  static final int PLAN = 36;
  static final int FINAL = 37;
  static final int END = 38;
  static final int END_MESSAGE = 39;
  static final int ROW_COUNT = 40;
  static final int OUTCOME = 41;
  static final int TAG = 42;
  static final int SQLSTATE = 43;
  static final int TRANSACTION = 44;
  static final int DECIDE = 45;
  static final int BYTES = 46;
  static final int CONTINUES = 47;
  static final int INPUTS = 48;
  static final int BACK = 49;
  static final int CREDENTIAL = 50;
  static final int FRAMES_BACK = 51;
  static final int MASK = 52;

  private final int rows;
  private final TreeMap<Integer, long[]> columns = new TreeMap<>();

  /// The same by id, which is a byte: looked at for every value.
  private final long[] @Nullable [] byId = new long[IDS] @Nullable [];

  private int[] ids = new int[0];

  RowColumns(int rows) {
    this.rows = rows;
  }

  int rows() {
    return rows;
  }

  void set(int column, int row, long value) {
    if (value != 0) {
      long[] values = byId[column];
      if (values == null) {
        values = new long[rows];
        put(column, values);
      }
      values[row] = value;
    }
  }

  void put(int column, long[] values) {
    columns.put(column, values);
    byId[column] = values;
  }

  long get(int column, int row) {
    long[] values = byId[column];
    return values == null ? 0 : values[row];
  }

  /// The columns that are not all 0, ascending.
  Map<Integer, long[]> columns() {
    return columns;
  }

  /// Adds the leaves of the rows.
  ///
  /// @param resolved what the rows say
  /// @param saltAt position of the first row's salt
  void leaves(List<ChunkRow> resolved, byte[] salts, int saltAt, LeafHashes leaves) {
    ByteSink sink = new ByteSink();
    for (int row = 0; row < rows; row++) {
      sink.clear().u8(2).bytes(salts, (saltAt + row) * Salts.BYTES, Salts.BYTES);
      content(resolved.get(row), row, sink);
      leaves.add(sink.backing(), 0, sink.size());
    }
  }

  /// What the leaf of a row is the hash of, behind its salt.
  void content(ChunkRow each, int row, ByteSink sink) {
    sink.varint(each.anchorFrame())
        .varint(each.endFrame())
        .varint(each.session())
        .varint(each.statement());
    boolean plan = false;
    boolean tag = false;
    for (int id : ids()) {
      if (!plan && id > PLAN) {
        plan = true;
        hashed(sink, PLAN, each.plan());
      }
      if (!tag && id > TAG) {
        tag = true;
        hashed(sink, TAG, each.tag());
      }
      switch (id) {
        case ANCHOR, END, BACK, FRAMES_BACK, PLAN, TAG -> {}
        default -> hashed(sink, id, get(id, row));
      }
    }
    if (!plan) {
      hashed(sink, PLAN, each.plan());
    }
    if (!tag) {
      hashed(sink, TAG, each.tag());
    }
  }

  /// The columns that are not all 0, ascending; looked at for every row.
  private int[] ids() {
    int[] known = ids;
    if (known.length != columns.size()) {
      known = columns.keySet().stream().mapToInt(Integer::intValue).toArray();
      ids = known;
    }
    return known;
  }

  private static void hashed(ByteSink sink, int column, long value) {
    if (value != 0) {
      sink.varint(column).varint(value);
    }
  }
}
