package dev.nestor.recorder.archive;

import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Reads the records of a segment one after the other, on a thread of its own, some way ahead of
/// whoever walks them: reading and CRCs then cost a verification no time beside its hashes.
///
/// It goes as far as headers hold. From the first that does not, [#take] has nothing, and the walk
/// reads for itself.
///
/// **Threads.** One takes.
public final class RecordLookahead implements AutoCloseable {
  private static final int AHEAD = 16;
  private static final int BODY_BYTES_MAX = 4 << 20;
  private static final long OFFER_MILLIS = 20;

  private final Records records;
  private final long until;
  private final ArrayBlockingQueue<Read> ahead = new ArrayBlockingQueue<>(AHEAD);
  private @Nullable Read next;
  private volatile boolean closed;

  /// A record as it was read.
  ///
  /// @param body as [Records#body] has it; `null` if it is so long that the walk reads it
  @SuppressWarnings("NullableOptional") // three answers: not read, read and broken, read
  public record Read(
      long offset,
      Records.@Nullable Found found,
      @Nullable Optional<byte[]> body,
      boolean paddingHolds) {}

  /// Begins to read.
  ///
  /// @param from offset of a record
  /// @param until offset behind the last
  public RecordLookahead(Records records, long from, long until) {
    this.records = records;
    this.until = until;
    Thread.ofPlatform().name("record-lookahead").daemon().start(() -> read(from));
  }

  private void read(long from) {
    long at = from;
    try {
      while (at < until && !closed) {
        Optional<Records.Found> found = records.header(at);
        if (found.isEmpty()) {
          break;
        }
        boolean isLong = found.get().header().bodyBytes() > BODY_BYTES_MAX;
        Optional<byte[]> body = isLong ? null : records.body(found.get());
        hand(new Read(at, found.get(), body, records.paddingHolds(found.get().header())));
        at = found.get().header().next();
      }
    } catch (IOException e) {
      // the walk meets it too, and says it
    } finally {
      hand(new Read(Long.MAX_VALUE, null, null, false));
    }
  }

  /// Waits for room; an interrupt would close the file under the walk, so nobody sends one.
  private void hand(Read read) {
    try {
      while (!closed && !ahead.offer(read, OFFER_MILLIS, TimeUnit.MILLISECONDS)) {
        // once more
      }
    } catch (InterruptedException e) {
      closed = true;
    }
  }

  /// The record at an offset, if it was read ahead.
  public Optional<Read> take(long offset) {
    try {
      Read known = next;
      while (known == null || known.offset < offset) {
        known = ahead.take();
      }
      next = known.offset == offset ? null : known;
      return known.offset == offset ? Optional.of(known) : Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      closed = true;
      next = new Read(Long.MAX_VALUE, null, null, false);
      return Optional.empty();
    }
  }

  @Override
  public void close() {
    closed = true;
    ahead.clear();
  }
}
