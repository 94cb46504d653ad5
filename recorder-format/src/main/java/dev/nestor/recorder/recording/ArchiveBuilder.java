package dev.nestor.recorder.recording;

import dev.nestor.recorder.bytes.Bytes;
import dev.nestor.recorder.chunk.ChunkEncoder;
import dev.nestor.recorder.chunk.LaneKeys;
import dev.nestor.recorder.chunk.Sha256;
import dev.nestor.recorder.event.ArchiveObject;
import dev.nestor.recorder.event.RecordedEvent;
import dev.nestor.recorder.index.IndexEntry;
import dev.nestor.recorder.index.SegmentHeader;
import dev.nestor.recorder.index.SummaryBuilder;
import dev.nestor.recorder.note.HostKey;
import dev.nestor.recorder.note.VerifierKey;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// Builds an archive without threads or rings: what is handed in stands in the open chunk, a call
/// seals it. The recorder's thread writes through this; tests make small archives of any content
/// with it.
///
/// ```
/// try (ArchiveBuilder archive = ArchiveBuilder.forTests(directory, 1)) {
///   long session = archive.openSession();
///   long frame = archive.frame(session, Ring.Lane.COMMAND, ts, bytes, 'Q', 1, 0, bytes.length);
///   long statement = archive.decided(session, RowStart.of(frame, 0, 0, archive.objects().intern(plan), 3));
///   long answer = archive.frame(session, Ring.Lane.RESULT, ts, rows, 'T', 4, 0, rows.length);
///   archive.ended(session, statement, new RowEnd(answer, 2, 1, Outcome.COMPLETE, tag, "", IDLE, 80, AS_PLANNED));
/// }
/// ```
///
/// **Threads.** One.
public final class ArchiveBuilder implements AutoCloseable {
  /// What is the same in all segments of an archive.
  ///
  /// @param hostKey certifies each segment's key
  /// @param random keys and identifiers
  /// @param reserving whether room for closing records is kept past the tail
  public record Identity(
      HostKey hostKey,
      UUID archive,
      String host,
      String software,
      RandomGenerator random,
      boolean reserving) {}

  private static final int CHUNK_TARGET = 256 * 1024;
  private static final int INDEX_EVERY = 1024;
  private static final int TEST_INDEX_EVERY = 4;
  private static final long TEST_CREATED_NANOS = 1_767_225_600_000_000_000L; // 2026-01-01

