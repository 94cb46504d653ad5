package dev.nestor.recorder.recording;

import dev.nestor.recorder.event.BodyCodec;
import dev.nestor.recorder.event.RecordedEvent;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// What one event loop appends to. Frames, rows and events are *staged* one after the other and
/// become recorded together by [#commit()]: one read's frames and the rows that they begin or end
/// belong into one commit, before the bytes are forwarded.
///
/// ```
/// long frame = ring.append(session, Lane.COMMAND, nanoTime, bytes, 'Q', 1, 0, length);
/// long statement = ring.decided(session, RowStart.of(frame, 0, 0, plan, micros));
/// if (!ring.commit()) { /* the recorder is dead: close the session */ }
/// // now forward
/// ```
///
/// A row's end is staged directly behind the frame in which its last answer ends: no chunk may end
/// between them.
///
/// **Threads.** One thread only: the loop's. Appending a frame or a row allocates nothing; an event
/// does.
public final class Ring {
  /// Answer of an append: no room; nothing was staged. Stop reading and try again after
  /// [#whenFreed].
  public static final long FULL = 0;

  /// Largest frame; what is longer is cut.
  static final int FRAME_BYTES_MAX = 32 * 1024;

  private static final int ROOM_FOR_WRAP = RingEntry.HEADER_BYTES + FRAME_BYTES_MAX + 16;
  private static final int CONTINUATION = 7;

  /// Directions that frames are appended to.
  public enum Lane {
    /// Client to gateway.
    COMMAND,
    /// Gateway to client.
    RESULT
  }

  private final Recorder recorder;
  private final RingMemory memory;
  private final ByteBuffer bytes;
  private final int number;

  private long tail;
  private long committed;
  private int firstLength;
  private long lastTs;
  private long freedSeen;

  /// Position at which the recorder's thread was woken last.
  private long wokenAt;

  Ring(Recorder recorder, RingMemory memory, int number) {
    this.recorder = recorder;
    this.memory = memory;
    this.number = number;
    this.bytes = memory.bytes();
  }

  /// Position among the recorder's rings.
  public int number() {
    return number;
  }

  /// Begins a session. Its first event should be a [RecordedEvent.Session].
  public SessionHandle openSession() {
    return new SessionHandle(this, recorder.nextSession());
  }

  /// Stages whole messages, from the buffer's position to its limit, which do not move. More than
  /// 32 KiB are cut into several frames at message boundaries, a longer message into fragments.
  ///
  /// @param nanoTime when the last of the bytes arrived or was made
  /// @param firstType type byte of the first message, or the format's number of an untyped packet
  /// @param messages how many
  /// @param flags of [FrameFlags]
  /// @param wireLength length of what was on the wire, if secrets or elided rows make it another;
  ///   else the same
  /// @return the session's sequence of the first frame; [SessionHandle#lastFrame()] is that of the
  ///   last. [#FULL] if there is no room.
  /// @throws IllegalArgumentException if the bytes are more than a quarter of the ring: hand longer
  ///   messages in by [#appendPart]
  public long append(
      SessionHandle session,
      Lane lane,
      long nanoTime,
      ByteBuffer content,
      int firstType,
      int messages,
      int flags,
      long wireLength) {
    try {
      int length = content.remaining();
      long wireDelta = wireLength - length;
      if (length <= FRAME_BYTES_MAX) {
        if (!hasRoom(RingEntry.sized(length))) {
          return FULL;
        }
        frame(
            session,
            lane,
            ts(nanoTime),
            content,
            content.position(),
            length,
            firstType,
            messages,
            flags,
            wireDelta);
        return session.lastFrame();
      }
      checkLarge(length);
      if (!hasRoom(roomForLarge(length))) {
        return FULL;
      }
      long first = session.lastFrame() + 1;
      cut(session, lane, ts(nanoTime), content, firstType, messages, flags, wireDelta);
      return first;
    } catch (InternalError e) {
      return dead(e);
    }
  }

  /// Stages a piece of one message that is too large to be held whole. The first piece begins with
  /// the message's header; nothing else may stand between the pieces of a message in its lane of
  /// the session.
  ///
  /// @param firstType type of the message
  /// @param first true for the piece with its header
  /// @param last true for the piece with its end
  /// @return the sequence of the piece's first frame, or [#FULL]
  public long appendPart(
      SessionHandle session,
      Lane lane,
      long nanoTime,
      ByteBuffer content,
      int firstType,
      boolean first,
      boolean last,
      int flags) {
    try {
      int length = content.remaining();
      checkLarge(length);
      if (!hasRoom(roomForLarge(length))) {
        return FULL;
      }
      long sequence = session.lastFrame() + 1;
      fragments(
          session,
          lane,
          ts(nanoTime),
          content,
          content.position(),
          length,
          firstType,
          first,
          last,
          flags,
          0);
      return sequence;
    } catch (InternalError e) {
      return dead(e);
    }
  }

