package dev.nestor.recorder.chunk;

import dev.nestor.recorder.bytes.ByteSink;
import dev.nestor.recorder.bytes.ByteSource;
import dev.nestor.recorder.bytes.DamageException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// Runs of DataRow stored column by column: -14 % on results.
///
/// `lane := varint |ops|, |rest|, |lens|, |vals|, ops rest lens vals`; `ops := { varint literal
/// bytes, varint rows, varint columns }*`, rows 0 ends them.
final class Transposition {
  private static final VarHandle I32 =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
  private static final int RUN_MIN = 3;
  private static final int DATA_ROW = 'D';
  private static final int ROW_HEADER_BYTES = 7;
  private static final int COLUMNS_MAX = 32_767;

  private final ByteSink ops = new ByteSink();
  private final ByteSink rest = new ByteSink();
  private final ByteSink lens = new ByteSink();
  private final ByteSink vals = new ByteSink();
  private final byte[] lane;
  private boolean any;
  private int literalFrom;
  private int runFrom;
  private int runEnd;
  private int runRows;
  private int runColumns;
  private int[] rowAt = new int[64];
  private int literalBytes;

  private Transposition(byte[] lane) {
    this.lane = lane;
  }

  /// The transposed lane; an empty array if it has no run, and transposition would gain nothing.
  ///
  /// @param lane frames one after the other
  /// @param frameBytes their lengths
  /// @param whole per frame, false for one that must be kept as it is: a fragment, an untyped
  ///   packet
  static byte[] encode(byte[] lane, int[] frameBytes, boolean[] whole) {
    Transposition writer = new Transposition(lane);
    int at = 0;
    for (int i = 0; i < frameBytes.length; i++) {
      if (whole[i]) {
        writer.frame(at, at + frameBytes[i]);
      } else {
        writer.endRun();
      }
      at += frameBytes[i];
    }
    return writer.finish();
  }

  private void frame(int from, int to) {
    int at = from;
    while (at < to) {
      if (to - at < 5) {
        endRun();
        return;
      }
      long length = 1L + int32(at + 1);
      if (length < 5 || length > to - at) {
        endRun();
        return;
      }
      int columns = (lane[at] & 0xFF) == DATA_ROW ? columns(at, (int) length) : 0;
      if (columns == 0) {
        endRun();
      } else {
        if (runRows > 0 && columns != runColumns) {
          endRun();
        }
        addRow(at, columns, (int) length);
      }
      at += (int) length;
    }
  }

  private void addRow(int at, int columns, int length) {
    if (runRows > 0 && at != runEnd) {
      endRun(); // something else stands between
    }
    if (runRows == 0) {
      runFrom = at;
      runColumns = columns;
    }
    if (runRows == rowAt.length) {
      rowAt = java.util.Arrays.copyOf(rowAt, runRows * 2);
    }
    rowAt[runRows++] = at;
    runEnd = at + length;
  }

  /// The number of columns of a DataRow whose lengths fit together exactly, else 0.
  private int columns(int at, int length) {
    if (length < ROW_HEADER_BYTES) {
      return 0;
    }
    int columns = (lane[at + 5] & 0xFF) << 8 | (lane[at + 6] & 0xFF);
    if (columns == 0 || columns > COLUMNS_MAX) {
      return 0;
    }
    int cell = at + ROW_HEADER_BYTES;
    int end = at + length;
    for (int c = 0; c < columns; c++) {
      if (end - cell < 4) {
        return 0;
      }
      int bytes = int32(cell);
      cell += 4;
      if (bytes < -1 || bytes > end - cell) {
        return 0;
      }
      cell += Math.max(bytes, 0);
    }
    return cell == end ? columns : 0;
  }

  private void endRun() {
    if (runRows >= RUN_MIN) {
      literal(literalFrom, runFrom);
      ops.varint(literalBytes).varint(runRows).varint(runColumns);
      literalBytes = 0;
      transpose();
      literalFrom = runEnd;
      any = true;
    }
    runRows = 0;
  }

