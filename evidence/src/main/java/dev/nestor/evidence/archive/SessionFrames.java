package dev.nestor.evidence.archive;

import dev.nestor.recorder.archive.Archive;
import dev.nestor.recorder.chunk.ChunkDecoder;
import dev.nestor.recorder.chunk.FrameMeta;
import dev.nestor.recorder.chunk.Lane;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/// The message frames of a session, found in the archive's chunks when they are asked for; those
/// asked for last are kept. A frame is a number with two bits.
///
/// **Threads.** May be shared.
final class SessionFrames {
  /// No such frame.
  static final long NONE = 0;

  private static final long CLIENT = 1L << 63;
  private static final long PARSE = 1L << 62;
  private static final long NUMBER = PARSE - 1;
  private static final int CHUNKS_KEPT = 64;

  private final Archive archive;
  private final long session;
  private final int firstChunk;
  private final int lastChunk;
  private final Map<Integer, long[]> chunks =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Integer, long[]> eldest) {
          return size() > CHUNKS_KEPT;
        }
      };

  /// @param firstChunk number of the first chunk that may have the session
  /// @param lastChunk likewise of the last
  SessionFrames(Archive archive, long session, int firstChunk, int lastChunk) {
    this.archive = archive;
    this.session = session;
    this.firstChunk = firstChunk;
    this.lastChunk = lastChunk;
  }

  /// The number of a frame.
  static long number(long frame) {
    return frame & NUMBER;
  }

  static boolean isFromClient(long frame) {
    return (frame & CLIENT) != 0;
  }

  /// Whether it comes from the client and begins with Parse.
  static boolean beginsWithParse(long frame) {
    return (frame & PARSE) != 0;
  }

  /// The first frame behind a number.
  long after(long number) {
    for (int chunk = Math.max(firstChunk, archive.chunkOf(number)); chunk <= lastChunk; chunk++) {
      long[] frames = frames(chunk);
      int at = firstFrom(frames, number + 1);
      if (at < frames.length) {
        return frames[at];
      }
    }
    return NONE;
  }

  /// The last frame before a number.
  long before(long number) {
    for (int chunk = Math.min(lastChunk, archive.chunkOf(number)); chunk >= firstChunk; chunk--) {
      long[] frames = frames(chunk);
      int at = firstFrom(frames, number) - 1;
      if (at >= 0) {
        return frames[at];
      }
    }
    return NONE;
  }

  private static int firstFrom(long[] frames, long number) {
    int low = 0;
    int high = frames.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (number(frames[middle]) < number) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  private long[] frames(int chunk) {
    if (!archive.chunkEntry(chunk).mayHave(session)) {
      return new long[0];
    }
    synchronized (chunks) {
      long[] known = chunks.get(chunk);
      if (known != null) {
        return known;
      }
    }
    long[] read = archive.chunk(chunk).map(this::read).orElseGet(() -> new long[0]);
    synchronized (chunks) {
      chunks.put(chunk, read);
    }
    return read;
  }

  private long[] read(ChunkDecoder chunk) {
    long[] found = new long[chunk.frames().size()];
    int count = 0;
    for (FrameMeta meta : chunk.frames()) {
      if (meta.session() == session && (meta.lane() == Lane.CMD || meta.lane() == Lane.RES)) {
        found[count++] =
            meta.no()
                | (meta.lane() == Lane.CMD ? CLIENT : 0)
                | (meta.lane() == Lane.CMD && meta.type() == 'P' ? PARSE : 0);
      }
    }
    return Arrays.copyOf(found, count);
  }

  /// Frames behind one number, up to another, in order.
  Iterable<Long> between(long behind, long upTo) {
    return () -> new Walk(after(behind), frame -> after(number(frame)), upTo);
  }

  /// Walks as far as it is asked to.
  private static final class Walk implements java.util.Iterator<Long> {
    private final java.util.function.LongUnaryOperator step;
    private final long upTo;
    private long next;

    Walk(long first, java.util.function.LongUnaryOperator step, long upTo) {
      this.next = first;
      this.step = step;
      this.upTo = upTo;
    }

    @Override
    public boolean hasNext() {
      return next != NONE && number(next) <= upTo;
    }

    @Override
    public Long next() {
      if (!hasNext()) {
        throw new java.util.NoSuchElementException();
      }
      long here = next;
      next = step.applyAsLong(here);
      return number(here);
    }
  }

  /// Frames from the client, from one number backwards: all of the nearest, and of those farther
  /// away only what begins with Parse.
  Iterable<Long> clientBack(long from, int all, int parses) {
    return () ->
        new java.util.Iterator<>() {
          private int near = all;
          private int far = parses;
          private long next = seek(before(from + 1));

          private long seek(long start) {
            long frame = start;
            while (frame != NONE && (near > 0 || far > 0)) {
              if (isFromClient(frame) && (near > 0 || beginsWithParse(frame))) {
                return frame;
              }
              frame = before(number(frame));
            }
            return NONE;
          }

          @Override
          public boolean hasNext() {
            return next != NONE;
          }

          @Override
          public Long next() {
            if (next == NONE) {
              throw new java.util.NoSuchElementException();
            }
            long here = next;
            if (near > 0) {
              near--;
            } else {
              far--;
            }
            next = seek(before(number(here)));
            return number(here);
          }
        };
  }

  /// The last chunk that may have a session.
  ///
  /// @param tsLast its last frame, microseconds; 0 if unknown
  static int lastChunk(Archive archive, int firstChunk, long tsLast) {
    int low = firstChunk;
    for (int chunk = firstChunk; chunk < archive.chunkCount(); chunk++) {
      if (tsLast == 0 || archive.chunkEntry(chunk).tsFirst() <= tsLast) {
        low = chunk;
      }
    }
    return low;
  }

  /// The chunk in which a session begins, 0 if unknown.
  static int firstChunk(Archive archive, long firstFrame) {
    return Math.max(0, Math.min(archive.chunkOf(firstFrame), archive.chunkCount() - 1));
  }
}