  /// Stages an event that has a session.
  ///
  /// @return the sequence of its frame in the session, or [#FULL]
  /// @throws IllegalArgumentException if the event is over a limit of the format
  public long event(SessionHandle session, long nanoTime, RecordedEvent event) {
    return stageEvent(session, nanoTime, event) ? session.lastFrame() : FULL;
  }

  /// Stages an event of no session.
  ///
  /// @return false if there is no room
  /// @throws IllegalArgumentException if the event is over a limit of the format
  public boolean event(long nanoTime, RecordedEvent event) {
    return stageEvent(null, nanoTime, event);
  }

  private boolean stageEvent(@Nullable SessionHandle session, long nanoTime, RecordedEvent event) {
    try {
      byte[] body = BodyCodec.encode(event, recorder.objects());
      if (!hasRoom(RingEntry.sized(body.length))) {
        return false;
      }
      if (session != null) {
        session.nextFrame();
      }
      int kind = event.lane() == 4 ? RingEntry.IDENTITY : RingEntry.EVENT;
      int at =
          begin(
              kind,
              BodyCodec.kindOf(event),
              0,
              session == null ? 0 : session.no(),
              ts(nanoTime),
              0,
              body.length,
              0);
      bytes.put(at + RingEntry.HEADER_BYTES, body);
      end(body.length);
      return true;
    } catch (InternalError e) {
      return dead(e) != FULL;
    }
  }

  /// Stages the decision of a statement. Behind a frame that was taken there is room: an eighth of
  /// the ring is kept for rows.
  ///
  /// @return the statement's number in the session, or [#FULL]
  public long decided(SessionHandle session, long nanoTime, RowStart row) {
    try {
      if (!hasRoomForRow(RingEntry.sized(RingEntry.DECIDED_BYTES))) {
        return FULL;
      }
      long statement = session.nextStatement();
      int at =
          begin(RingEntry.DECIDED, 0, 0, session.no(), ts(nanoTime), 0, RingEntry.DECIDED_BYTES, 0)
              + RingEntry.HEADER_BYTES;
      bytes.putLong(at, statement);
      bytes.putLong(at + 8, row.anchorFrame());
      bytes.putInt(at + 16, row.message());
      bytes.putInt(at + 20, row.part());
      bytes.putInt(at + 24, row.planId());
      bytes.putInt(at + 28, row.inputsId());
      bytes.putLong(at + 32, row.decideMicros());
      bytes.putLong(at + 40, row.continues());
      bytes.putLong(at + 48, row.credential());
      bytes.putLong(at + 56, 0);
      end(RingEntry.DECIDED_BYTES);
      return statement;
    } catch (InternalError e) {
      return dead(e);
    }
  }

  /// Stages the end of a statement, directly behind the frame with the end of its last answer.
  ///
  /// @param statement what [#decided] returned
  /// @return false if there is no room
  public boolean ended(SessionHandle session, long nanoTime, long statement, RowEnd row) {
    try {
      if (!hasRoomForRow(RingEntry.sized(RingEntry.ENDED_BYTES))) {
        return false;
      }
      int at =
          begin(RingEntry.ENDED, 0, 0, session.no(), ts(nanoTime), 0, RingEntry.ENDED_BYTES, 0)
              + RingEntry.HEADER_BYTES;
      bytes.putLong(at, statement);
      bytes.putLong(at + 8, row.endFrame());
      bytes.putInt(at + 16, row.message());
      bytes.putInt(at + 20, row.tagId());
      bytes.putLong(at + 24, row.rows());
      bytes.putLong(at + 32, row.bytes());
      bytes.putInt(at + 40, row.outcome().code());
      bytes.putInt(at + 44, row.transaction().code());
      bytes.putInt(at + 48, SqlState.toBase36(row.sqlState()));
      bytes.putInt(at + 52, row.decision().code());
      bytes.putInt(at + 56, row.maskId());
      bytes.putInt(at + 60, 0);
      end(RingEntry.ENDED_BYTES);
      return true;
    } catch (InternalError e) {
      return dead(e) != FULL;
    }
  }

