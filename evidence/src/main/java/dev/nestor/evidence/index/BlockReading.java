package dev.nestor.evidence.index;

import dev.nestor.evidence.index.StatementBlock.Column;
import dev.nestor.recorder.archive.Archive;
import dev.nestor.recorder.archive.Statement;
import dev.nestor.recorder.bytes.DamageException;
import dev.nestor.recorder.chunk.ChunkDecoder;
import dev.nestor.recorder.chunk.FrameMeta;
import dev.nestor.recorder.chunk.Lane;
import dev.nestor.recorder.event.RecordedEvent;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.IntFunction;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/// Makes the block of a chunk from the archive. Of one thread.
final class BlockReading {
  /// Gives out numbers of what several statements have in common.
  interface Numbers {
    long plan(Statement statement, int chunk, int row);

    long text(String text);
  }

  private record Row(
      long session, long frame, @Nullable Statement statement, int place, long ts, int kind) {}

  private final Archive archive;
  private final IntFunction<List<Statement>> statements;
  private final ToIntFunction<RecordedEvent> kinds;

  /// @param kinds bits of an event, 0 for one that is not wanted
  BlockReading(Archive archive, ToIntFunction<RecordedEvent> kinds) {
    this.archive = archive;
    this.statements = archive.statementsByChunk();
    this.kinds = kinds;
  }

  StatementBlock read(int chunk, Numbers numbers) {
    Optional<ChunkDecoder> decoder = archive.chunk(chunk);
    if (decoder.isEmpty()) {
      return StatementBlock.empty();
    }
    List<Row> rows = new ArrayList<>();
    List<Statement> begun = statements.apply(chunk);
    for (int i = 0; i < begun.size(); i++) {
      Statement each = begun.get(i);
      rows.add(new Row(each.session(), each.anchorFrame(), each, i, each.startedAt(), 0));
    }
    events(decoder.get(), rows);
    rows.sort(
        Comparator.comparingLong(Row::frame)
            .thenComparingLong(row -> row.statement == null ? 0 : row.statement.number()));
    return block(rows, chunk, numbers);
  }

  private void events(ChunkDecoder chunk, List<Row> rows) {
    List<FrameMeta> frames = chunk.frames();
    for (int i = 0; i < frames.size(); i++) {
      FrameMeta meta = frames.get(i);
      if (meta.lane() != Lane.EVT && meta.lane() != Lane.IDN) {
        continue;
      }
      try {
        RecordedEvent event;
        synchronized (chunk) {
          event = chunk.event(i);
        }
        int kind = kinds.applyAsInt(event);
        if (kind != 0) {
          rows.add(new Row(meta.session(), meta.no(), null, 0, meta.ts(), kind));
        }
      } catch (DamageException e) {
        // what cannot be read is no row; verification says where
      }
    }
  }

  private static StatementBlock block(List<Row> rows, int chunk, Numbers numbers) {
    TreeSet<Long> sessions = new TreeSet<>();
    rows.forEach(each -> sessions.add(each.session));
    List<Long> order = List.copyOf(sessions);
    Map<Column, long[]> values = new EnumMap<>(Column.class);
    for (Column column : Column.values()) {
      values.put(column, new long[rows.size()]);
    }
    for (int i = 0; i < rows.size(); i++) {
      Row row = rows.get(i);
      set(values, Column.SESSION, i, java.util.Collections.binarySearch(order, row.session));
      set(values, Column.KIND, i, row.kind);
      set(values, Column.ANCHOR, i, row.frame);
      set(values, Column.STARTED, i, row.ts);
      Statement statement = row.statement;
      if (statement != null) {
        fill(values, i, statement);
        set(values, Column.PLAN, i, numbers.plan(statement, chunk, row.place));
        set(values, Column.TAG, i, numbers.text(statement.tag()));
        set(values, Column.SQLSTATE, i, numbers.text(statement.sqlState()));
      }
    }
    return StatementBlock.of(order, rows.size(), values);
  }

  private static void fill(Map<Column, long[]> values, int i, Statement statement) {
    set(values, Column.NUMBER, i, statement.number());
    set(values, Column.ENDED_AT, i, statement.endedAt());
    set(values, Column.MESSAGE, i, statement.message());
    set(values, Column.PART, i, statement.part());
    set(values, Column.DECISION, i, statement.decision().code());
    set(values, Column.COUNTED, i, statement.counted().code());
    set(values, Column.ENDED, i, statement.ended() ? 1 : 0);
    set(values, Column.END_FRAME, i, statement.endFrame());
    set(values, Column.END_MESSAGE, i, statement.endMessage());
    set(values, Column.ROWS, i, statement.rows());
    set(values, Column.OUTCOME, i, statement.outcome().code());
    set(values, Column.TRANSACTION, i, statement.transaction().code());
    set(values, Column.DECIDE_MICROS, i, statement.decideMicrosBelow());
    set(values, Column.BYTES, i, statement.bytes());
    set(values, Column.CONTINUES, i, statement.continues());
    set(values, Column.CREDENTIAL, i, statement.credential());
    set(values, Column.OWN, i, statement.inputs().isEmpty() && statement.masked() == null ? 0 : 1);
  }

  private static void set(Map<Column, long[]> values, Column column, int row, long value) {
    Objects.requireNonNull(values.get(column))[row] = value;
  }
}
