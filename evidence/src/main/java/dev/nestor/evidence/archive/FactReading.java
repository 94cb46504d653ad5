package dev.nestor.evidence.archive;

import dev.nestor.evidence.index.StatementBlock;
import dev.nestor.evidence.index.StatementBlock.Column;
import dev.nestor.evidence.index.StatementIndex;
import dev.nestor.recorder.archive.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CancellationException;
import java.util.function.Predicate;

/// Reads the statements of an archive from its index as flat values. What statements of one plan
/// have in common is worked out once.
final class FactReading {
  private static final int DECISIONS = 8;

  /// A statement's row is at most so many chunks behind its message.
  private static final int BEHIND = 256;

  private final StatementIndex index;
  private final Map<Long, Long> credentials;
  private final Map<Long, Shape> shapes = new HashMap<>();

  /// @param wanted what the filter says of it
  private record Shape(StatementFact fact, boolean wanted) {}

  /// @param credentials number of the credential by session
  FactReading(StatementIndex index, Map<Long, Long> credentials) {
    this.index = index;
    this.credentials = credentials;
  }

  /// @return how many statements there are, wanted or not
  /// @throws CancellationException if the filter said stop
  long read(FactFilter filter, Predicate<StatementFact> each) {
    Map<Long, Boolean> sessions = new HashMap<>();
    long seen = 0;
    for (int chunk = 0; chunk < index.chunks(); chunk++) {
      if (!filter.goOn()) {
        throw new CancellationException();
      }
      StatementBlock block = index.block(chunk);
      long[] kinds = block.column(Column.KIND);
      long[] local = block.column(Column.SESSION);
      long[] plans = block.column(Column.PLAN);
      long[] counted = block.column(Column.COUNTED);
      boolean[] wanted = new boolean[block.sessions().size()];
      for (int i = 0; i < wanted.length; i++) {
        wanted[i] = sessions.computeIfAbsent(block.sessions().get(i), filter::session);
      }
      for (int row = 0; row < block.rows(); row++) {
        if (kinds[row] != 0) {
          continue;
        }
        seen++;
        if (!wanted[(int) local[row]]) {
          continue;
        }
        Shape shape = shape(plans[row], counted[row], filter, chunk, row);
        if (shape.wanted && !each.test(fact(shape.fact, block, chunk, row))) {
          return seen;
        }
      }
    }
    return seen;
  }

  /// One statement.
  ///
  /// @param from chunk that has its frame; its row is there or behind
  Optional<StatementFact> find(int from, long frame, long number) {
    FactFilter all = FactFilter.all(() -> true);
    for (int chunk = Math.max(0, from); chunk < Math.min(index.chunks(), from + BEHIND); chunk++) {
      StatementBlock block = index.block(chunk);
      long[] anchors = block.column(Column.ANCHOR);
      for (int row = 0; row < block.rows(); row++) {
        if (anchors[row] == frame
            && block.get(Column.KIND, row) == 0
            && block.get(Column.NUMBER, row) == number) {
          Shape shape =
              shape(block.get(Column.PLAN, row), block.get(Column.COUNTED, row), all, chunk, row);
          return Optional.of(fact(shape.fact, block, chunk, row));
        }
      }
    }
    return Optional.empty();
  }

  private Shape shape(long plan, long counted, FactFilter filter, int chunk, int row) {
    Shape known = shapes.get(plan * DECISIONS + counted);
    if (known == null) {
      StatementFact fact = TrailReading.fact(index.statement(chunk, row), 0);
      known = new Shape(fact, filter.shape(fact));
      shapes.put(plan * DECISIONS + counted, known);
    }
    return known;
  }

  private StatementFact fact(StatementFact shape, StatementBlock block, int chunk, int row) {
    Statement statement = index.statement(chunk, row);
    ReplayRow.Statement own = StatementRows.row(statement, "", 0);
    long credential = block.get(Column.CREDENTIAL, row);
    List<String> masked =
        block.get(Column.OWN, row) == 0
            ? shape.maskedOutputs()
            : TrailReading.fact(statement, 0).maskedOutputs();
    OptionalLong rows = own.rows();
    return new StatementFact(
        own.session(),
        own.statement(),
        own.frame(),
        own.at(),
        own.decision(),
        shape.dryRun(),
        shape.verb(),
        shape.reads(),
        shape.writes(),
        shape.outputs(),
        shape.labels(),
        shape.rules(),
        masked,
        shape.flags(),
        shape.factsKnown(),
        shape.template(),
        rows,
        own.tag(),
        own.sqlState(),
        own.outcome(),
        own.durationMicros(),
        statement.bytes(),
        credential != 0 ? credential : credentials.getOrDefault(own.session(), 0L));
  }
}