  /// Stages an object that no row refers to and that belongs beside what is staged: a type of a
  /// result.
  ///
  /// @return false if there is no room
  public boolean mention(long nanoTime, int objectId) {
    if (!hasRoomForRow(RingEntry.sized(8))) {
      return false;
    }
    int at = begin(RingEntry.MENTION, 0, 0, 0, ts(nanoTime), 0, 8, 0);
    bytes.putLong(at + RingEntry.HEADER_BYTES, objectId);
    end(8);
    return true;
  }

  /// Publishes what is staged. From here on a kill of the process loses none of it.
  ///
  /// @return false if the recorder is dead: what was staged is not recorded, and its bytes must not
  ///   be forwarded
  public boolean commit() {
    if (recorder.failure().isPresent()) {
      return false;
    }
    if (tail == committed) {
      return true;
    }
    try {
      memory.length(tail, 0);
      memory.lengthRelease(committed, firstLength);
    } catch (InternalError e) { // the memory behind the mapping is gone
      recorder.fail("the ring cannot be written", e);
      return false;
    }
    committed = tail;
    wakeIfCrowded();
    return true;
  }

  /// Wakes the recorder's thread, which looks of its own accord every few milliseconds, early if
  /// much waits for it; and then not again before there is much more: waking costs more than
  /// everything else here together.
  private void wakeIfCrowded() {
    long crowd = memory.capacity() / 4;
    if (committed - freedSeen > crowd && committed - wokenAt > crowd / 4) {
      freedSeen = memory.freed();
      if (committed - freedSeen > crowd) {
        wokenAt = committed;
        recorder.wake();
      }
    }
  }

  /// Forgets what is staged since the last commit. The numbers that it took stay taken in the
  /// handles, so only a session that ends may do this.
  public void rollback() {
    tail = committed;
  }

  /// Calls back once, on the recorder's thread, when room was made.
  public void whenFreed(Runnable callback) {
    recorder.whenFreed(callback);
  }

  /// Whether frames and events would be taken now.
  ///
  /// @param bytes of all of them, what stands around each included
  public boolean takes(long bytes) {
    return hasRoomBeside(bytes, memory.capacity() / 8);
  }

  /// Bytes that are neither freed nor free.
  public long usedBytes() {
    return tail - memory.freed();
  }

  RingMemory memory() {
    return memory;
  }

  private void checkLarge(int length) {
    if (length > memory.capacity() / 4) {
      throw new IllegalArgumentException(
          length + " bytes at once (expected: at most a quarter of the ring)");
    }
  }

  private static int roomForLarge(int length) {
    int frames =
        length / (FRAME_BYTES_MAX / 2) + 2; // cut at message boundaries, half full at worst
    return length + frames * (RingEntry.HEADER_BYTES + 8);
  }

  /// Room for a frame or event. An eighth of the ring stays free for rows, so that a frame that was
  /// taken can be followed by the rows that belong to it.
  private boolean hasRoom(int entryBytes) {
    return hasRoomBeside(entryBytes, memory.capacity() / 8);
  }

  private boolean hasRoomForRow(int entryBytes) {
    return hasRoomBeside(entryBytes, 0);
  }

  /// Also keeps room for a filler at the end of the ring and for the empty slot behind the last
  /// entry.
  private boolean hasRoomBeside(long entryBytes, int kept) {
    long need = tail + entryBytes + kept + ROOM_FOR_WRAP - memory.capacity();
    if (need > freedSeen) {
      freedSeen = memory.freed();
    }
    return need <= freedSeen;
  }

  private long ts(long nanoTime) {
    lastTs = Math.max(lastTs, recorder.archiveTime(nanoTime));
    return lastTs;
  }

  private void cut(
      SessionHandle session,
      Lane lane,
      long ts,
      ByteBuffer content,
      int firstType,
      int messages,
      int flags,
      long wireDelta) {
    int at = content.position();
    int end = content.limit();
    if (messages <= 1) {
      fragments(session, lane, ts, content, at, end - at, firstType, true, true, flags, wireDelta);
      return;
    }
    int groupFrom = at;
    int groupMessages = 0;
    long delta = wireDelta;
    for (int left = messages; left > 0; left--) {
      int length = left == 1 ? end - at : messageBytes(content, at, end);
      if (groupMessages > 0 && at + length - groupFrom > FRAME_BYTES_MAX) {
        frame(
            session,
            lane,
            ts,
            content,
            groupFrom,
            at - groupFrom,
            content.get(groupFrom) & 0xFF,
            groupMessages,
            flags,
            delta);
        delta = 0;
        groupFrom = at;
        groupMessages = 0;
      }
      if (length > FRAME_BYTES_MAX) {
        fragments(
            session,
            lane,
            ts,
            content,
            at,
            length,
            content.get(at) & 0xFF,
            true,
            true,
            flags,
            delta);
        delta = 0;
        groupFrom = at + length;
      } else {
        groupMessages++;
      }
      at += length;
    }
    if (groupMessages > 0) {
      frame(
          session,
          lane,
          ts,
          content,
          groupFrom,
          end - groupFrom,
          content.get(groupFrom) & 0xFF,
          groupMessages,
          flags,
          delta);
    }
  }

