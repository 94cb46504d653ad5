package dev.nestor.evidence.archive;

import dev.nestor.evidence.index.StatementBlock;
import dev.nestor.evidence.index.StatementBlock.Column;
import dev.nestor.evidence.index.StatementIndex;
import dev.nestor.recorder.archive.Archive;
import dev.nestor.recorder.archive.Frame;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/// Events of an archive of which the index knows where they are.
final class IndexedEvents {
  private IndexedEvents() {}

  /// Events of all sessions and of none, in their order; those that cannot be read are left out.
  ///
  /// @param bits of [StatementBlock], one of which they must have
  static Stream<Frame> of(Archive archive, StatementIndex index, int bits) {
    return IntStream.range(0, index.chunks())
        .boxed()
        .flatMap(chunk -> frames(index.block(chunk), bits).boxed())
        .flatMap(frame -> archive.frame(frame).stream());
  }

  private static LongStream frames(StatementBlock block, int bits) {
    long[] kinds = block.column(Column.KIND);
    long[] anchors = block.column(Column.ANCHOR);
    return IntStream.range(0, block.rows())
        .filter(row -> (kinds[row] & bits) != 0)
        .mapToLong(row -> anchors[row]);
  }
}