  private void transpose() {
    int[] cell = new int[runRows];
    for (int r = 0; r < runRows; r++) {
      cell[r] = rowAt[r] + ROW_HEADER_BYTES;
    }
    for (int c = 0; c < runColumns; c++) {
      for (int r = 0; r < runRows; r++) {
        int bytes = int32(cell[r]);
        lens.varint(bytes + 1L);
        if (bytes > 0) {
          vals.bytes(lane, cell[r] + 4, bytes);
        }
        cell[r] += 4 + Math.max(bytes, 0);
      }
    }
  }

  private void literal(int from, int to) {
    rest.bytes(lane, from, to - from);
    literalBytes += to - from;
  }

  private byte[] finish() {
    endRun();
    if (!any) {
      return new byte[0];
    }
    literal(literalFrom, lane.length);
    ops.varint(literalBytes).varint(0);
    return new ByteSink(ops.size() + rest.size() + lens.size() + vals.size() + 20)
        .varint(ops.size())
        .varint(rest.size())
        .varint(lens.size())
        .varint(vals.size())
        .bytes(ops)
        .bytes(rest)
        .bytes(lens)
        .bytes(vals)
        .toArray();
  }

  private int int32(int at) {
    return (int) I32.get(lane, at);
  }

  /// The lane as it was.
  ///
  /// @param rawBytes its length
  static byte[] decode(byte[] transposed, int rawBytes) {
    ByteSource source = new ByteSource("transposed lane", transposed);
    int opsBytes = source.length("|ops|");
    int restBytes = source.length("|rest|");
    int lensBytes = source.length("|lens|");
    int valsBytes = source.length("|vals|");
    ByteSource ops = source.slice("transposed ops", opsBytes);
    ByteSource rest = source.slice("transposed rest", restBytes);
    ByteSource lens = source.slice("transposed lens", lensBytes);
    int valsAt = source.position();
    source.skip(valsBytes);
    source.end();

    byte[] raw = new byte[rawBytes];
    int out = 0;
    int vals = valsAt;
    int valsEnd = valsAt + valsBytes;
    while (true) {
      int literal = (int) ops.varint("literal bytes", rest.remaining());
      if (literal > rawBytes - out) {
        throw new DamageException("transposed lane: longer than its raw length");
      }
      rest.copyTo(raw, out, literal);
      out += literal;
      long rows = ops.varint("rows", Limits.CHUNK_RAW_BYTES_MAX);
      if (rows == 0) {
        break;
      }
      int columns = (int) ops.varint("columns", COLUMNS_MAX);
      if (columns == 0 || rows * columns > lens.remaining()) {
        throw new DamageException("transposed lane: " + rows + " rows of " + columns + " columns");
      }
      int count = (int) rows;
      int[] cellBytes = new int[count * columns];
      int[] cellAt = new int[count * columns];
      for (int i = 0; i < cellBytes.length; i++) {
        int bytes = (int) lens.varint("cell", valsEnd - vals + 1L) - 1;
        cellBytes[i] = bytes;
        cellAt[i] = vals;
        vals += Math.max(bytes, 0);
      }
      for (int r = 0; r < count; r++) {
        long size = 6;
        for (int c = 0; c < columns; c++) {
          size += 4 + Math.max(cellBytes[c * count + r], 0);
        }
        if (size + 1 > rawBytes - out) {
          throw new DamageException("transposed lane: longer than its raw length");
        }
        raw[out++] = DATA_ROW;
        out = putInt32(raw, out, (int) size);
        raw[out++] = (byte) (columns >>> 8);
        raw[out++] = (byte) columns;
        for (int c = 0; c < columns; c++) {
          int bytes = cellBytes[c * count + r];
          out = putInt32(raw, out, bytes);
          if (bytes > 0) {
            System.arraycopy(transposed, cellAt[c * count + r], raw, out, bytes);
            out += bytes;
          }
        }
      }
    }
    ops.end();
    rest.end();
    lens.end();
    if (vals != valsEnd || out != rawBytes) {
      throw new DamageException("transposed lane: bytes left over");
    }
    return raw;
  }

  private static int putInt32(byte[] out, int at, int value) {
    I32.set(out, at, value);
    return at + 4;
  }
}
