package dev.nestor.proxy.capture;

import dev.nestor.policy.RowCapture;
import dev.nestor.postgres.sql.SecretLiterals.Span;
import dev.nestor.proxy.budget.BudgetMeter;
import dev.nestor.proxy.credential.HeldCredential;
import dev.nestor.proxy.decision.Hold;
import dev.nestor.proxy.decision.Ruling;
import dev.nestor.proxy.decision.SessionSettings;
import dev.nestor.proxy.session.Execution;
import dev.nestor.proxy.session.Journal;
import dev.nestor.proxy.session.SessionEnd;
import dev.nestor.proxy.session.StateNotes;
import dev.nestor.recorder.bytes.Bytes;
import dev.nestor.recorder.event.ArchiveObject;
import dev.nestor.recorder.event.DecisionCode;
import dev.nestor.recorder.event.RecordedEvent;
import dev.nestor.recorder.event.TransactionStatus;
import dev.nestor.recorder.recording.FrameFlags;
import dev.nestor.recorder.recording.Recorder;
import dev.nestor.recorder.recording.Ring;
import dev.nestor.recorder.recording.RowEnd;
import dev.nestor.recorder.recording.RowStart;
import dev.nestor.recorder.recording.SessionHandle;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Records one session. The net layer walks messages, tells which one it is at ([#beginMessage]),
/// and commits a batch of them before it forwards any.
///
/// A commit that finds the ring full stages nothing and may be repeated as it is; one that finds
/// the recorder dead says so, and the batch must not be forwarded.
public final class SessionCapture implements Journal {
  /// What became of a commit.
  public enum Commit {
    /// Recorded: forward.
    DONE,
    /// No room in the ring: stop reading, try again after [Ring#whenFreed].
    FULL,
    /// The recorder is dead: end the session.
    DEAD
  }

  private static final Logger LOG = LoggerFactory.getLogger(SessionCapture.class);
  private static final byte[] NOTHING = {};
  private static final int PIECE_BYTES = 1 << 18;
  private static final int FRAME_BYTES_HALF = 16 << 10;
  private static final int ROW_BYTES_MAX = 192;
  private static final int EVENT_BYTES_MAX = 32 << 10;
  private static final int HEAD_EVENTS = 5;
  static final int APPLICATION_NAME_MAX = 64;

  private final Ring ring;
  private final Recorder recorder;
  private final Executor loop;
  private final SessionHandle handle;
  private final LongSupplier nanoTime;
  private final List<Execution> decided = new ArrayList<>();
  private final List<Long> decidedMicros = new ArrayList<>();
  private final List<Ended> ended = new ArrayList<>();
  private final List<Ended> endedWithoutAnswer = new ArrayList<>();
  private final Deque<RecordedEvent> events = new ArrayDeque<>();
  private byte[] lastWords = NOTHING;
  private boolean waitsForRoom;
  private boolean batchWaits;
  private final CommentLink comments = new CommentLink();
  private final Map<String, Integer> tags = new HashMap<>();
  private final long[] counts = new long[5];

  private final List<Span> concealed = new ArrayList<>();
  private final StateNotes state = new StateNotes();
  private final StateEvents states = new StateEvents();

  /// Leaves rows out of the record; null if they are kept.
  private @Nullable RowElision elision;

  /// The last message was a row that is left out: of a run only the first one counts.
  private int rowRun;

  private int rowRunBefore;

  private int messageIndex = -1;
  private int messageOffset;
  private long messageBegan;
  private long bytesIn;
  private long bytesOut;
  private long rows;
  private long lastComplete;
  private boolean killing;

  private record Ended(
      Execution execution,
      int message,
      Outcome outcome,
      String tag,
      String sqlState,
      byte transaction) {}

  /// Opens a session in the record.
  ///
  /// @param ring of the session's event loop
  /// @param loop the session's event loop
  public SessionCapture(Recorder recorder, Ring ring, Executor loop, LongSupplier nanoTime) {
    this.recorder = recorder;
    this.loop = loop;
    this.ring = ring;
    this.nanoTime = nanoTime;
    this.handle = ring.openSession();
  }

  /// The session's number in the archive.
  public long number() {
    return handle.no();
  }

  // ---- the head

  /// Records who came and how it went: client, principal, credential, session, and the messages of
  /// the start-up. Like a batch, it may be repeated while there is no room.
  ///
  /// @param principals numbers of those who came before
  public Commit head(SessionFacts facts, Principals principals) {
    long now = nanoTime.getAsLong();
    int content = 0;
    for (SessionFacts.StartFrame frame : facts.frames) {
      content += frame.bytes().length + ROW_BYTES_MAX;
    }
    if (!ring.takes(content + HEAD_EVENTS * EVENT_BYTES_MAX)) {
      return full();
    }
    ring.event(handle, now, client(facts));
    @Nullable HeldCredential held = facts.credential;
    if (held != null) {
      for (RecordedEvent event : CredentialEvents.chain(held, principals)) {
        ring.event(handle, now, event);
      }
    }
    ring.event(handle, now, session(facts, principals));
    for (SessionFacts.StartFrame frame : facts.frames) {
      ring.append(
          handle,
          frame.fromClient() ? Ring.Lane.COMMAND : Ring.Lane.RESULT,
          now,
          ByteBuffer.wrap(frame.bytes()),
          frame.type(),
          frame.messages(),
          frame.flags(),
          frame.wireBytes());
    }
    batchWaits = false;
    return ring.commit() ? Commit.DONE : Commit.DEAD;
  }

  /// Records what the session has at its start.
  ///
  /// @param parameters as the server told them
  public Commit begins(Map<String, String> parameters, SessionSettings tracked) {
    state.start(parameters, tracked);
    return finish(nanoTime.getAsLong());
  }

  /// Records a log-in that was refused: its head, and that it ended.
  public Commit refused(SessionFacts facts, Principals principals) {
    Commit head = head(facts, principals);
    return head == Commit.DONE
        ? end(SessionEnd.Trigger.POLICY, 0, 0, RecordedEvent.Transaction.NONE)
        : head;
  }

  private static RecordedEvent client(SessionFacts facts) {
    byte[] address =
        facts.client.getAddress() == null ? new byte[0] : facts.client.getAddress().getAddress();
    return new RecordedEvent.Client(
        Bytes.of(address), facts.client.getPort(), "", Bytes.EMPTY, "", Bytes.EMPTY);
  }

  private RecordedEvent session(SessionFacts facts, Principals principals) {
    @Nullable HeldCredential held = facts.credential;
    UUID id = new UUID(recorder.archive().getMostSignificantBits(), handle.no());
    ByteBuffer idBytes =
        ByteBuffer.allocate(16)
            .putLong(id.getMostSignificantBits())
            .putLong(id.getLeastSignificantBits());
    return RecordedEvent.Session.builder()
        .id(Bytes.of(idBytes.array()))
        .database(cut(facts.database, 255))
        .roleAsked(cut(facts.user, 255))
        .roleOnServer(facts.role)
        .applicationName(cut(facts.applicationName, APPLICATION_NAME_MAX))
        .protocol(facts.protocol)
        .tlsVersion(facts.tlsVersion)
        .tlsCipher(facts.tlsCipher)
        .driverGuess(DriverGuess.of(facts.applicationName, facts.parameterNames))
        .principal(held == null ? 0 : principals.holder(held))
        .credential(held == null ? 0 : principals.number(held))
        .method(
            held == null
                ? RecordedEvent.Method.UNSET
                : held.parent().isEmpty() ? RecordedEvent.Method.JWT : RecordedEvent.Method.CHILD)
        .startupParameters(facts.parameterNames.stream().map(name -> cut(name, 255)).toList())
        .connection(cut(facts.connection, 255))
        .serverVersion(facts.serverVersion)
        .backendPid(facts.serverPid)
        .serverTlsVersion(facts.serverTlsVersion)
        .refusalCode(facts.refusalCode)
        .build();
  }

  static String cut(String text, int bytesMax) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    if (utf8.length <= bytesMax) {
      return text;
    }
    int end = bytesMax;
    while (end > 0 && (utf8[end] & 0xC0) == 0x80) {
      end--;
    }
    return new String(utf8, 0, end, StandardCharsets.UTF_8);
  }

  /// Says what becomes of rows in the record; called before the first.
  public void keepRows(RowCapture level) {
    elision =
        switch (level) {
          case NONE -> RowElision.counting();
          case SHAPE -> RowElision.proving(recorder.elidedRowsKey());
          case MASKED -> null;
        };
  }

  // ---- statements

  /// The next message of the client begins: what is decided belongs to it.
  ///
  /// @param offset of its first byte in the batch
  public void beginMessage(int offset) {
    messageIndex++;
    messageOffset = offset;
    messageBegan = nanoTime.getAsLong();
  }

  /// The next message of the server begins: what is ended belongs to it.
  public void beginAnswer() {
    messageIndex++;
    rowRunBefore = rowRun;
    rowRun = 0;
  }

  /// A message that no decision can concern; only counted.
  public void passMessage() {
    messageIndex++;
    rowRun = 0;
  }

  /// A row for the client; only counted.
  ///
  /// @param type `D` or `d`
  public void passRow(int type) {
    if (elision == null || rowRun != type) {
      messageIndex++;
    }
    rowRun = type;
  }

  /// The message was not one after all: it waits, or the client does not get it.
  public void cancelMessage() {
    messageIndex--;
    rowRun = rowRunBefore;
  }

  /// The session is being killed: what has no answer yet counts as killed.
  public void killing() {
    killing = true;
  }

  @Override
  public void conceal(int from, int to) {
    concealed.add(new Span(messageOffset + from, messageOffset + to));
  }

  /// The same content with `?` for what must not be written down; the client's own bytes stay.
  private ByteBuffer withoutSecrets(ByteBuffer content) {
    ByteBuffer copy = ByteBuffer.allocate(content.remaining()).put(content.duplicate()).flip();
    for (Span secret : concealed) {
      Arrays.fill(copy.array(), secret.start(), secret.end(), (byte) '?');
    }
    return copy;
  }

  @Override
  public Execution decided(Ruling ruling, int part) {
    Execution execution =
        new Execution(
            ruling,
            part,
            handle.lastFrame() + 1,
            messageIndex,
            handle.lastStatement() + decided.size() + 1);
    decided.add(execution);
    decidedMicros.add((nanoTime.getAsLong() - messageBegan) / 1000);
    counts[decisionIndex(ruling)]++;
    return execution;
  }

  @Override
  public StateNotes.Origin place(String statement) {
    return new StateNotes.Origin(handle.lastFrame() + 1, Math.max(messageIndex, 0), statement);
  }

  @Override
  public StateNotes state() {
    return state;
  }

  @Override
  public long nextStatement() {
    return handle.lastStatement() + decided.size() + 1;
  }

  /// What became of a statement that its plan does not say.
  private static DecisionCode outcome(Ruling ruling) {
    Optional<Hold.Outcome> outcome = ruling.hold().flatMap(Hold::outcome);
    if (outcome.isEmpty()) {
      return DecisionCode.AS_PLANNED;
    }
    return switch (outcome.get()) {
      case GRANTED -> ruling.masks() ? DecisionCode.HELD_GRANTED_MASKED : DecisionCode.HELD_GRANTED;
      case REFUSED -> DecisionCode.HELD_REFUSED;
      case TIMED_OUT -> DecisionCode.HELD_TIMED_OUT;
      case CANCELLED -> DecisionCode.HELD_CANCELLED;
      case IMPOSSIBLE -> DecisionCode.BLOCK;
    };
  }

  private static int decisionIndex(Ruling ruling) {
    if (outcome(ruling).counted() == DecisionCode.HOLD) {
      return 2;
    }
    return switch (ruling.verdict()) {
      case HOLD -> 2;
      case ALLOW -> ruling.masks() ? 1 : 0;
      case BLOCK -> 3;
      case KILL -> 4;
    };
  }

  @Override
  public void ended(
      Execution execution, Outcome outcome, String tag, String sqlState, byte transaction) {
    boolean answered =
        switch (outcome) {
          case COMPLETE, ERROR, EMPTY, SUSPENDED -> true;
          case SKIPPED, NO_ANSWER, NOT_FORWARDED -> false;
        };
    (answered ? ended : endedWithoutAnswer)
        .add(new Ended(execution, messageIndex, outcome, tag, sqlState, transaction));
    if (answered) {
      lastComplete = execution.number();
    }
  }

  @Override
  public void cut(Execution execution, BudgetMeter.Spent spent) {
    if (execution.isCut()) { // else it is only observed
      counts[decisionIndex(execution.ruling())]--;
      counts[3]++;
    }
    events.add(
        new RecordedEvent.Budget(
            spent.budget().rule().id() + " per " + spent.budget().limit().per().word(),
            spent.measure(),
            spent.used(),
            spent.most(),
            execution.isCut() ? "cut" : "observed"));
  }

  @Override
  public void injected(String what, String text) {
    events.add(
        new RecordedEvent.Injected(
            switch (what) {
              case "show" -> RecordedEvent.InjectedMessage.SHOW;
              case "cancel" -> RecordedEvent.InjectedMessage.CANCEL;
              case "error-raiser" -> RecordedEvent.InjectedMessage.ERROR_RAISER;
              default -> RecordedEvent.InjectedMessage.QUERY;
            },
            0,
            text,
            "",
            0));
  }

  // ---- batches

  /// Records messages of the client and the decisions about them.
  ///
  /// @param content whole messages, between position and limit
  /// @param messages how many
  public Commit command(ByteBuffer content, int messages, int flags) {
    return concealed.isEmpty()
        ? commands(content, messages, flags)
        : commands(withoutSecrets(content), messages, flags | FrameFlags.SECRET_REPLACED);
  }

  private Commit commands(ByteBuffer content, int messages, int flags) {
    long now = nanoTime.getAsLong();
    if (!hasRoom(content.remaining())) {
      return full();
    }
    if (content.hasRemaining()) {
      if (!append(Ring.Lane.COMMAND, now, content, messages, flags, content.remaining())) {
        return full();
      }
      bytesIn += content.remaining();
    }
    for (int i = 0; i < decided.size(); i++) {
      Execution execution = decided.get(i);
      ring.decided(
          handle,
          now,
          RowStart.of(
              execution.anchor(),
              execution.messageIndex(),
              execution.part(),
              execution.ruling().parts().get(execution.part()).plan(),
              decidedMicros.get(i)));
    }
    decided.clear();
    decidedMicros.clear();
    concealed.clear();
    return finish(now);
  }

  /// Records messages to the client and the ends of statements in them.
  public Commit results(ByteBuffer content, int messages, int flags) {
    RowElision leavesOut = elision;
    if (leavesOut != null) {
      RowElision.Elided kept = leavesOut.without(content);
      if (kept.any()) {
        return results(
            kept.content(), kept.messages(), flags | FrameFlags.ROWS_ELIDED, content.remaining());
      }
    }
    return results(content, messages, flags, content.remaining());
  }

  private Commit results(ByteBuffer content, int messages, int flags, int wireBytes) {
    long now = nanoTime.getAsLong();
    if (!hasRoom(content.remaining())) {
      return full();
    }
    if (content.hasRemaining()) {
      if (!append(Ring.Lane.RESULT, now, content, messages, flags, wireBytes)) {
        return full();
      }
      bytesOut += wireBytes;
      for (Ended end : ended) {
        stageEnd(now, end, handle.lastFrame());
      }
      ended.clear();
    }
    return finish(now);
  }

  /// Records a piece of one message that is not held whole.
  ///
  /// @param first whether it begins with the message's header
  /// @param last whether the message ends with it
  public Commit part(
      boolean fromClient, ByteBuffer content, int type, boolean first, boolean last) {
    if (!hasRoom(content.remaining())) {
      return full();
    }
    long now = nanoTime.getAsLong();
    RowElision leavesOut = elision;
    if (leavesOut != null && !fromClient && RowElision.isRow(type)) {
      ByteBuffer kept = leavesOut.piece(type, content, first);
      boolean fits =
          append(Ring.Lane.RESULT, now, kept, 1, FrameFlags.ROWS_ELIDED, content.remaining());
      bytesOut += fits ? content.remaining() : 0;
      return fits ? finish(now) : full();
    }
    long frame =
        ring.appendPart(
            handle,
            fromClient ? Ring.Lane.COMMAND : Ring.Lane.RESULT,
            now,
            content,
            type,
            first,
            last,
            0);
    if (frame == Ring.FULL) {
      return full();
    }
    if (fromClient) {
      bytesIn += content.remaining();
    } else {
      bytesOut += content.remaining();
    }
    return finish(now);
  }

  /// Whether all of a batch fits: nothing is staged in halves.
  private boolean hasRoom(int contentBytes) {
    int frames = contentBytes / FRAME_BYTES_HALF + 1;
    long rowBytes =
        (long) ROW_BYTES_MAX * (decided.size() + ended.size() + endedWithoutAnswer.size());
    long need =
        contentBytes
            + (long) frames * ROW_BYTES_MAX
            + rowBytes
            + (Math.min(events.size(), HEAD_EVENTS) + 1L) * EVENT_BYTES_MAX; // and the state
    return ring.takes(need);
  }

  private Commit full() {
    batchWaits = true;
    return recorder.failure().isPresent() ? Commit.DEAD : Commit.FULL;
  }

  private boolean append(
      Ring.Lane lane, long now, ByteBuffer content, int messages, int flags, int wireBytes) {
    int length = content.remaining();
    int type = content.get(content.position()) & 0xFF;
    if (length <= PIECE_BYTES) {
      return ring.append(handle, lane, now, content, type, messages, flags, wireBytes) != Ring.FULL;
    }
    // one large message: the batches before it were cut
    for (int at = 0; at < length; at += PIECE_BYTES) {
      ByteBuffer piece = content.slice(content.position() + at, Math.min(PIECE_BYTES, length - at));
      boolean last = at + PIECE_BYTES >= length;
      if (ring.appendPart(handle, lane, now, piece, type, at == 0, last, flags) == Ring.FULL) {
        return false;
      }
    }
    return true;
  }

  private Commit finish(long now) {
    batchWaits = false;
    messageIndex = -1;
    rowRun = 0;
    return commitRest(now);
  }

  private Commit commitRest(long now) {
    if (!stageRest(now) && !waitsForRoom) {
      waitsForRoom = true;
      ring.whenFreed(this::roomAgain);
    }
    return ring.commit() ? Commit.DONE : Commit.DEAD;
  }

  /// Stages what nothing waits for to be forwarded. It comes after the rest, and keeps its order
  /// where some of it has to come later.
  ///
  /// @return false if there was no room for all of it
  private boolean stageRest(long now) {
    if (!stageLastWords(now)) {
      return false;
    }
    if (!endedWithoutAnswer.isEmpty()
        && !ring.takes((long) ROW_BYTES_MAX * endedWithoutAnswer.size())) {
      return false;
    }
    for (Ended end : endedWithoutAnswer) {
      stageEnd(now, end, 0);
    }
    endedWithoutAnswer.clear();
    while (!events.isEmpty()) {
      RecordedEvent event = events.getFirst();
      long sequence = ring.event(handle, now, comments.linked(event));
      if (sequence == Ring.FULL) {
        return false;
      }
      comments.recorded(event, sequence);
      events.removeFirst();
    }
    if (state.isChanged()) {
      if (!ring.takes(EVENT_BYTES_MAX)) {
        return false;
      }
      ring.event(handle, now, states.next(state));
    }
    return true;
  }

  private boolean stageLastWords(long now) {
    if (lastWords.length == 0) {
      return true;
    }
    if (!append(
        Ring.Lane.RESULT,
        now,
        ByteBuffer.wrap(lastWords),
        1,
        FrameFlags.ERROR | FrameFlags.DIFFERS_FROM_SERVER,
        lastWords.length)) {
      return false;
    }
    bytesOut += lastWords.length;
    lastWords = NOTHING;
    return true;
  }

  /// On the recorder's thread.
  private void roomAgain() {
    try {
      loop.execute(() -> {
        waitsForRoom = false;
        if (!batchWaits) { // else the batch comes first, and takes this with it
          commitRest(nanoTime.getAsLong());
        }
      });
    } catch (RejectedExecutionException e) {
      LOG.warn("the end of session {} came after the gateway had stopped", handle.no());
    }
  }

  private void stageEnd(long now, Ended end, long frame) {
    boolean killed = killing && end.outcome() == Outcome.NO_ANSWER;
    if (killed) {
      counts[decisionIndex(end.execution().ruling())]--;
      counts[4]++;
    }
    TagRows tag = TagRows.of(end.tag(), end.execution().rows());
    rows += end.outcome() == Outcome.COMPLETE ? end.execution().rows() : 0;
    ring.ended(
        handle,
        now,
        end.execution().number(),
        new RowEnd(
            frame,
            frame == 0 ? 0 : end.message(),
            tag.rows(),
            outcome(end.outcome()),
            tag.tag().isEmpty() ? 0 : tagId(tag.tag()),
            end.sqlState(),
            switch (end.transaction()) {
              case 'T' -> TransactionStatus.IN_TRANSACTION;
              case 'E' -> TransactionStatus.FAILED;
              default -> TransactionStatus.IDLE;
            },
            end.execution().bytes(),
            killed
                ? DecisionCode.KILLED
                : end.execution().isCut() ? DecisionCode.CUT : outcome(end.execution().ruling()),
            end.execution().masks()));
  }

  private int tagId(String tag) {
    return tags.computeIfAbsent(
        tag, text -> recorder.objects().intern(new ArchiveObject.Text(text)));
  }

  private static dev.nestor.recorder.event.Outcome outcome(Outcome outcome) {
    return switch (outcome) {
      case COMPLETE -> dev.nestor.recorder.event.Outcome.COMPLETE;
      case ERROR -> dev.nestor.recorder.event.Outcome.ERROR;
      case EMPTY -> dev.nestor.recorder.event.Outcome.EMPTY;
      case SUSPENDED -> dev.nestor.recorder.event.Outcome.SUSPENDED;
      case SKIPPED -> dev.nestor.recorder.event.Outcome.SKIPPED_TO_SYNC;
      case NO_ANSWER -> dev.nestor.recorder.event.Outcome.NO_ANSWER;
      case NOT_FORWARDED -> dev.nestor.recorder.event.Outcome.NEITHER_FORWARDED_NOR_ANSWERED;
    };
  }

  // ---- the end

  /// Records the error that ends the session for its client, now or as soon as the ring has room.
  /// It is sent in either case: nobody who is to be cut off gets time because the ring is full.
  public Commit lastWords(byte[] fatal) {
    lastWords = fatal;
    return finish(nanoTime.getAsLong());
  }

  /// Records an event of this session, now or as soon as the ring has room.
  public Commit event(RecordedEvent event) {
    events.add(event);
    return batchWaits ? Commit.DONE : commitRest(nanoTime.getAsLong());
  }

  /// Records the end of the session, now or as soon as the ring has room; the last call.
  ///
  /// @param inFlight number of the statement that the server worked on, 0 for none
  /// @param by principal who ended it, 0 for nobody
  public Commit end(
      SessionEnd.Trigger trigger, long by, long inFlight, RecordedEvent.Transaction transaction) {
    for (Ended end : ended) {
      // its answer never reached the client
      endedWithoutAnswer.add(
          new Ended(end.execution(), 0, Outcome.NO_ANSWER, "", "", end.transaction()));
    }
    ended.clear();
    List<Long> byDecision = new ArrayList<>();
    for (long count : counts) {
      byDecision.add(count);
    }
    events.add(
        new RecordedEvent.SessionEnd(
            trigger(trigger), by, 0, inFlight, transaction, byDecision, rows, bytesIn, bytesOut));
    return finish(nanoTime.getAsLong());
  }

  /// The archive's word for what ended a session.
  public static RecordedEvent.Trigger trigger(SessionEnd.Trigger trigger) {
    return switch (trigger) {
      case CLIENT -> RecordedEvent.Trigger.CLIENT;
      case OPERATOR -> RecordedEvent.Trigger.OPERATOR;
      case POLICY -> RecordedEvent.Trigger.POLICY;
      case REVOKED -> RecordedEvent.Trigger.REVOKED;
      case EXPIRED -> RecordedEvent.Trigger.EXPIRED;
      case SERVER -> RecordedEvent.Trigger.SERVER;
      case SHUTDOWN -> RecordedEvent.Trigger.SHUTDOWN;
      case ERROR -> RecordedEvent.Trigger.ERROR;
    };
  }

  /// Number of the last statement that was answered.
  public long lastComplete() {
    return lastComplete;
  }

  /// Statements by decision so far: allow, mask, hold, block, kill.
  public long[] counts() {
    return counts.clone();
  }

  /// Calls back once when the ring has room again, on the recorder's thread.
  public void whenFreed(Runnable callback) {
    ring.whenFreed(callback);
  }
}
