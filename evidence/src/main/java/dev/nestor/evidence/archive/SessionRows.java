package dev.nestor.evidence.archive;

import dev.nestor.evidence.index.StatementBlock;
import dev.nestor.evidence.index.StatementBlock.Column;
import dev.nestor.recorder.event.DecisionCode;
import dev.nestor.recorder.event.TransactionStatus;
import java.util.Arrays;

/// The rows of a session in order, as columns of numbers: 27 bytes a row, no object.
///
/// **Threads.** One adds; any may read what was published, also while more is added.
final class SessionRows {
  private static final int DECISION = 7;
  private static final int ERROR = 8;
  private static final int IDLE = 16;
  private static final int EVENT = 32;
  private static final int IDLE_CODE = TransactionStatus.IDLE.code();
  private static final DecisionKind[] KINDS = new DecisionKind[DECISION + 1];

  static {
    for (int code = 0; code <= DECISION; code++) {
      KINDS[code] = Decisions.kind(DecisionCode.of(code));
    }
  }

  private int size;
  private int ordered;
  private int statements;
  private long[] frames = new long[64];
  private long[] times = new long[64];
  private int[] numbers = new int[64];
  private int[] chunks = new int[64];
  private char[] places = new char[64];
  private byte[] bits = new byte[64];
  private volatile Columns published = columns(0, 0);

  /// What may be read: nothing of it up to its size ever changes.
  @SuppressWarnings("ArrayRecordComponent") // only its arrays' beginnings are looked at
  private record Columns(
      int size,
      int statements,
      long[] frames,
      long[] times,
      int[] numbers,
      int[] chunks,
      char[] places,
      byte[] bits) {}

  private Columns columns(int upTo, int withStatements) {
    return new Columns(upTo, withStatements, frames, times, numbers, chunks, places, bits);
  }

  /// Adds rows of a block.
  ///
  /// @param which rows of the block, ascending; only those of this session that are to be shown
  void add(int chunk, StatementBlock block, int[] which, int count) {
    long[] kind = block.column(Column.KIND);
    long[] anchor = block.column(Column.ANCHOR);
    long[] started = block.column(Column.STARTED);
    long[] number = block.column(Column.NUMBER);
    long[] counted = block.column(Column.COUNTED);
    long[] sqlState = block.column(Column.SQLSTATE);
    long[] transaction = block.column(Column.TRANSACTION);
    if (size + count > frames.length) {
      grow(size + count);
    }
    for (int i = 0; i < count; i++) {
      int row = which[i];
      frames[size] = anchor[row];
      times[size] = started[row];
      numbers[size] = (int) Math.min(Integer.MAX_VALUE, number[row]);
      chunks[size] = chunk;
      places[size] = (char) row;
      bits[size] =
          (byte)
              (kind[row] != 0
                  ? EVENT
                  : (counted[row] & DECISION)
                      | (sqlState[row] != 0 ? ERROR : 0)
                      | (transaction[row] == IDLE_CODE ? IDLE : 0));
      size++;
      statements += kind[row] != 0 ? 0 : 1;
    }
  }

  private void grow(int wanted) {
    int more = (int) Math.min(Integer.MAX_VALUE - 8L, wanted + (long) (wanted >> 1));
    frames = Arrays.copyOf(frames, more);
    times = Arrays.copyOf(times, more);
    numbers = Arrays.copyOf(numbers, more);
    chunks = Arrays.copyOf(chunks, more);
    places = Arrays.copyOf(places, more);
    bits = Arrays.copyOf(bits, more);
  }

  /// Puts rows whose message stands in an earlier chunk where they belong.
  private void order() {
    for (int i = Math.max(1, ordered); i < size; i++) {
      int to = i;
      while (to > 0 && isBefore(i, to - 1)) {
        to--;
      }
      if (to < i) {
        if (to < published.size) {
          grow(size); // what was published stays as it is; the next publication has the new order
        }
        move(i, to);
      }
    }
    ordered = size;
  }

  /// Lets others read what was added before the last block: rows of a block may still go before
  /// those of the one ahead of it.
  void publish(int upTo, int withStatements) {
    order();
    published = columns(Math.min(upTo, size), withStatements);
  }

  /// Lets others read all rows.
  void publish() {
    publish(size, statements);
  }

  /// How many were added, published or not.
  int added() {
    return size;
  }

  /// How many of those are statements.
  int addedStatements() {
    return statements;
  }

  private boolean isBefore(int a, int b) {
    return frames[a] < frames[b] || (frames[a] == frames[b] && numbers[a] < numbers[b]);
  }

  private void move(int from, int to) {
    long frame = frames[from];
    long time = times[from];
    int number = numbers[from];
    int chunk = chunks[from];
    char place = places[from];
    byte bit = bits[from];
    int count = from - to;
    System.arraycopy(frames, to, frames, to + 1, count);
    System.arraycopy(times, to, times, to + 1, count);
    System.arraycopy(numbers, to, numbers, to + 1, count);
    System.arraycopy(chunks, to, chunks, to + 1, count);
    System.arraycopy(places, to, places, to + 1, count);
    System.arraycopy(bits, to, bits, to + 1, count);
    frames[to] = frame;
    times[to] = time;
    numbers[to] = number;
    chunks[to] = chunk;
    places[to] = place;
    bits[to] = bit;
  }

  int size() {
    return published.size;
  }

  int statements() {
    return published.statements;
  }

  long frame(int row) {
    return published.frames[row];
  }

  /// Microseconds of the archive clock.
  long time(int row) {
    return published.times[row];
  }

  /// The statement's number in the session; 0 for an event.
  long number(int row) {
    return published.numbers[row];
  }

  /// Chunk with the block that has it.
  int chunk(int row) {
    return published.chunks[row];
  }

  /// Its row there.
  int place(int row) {
    return published.places[row];
  }

  boolean isStatement(int row) {
    return (published.bits[row] & EVENT) == 0;
  }

  DecisionKind decision(int row) {
    return KINDS[published.bits[row] & DECISION];
  }

  boolean isError(int row) {
    return (published.bits[row] & ERROR) != 0;
  }

  /// Whether it left no transaction open.
  boolean leftIdle(int row) {
    return (published.bits[row] & IDLE) != 0;
  }
}