  private static final ArchiveObject.Plan NO_PLAN =
      new ArchiveObject.Plan(
          null, null, null, null, ArchiveObject.Capture.UNSET, ArchiveObject.Forwarded.UNSET);
  private static final IndexEntry NO_ENTRY = new IndexEntry(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

  private final Path directory;
  private final Identity identity;
  private final ObjectTable objects;
  private final int indexEvery;
  private final Map<Long, SessionContext> sessions = new HashMap<>();
  private final SessionContext none = new SessionContext(0);
  private SessionContext lastSession = none;
  private final Map<String, RecordedEvent> policies = new HashMap<>();
  private final Map<String, RecordedEvent> entitlements = new HashMap<>();
  private final Map<Long, RecordedEvent.Principal> principals = new HashMap<>();
  private final Map<Long, RecordedEvent.Credential> credentials = new HashMap<>();
  private final Set<Bytes> attached = new HashSet<>();

  private final OpenChunk.Memory chunkMemory = new OpenChunk.Memory();
  private SegmentWriter segment;
  private OpenChunk chunk;
  private long nextFrame;
  private long nextStatement;
  private long nextSession;
  private long nextPrincipal;
  private long nextCredential;
  private long lastTs;
  private boolean closed;

  /// Where an archive goes on.
  ///
  /// @param number of the segment to be written
  /// @param previous SHA-256 of the last checkpoint before it
  record Continuation(
      long number,
      Bytes previous,
      SegmentHeader.Next next,
      long predecessorEntries,
      Bytes predecessorRoot) {
    static final Continuation NEW =
        new Continuation(
            1, Bytes.of(new byte[Sha256.BYTES]), SegmentHeader.Next.FIRST, 0, Bytes.EMPTY);
  }

  private ArchiveBuilder(
      Path directory,
      Identity identity,
      ObjectTable objects,
      int indexEvery,
      long createdNanos,
      Continuation from)
      throws IOException {
    this.directory = directory;
    this.identity = identity;
    this.objects = objects;
    this.indexEvery = indexEvery;
    this.nextFrame = from.next().frame();
    this.nextStatement = from.next().statement();
    this.nextSession = from.next().session();
    this.nextPrincipal = from.next().principal();
    this.nextCredential = from.next().credential();
    Files.createDirectories(directory);
    this.segment = newSegment(createdNanos, from);
    this.chunk = new OpenChunk(0, nextFrame, nextStatement, chunkMemory);
  }

  /// Begins a new archive.
  ///
  /// @param createdNanos wall time, nanoseconds since 1970
  public static ArchiveBuilder create(Path directory, Identity identity, long createdNanos)
      throws IOException {
    return new ArchiveBuilder(
        directory,
        identity,
        new ObjectTable(null, (_, _) -> {}),
        INDEX_EVERY,
        createdNanos,
        Continuation.NEW);
  }

  /// Begins an archive that is the same, byte for byte, for the same number and content:
  /// [HostKey#test] of that number, identifiers from that seed, created at the start of 2026, an
  /// INDEX every four chunks.
  public static ArchiveBuilder forTests(Path directory, int number) throws IOException {
    Random random = new Random(number);
    Identity identity =
        new Identity(
            HostKey.test(number),
            new UUID(random.nextLong(), random.nextLong()),
            "test-host",
            "nestor-test",
            random,
            false);
    return new ArchiveBuilder(
        directory,
        identity,
        new ObjectTable(null, (_, _) -> {}),
        TEST_INDEX_EVERY,
        TEST_CREATED_NANOS,
        Continuation.NEW);
  }

  static ArchiveBuilder resume(
      Path directory, Identity identity, ObjectTable objects, long createdNanos, Continuation from)
      throws IOException {
    return new ArchiveBuilder(directory, identity, objects, INDEX_EVERY, createdNanos, from);
  }

  /// The file of a segment.
  public static Path file(Path directory, long number) {
    return directory.resolve(String.format(java.util.Locale.ROOT, "segment-%08d.pgrec", number));
  }

  private SegmentWriter newSegment(long createdNanos, Continuation from) throws IOException {
    UUID uuid = new UUID(identity.random.nextLong(), identity.random.nextLong());
    byte[] seed = new byte[32];
    identity.random.nextBytes(seed);
    HostKey segmentKey = HostKey.ofSeed("nestor/" + identity.archive + "/" + from.number(), seed);
    List<Bytes> keyIds = new ArrayList<>();
    for (int lane = 0; lane < dev.nestor.recorder.chunk.Lane.COUNT; lane++) {
      byte[] id = new byte[16];
      identity.random.nextBytes(id);
      keyIds.add(Bytes.of(id));
    }
    LaneKeys lanes = LaneKeys.generate(identity.random);
    SegmentHeader header =
        new SegmentHeader(
            SegmentHeader.MAJOR,
            0,
            0,
            0,
            uuid,
            identity.archive,
            from.number(),
            createdNanos,
            1000,
            indexEvery,
            from.previous(),
            CHUNK_TARGET,
            segmentKey.publicKey(),
            SegmentHeader.certify(identity.hostKey, identity.archive, uuid, segmentKey.publicKey()),
            lanes,
            from.next(),
            identity.host,
            identity.software,
            from.predecessorEntries(),
            from.predecessorRoot());
    return SegmentWriter.create(
        file(directory, from.number()), header, keyIds, segmentKey, identity.reserving);
  }

  public UUID archive() {
    return identity.archive;
  }

  /// The public key that the archive verifies with.
  public VerifierKey verifierKey() {
    return identity.hostKey.verifierKey();
  }

  /// Numbers of objects for [RowStart], [RowEnd] and [#mention].
  public ObjectTable objects() {
    return objects;
  }

  /// The file of the segment that is being written.
  public Path file() {
    return file(directory, segment.header().number());
  }

  /// Gives out a session number.
  public long openSession() {
    return nextSession++;
  }

  /// Adds whole messages, or a fragment, of a session.
  ///
  /// @param ts microseconds since 1970
  /// @param flags of [FrameFlags]; a fragment's bits are 1, and 2 for the last
  /// @return the frame's sequence in the session
  public long frame(
      long session,
      Ring.Lane lane,
      long ts,
      byte[] content,
      int firstType,
      int messages,
      int flags,
      long wireLength) {
    return frame(
        session,
        lane,
        ts,
        ByteBuffer.wrap(content),
        firstType,
        messages,
        flags,
        wireLength - content.length);
  }

  long frame(
      long session,
      Ring.Lane lane,
      long ts,
      ByteBuffer content,
      int firstType,
      int messages,
      int flags,
      long wireDelta) {
    if (content.remaining() > Ring.FRAME_BYTES_MAX) {
      throw new IllegalArgumentException("frame: " + content.remaining() + " bytes");
    }
    SessionContext context = session(session);
    chunk.frame(
        context,
        lane == Ring.Lane.COMMAND
            ? dev.nestor.recorder.chunk.Lane.CMD
            : dev.nestor.recorder.chunk.Lane.RES,
        ts,
        content,
        firstType,
        messages,
        flags,
        wireDelta);
    lastTs = ts;
    return context.frames;
  }

  /// Adds an event.
  ///
  /// @param session 0 for none
  /// @return the frame's sequence in the session
  public long event(long session, long ts, RecordedEvent event) {
    SessionContext context = session(session);
    chunk.event(context, ts, event);
    remember(context, event);
    lastTs = ts;
    return context.frames;
  }

  /// Keeps what the next segment must repeat.
  private void remember(SessionContext context, RecordedEvent event) {
    switch (event) {
      case RecordedEvent.Session head -> {
        SessionContext of = head.ofSession() == 0 ? context : session(head.ofSession());
        of.head = head;
      }
      case RecordedEvent.SessionEnd _ -> context.ended = true;
      case RecordedEvent.State state -> {
        SessionContext of = state.ofSession() == 0 ? context : session(state.ofSession());
        if (state.full()) {
          of.states.clear();
          of.fullStateChunk = chunk.no;
        }
        of.states.add(state);
      }
      case RecordedEvent.PolicyLoad load -> policies.put(load.name(), load);
      case RecordedEvent.Entitlements load -> entitlements.put(load.database(), load);
      case RecordedEvent.Principal principal -> {
        principals.put(principal.no(), principal);
        nextPrincipal = Math.max(nextPrincipal, principal.no() + 1);
      }
      case RecordedEvent.Credential credential -> {
        credentials.put(credential.no(), credential);
        nextCredential = Math.max(nextCredential, credential.no() + 1);
      }
      default -> {} // nothing that outlives a segment
    }
  }

  /// Keeps a principal or credential of an earlier segment.
  void rememberRepeated(RecordedEvent event) {
    remember(none, event);
  }

  /// Repeats who is there, at the start of a segment.
  void repeat(long ts) {
    repeatSessions(ts);
  }

  /// Where the next segment goes on, once this one is closed.
  Continuation continuation() {
    return new Continuation(
        segment.header().number() + 1,
        segment.lastCheckpointHash(),
        new SegmentHeader.Next(
            nextFrame, nextSession, nextStatement, nextPrincipal, nextCredential),
        0,
        Bytes.EMPTY);
  }

  /// True if the open chunk should be sealed before more is added.
  public boolean isChunkFull() {
    return chunk.rawBytes() >= CHUNK_TARGET || chunk.isCrowded();
  }

  /// Numbers that recorders give out before the archive sees them.
  void sessionsGivenOut(long next) {
    nextSession = Math.max(nextSession, next);
  }

  /// Begins a statement: the session's next.
  ///
  /// @return its number in the session
  public long decided(long session, RowStart row) {
    SessionContext context = session(session);
    long statement = context.statements + 1;
    decided(session, statement, row);
    return statement;
  }

  void decided(long session, long statement, RowStart row) {
    ArchiveObject.Plan plan =
        row.planId() != 0 && objects.object(row.planId()) instanceof ArchiveObject.Plan known
            ? known
            : NO_PLAN;
    ArchiveObject.Inputs inputs =
        row.inputsId() != 0 && objects.object(row.inputsId()) instanceof ArchiveObject.Inputs known
            ? known
            : null;
    chunk.decided(session(session), statement, row, plan, inputs);
  }

  /// Ends a statement, directly behind the frame with the end of its last answer.
  ///
  /// @return false if the session has no such statement without an end
  public boolean ended(long session, long statement, RowEnd row) {
    ArchiveObject.Text tag =
        row.tagId() != 0 && objects.object(row.tagId()) instanceof ArchiveObject.Text known
            ? known
            : null;
    ArchiveObject.Mask mask =
        row.maskId() != 0 && objects.object(row.maskId()) instanceof ArchiveObject.Mask known
            ? known
            : null;
    SessionContext context = session(session);
    context.transaction = row.transaction();
    return chunk.ended(context, statement, row, tag, mask);
  }

  /// Adds an object that no row refers to.
  public void mention(int objectId) {
    chunk.mention(objects.object(objectId));
  }

  /// Adds bytes under their SHA-256, once per segment.
  ///
  /// @param keyLane lane whose key they belong to, 255 for none
  public Bytes attach(int keyLane, byte[] content) throws IOException {
    Bytes sha256 = Bytes.of(Sha256.of(content));
    if (attached.add(sha256)) {
      segment.attach(keyLane, sha256, content);
    }
    return sha256;
  }

  /// Ends the open chunk, if there is anything in it.
  public void sealChunk() throws IOException {
    if (chunk.isEmpty()) {
      return;
    }
    OpenChunk full = chunk;
    ChunkEncoder.Content content = full.close(lastTs);
    ChunkEncoder.Encoded encoded = ChunkEncoder.encode(content, segment.header().keys());
    segment.chunk(
        encoded,
        new SummaryBuilder.Chunk(
            full.no,
            NO_ENTRY,
            content.sessions(),
            content.frames(),
            content.rows(),
            full::object,
            full::event));
    nextFrame += full.frameCount();
    nextStatement += full.begunCount();
    chunk = new OpenChunk(segment.chunks(), nextFrame, nextStatement, chunkMemory);
    sessions.values().removeIf(each -> each.ended && each.open.isEmpty());
    lastSession = none;
  }

  /// Signs what is sealed.
  public void checkpoint() throws IOException {
    segment.checkpoint();
  }

  /// Closes the segment and begins the next, which repeats who and what is there: policies,
  /// principals, credentials, sessions and their states.
  ///
  /// @param opening events that the new segment begins with
  public void nextSegment(long createdNanos, long ts, List<RecordedEvent> opening)
      throws IOException {
    sealChunk();
    segment.seal();
    segment = newSegment(createdNanos, continuation());
    chunk = new OpenChunk(0, nextFrame, nextStatement, chunkMemory);
    attached.clear();
    sessions.values().forEach(each -> each.fullStateChunk = -1);
    opening.forEach(event -> event(0, ts, event));
    List.copyOf(policies.values()).forEach(event -> event(0, ts, event));
    List.copyOf(entitlements.values()).forEach(event -> event(0, ts, event));
    repeatSessions(ts);
  }

  private void repeatSessions(long ts) {
    Set<Long> seenPrincipals = new HashSet<>();
    Set<Long> seenCredentials = new HashSet<>();
    for (SessionContext session : List.copyOf(sessions.values())) {
      RecordedEvent.Session head = session.head;
      if (session.ended || head == null) {
        continue;
      }
      repeatPrincipal(head.principal(), ts, seenPrincipals);
      for (long no = head.credential(); no != 0 && seenCredentials.add(no); ) {
        RecordedEvent.Credential credential = credentials.get(no);
        if (credential == null) {
          break;
        }
        repeatPrincipal(credential.actor(), ts, seenPrincipals);
        repeatPrincipal(credential.subject(), ts, seenPrincipals);
        repeatPrincipal(credential.clientPrincipal(), ts, seenPrincipals);
        credential.declaredChain().forEach(each -> repeatPrincipal(each, ts, seenPrincipals));
        event(0, ts, credential);
        no = credential.parentNo();
      }
      event(0, ts, head.toBuilder().again(true).ofSession(session.no).build());
      if (!session.states.isEmpty()) {
        event(0, ts, session.state());
      }
    }
    principals.keySet().retainAll(seenPrincipals);
    credentials.keySet().retainAll(seenCredentials);
  }

  private void repeatPrincipal(long no, long ts, Set<Long> seen) {
    RecordedEvent.Principal principal = principals.get(no);
    if (principal != null && seen.add(no)) {
      event(0, ts, principal);
    }
  }

  /// Closes the last segment. Nothing may be added any more.
  @Override
  public void close() throws IOException {
    if (!closed) {
      closed = true;
      sealChunk();
      segment.seal();
    }
  }

  /// Leaves the last segment as a crash would: what is in the open chunk is lost, nothing closes
  /// the file.
  public void abandon() throws IOException {
    closed = true;
    segment.abandon();
  }

  SegmentWriter segment() {
    return segment;
  }

  OpenChunk chunk() {
    return chunk;
  }

  /// Number of the archive's last frame.
  long lastFrame() {
    return nextFrame + chunk.frameCount() - 1;
  }

  /// Ordinal of the archive's last statement.
  long lastStatement() {
    return nextStatement + chunk.begunCount() - 1;
  }

  long lastTs() {
    return lastTs;
  }

  /// Closes on a full disk, from the room that was kept: the gap, a checkpoint, a trailer without a
  /// summary.
  void closeOnFullDisk(RecordedEvent.Gap gap, long ts) throws IOException {
    closed = true;
    chunk = new OpenChunk(segment.chunks(), nextFrame, nextStatement, chunkMemory);
    event(0, ts, gap);
    segment.useReserve();
    sealChunk();
    segment.sealWithoutSummary();
  }

  /// The context of a session, made when it is first met.
  SessionContext session(long no) {
    if (no == 0) {
      return none;
    }
    SessionContext last = lastSession;
    if (last.no == no) { // a frame and its rows come together
      return last;
    }
    nextSession = Math.max(nextSession, no + 1);
    last = sessions.computeIfAbsent(no, SessionContext::new);
    lastSession = last;
    return last;
  }

  /// What an earlier segment left of the frames of no session.
  void continueSessionless(long frames) {
    none.frames = frames;
  }

  List<SessionContext> liveSessions() {
    return sessions.values().stream().filter(each -> !each.ended).toList();
  }

  @Nullable SessionContext known(long no) {
    return sessions.get(no);
  }
}