  private static int messageBytes(ByteBuffer content, int at, int end) {
    if (end - at < 5) {
      throw new IllegalArgumentException("message header: " + (end - at) + " bytes left");
    }
    int b1 = content.get(at + 1) & 0xFF;
    int b2 = content.get(at + 2) & 0xFF;
    int b3 = content.get(at + 3) & 0xFF;
    int b4 = content.get(at + 4) & 0xFF;
    long length = 1 + ((long) b1 << 24 | b2 << 16 | b3 << 8 | b4);
    if (length < 5 || length > end - at) {
      throw new IllegalArgumentException(
          "message length: " + length + " (expected: 5.." + (end - at) + ")");
    }
    return (int) length;
  }

  private void fragments(
      SessionHandle session,
      Lane lane,
      long ts,
      ByteBuffer content,
      int from,
      int length,
      int type,
      boolean first,
      boolean last,
      int flags,
      long wireDelta) {
    int at = from;
    int end = from + length;
    boolean head = first;
    do {
      int piece = Math.min(FRAME_BYTES_MAX, end - at);
      int pieceFlags =
          flags | FrameFlags.FRAGMENT | (last && at + piece == end ? FrameFlags.LAST_FRAGMENT : 0);
      frame(
          session,
          lane,
          ts,
          content,
          at,
          piece,
          head ? type : CONTINUATION,
          head ? 1 : 0,
          pieceFlags,
          at == from ? wireDelta : 0);
      head = false;
      at += piece;
    } while (at < end);
  }

  /// The memory behind the mapping is gone: on a file system that was full after all, or whose file
  /// was cut.
  private long dead(InternalError e) {
    recorder.fail("the ring cannot be written", e);
    return FULL;
  }

  private void frame(
      SessionHandle session,
      Lane lane,
      long ts,
      ByteBuffer content,
      int from,
      int length,
      int type,
      int messages,
      int flags,
      long wireDelta) {
    session.nextFrame();
    int kind = lane == Lane.COMMAND ? RingEntry.COMMAND : RingEntry.RESULT;
    int at = begin(kind, type, flags, session.no(), ts, messages, length, wireDelta);
    bytes.put(at + RingEntry.HEADER_BYTES, content, from, length);
    end(length);
  }

  /// Writes an entry's header, all but its length; the caller has checked that there is room.
  private int begin(
      int kind,
      int type,
      int flags,
      long session,
      long ts,
      int messages,
      int payload,
      long wireDelta) {
    int size = RingEntry.sized(payload);
    int left = memory.capacity() - (int) (tail % memory.capacity());
    if (left < size) {
      bytes.put(memory.index(tail) + RingEntry.KIND, (byte) RingEntry.FILLER);
      publish(left);
    }
    int at = memory.index(tail);
    bytes.put(at + RingEntry.KIND, (byte) kind);
    bytes.put(at + RingEntry.TYPE, (byte) type);
    bytes.put(at + RingEntry.FLAGS, (byte) flags);
    bytes.put(at + RingEntry.FLAGS + 1, (byte) 0);
    bytes.putLong(at + RingEntry.SESSION, session);
    bytes.putLong(at + RingEntry.TS, ts);
    bytes.putInt(at + RingEntry.MESSAGES, messages);
    bytes.putInt(at + RingEntry.PAYLOAD_BYTES, payload);
    bytes.putLong(at + RingEntry.WIRE_DELTA, wireDelta);
    return at;
  }

  private void end(int payload) {
    publish(RingEntry.sized(payload));
  }

  /// The first entry of a commit keeps length 0 until [#commit()], which hides all that follow it.
  private void publish(int size) {
    if (tail == committed) {
      firstLength = size;
      memory.length(tail, 0);
    } else {
      memory.length(tail, size);
    }
    tail += size;
  }
}
