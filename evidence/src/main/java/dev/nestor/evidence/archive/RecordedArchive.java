package dev.nestor.evidence.archive;

import dev.nestor.evidence.index.StatementBlock;
import dev.nestor.evidence.index.StatementIndex;
import dev.nestor.evidence.integrity.IntegrityReport;
import dev.nestor.evidence.integrity.IntegrityState;
import dev.nestor.evidence.integrity.TrustedSigners;
import dev.nestor.evidence.integrity.VerificationProgress;
import dev.nestor.recorder.archive.Archive;
import dev.nestor.recorder.archive.Frame;
import dev.nestor.recorder.archive.RecordedSession;
import dev.nestor.recorder.archive.Segment;
import dev.nestor.recorder.archive.Statement;
import dev.nestor.recorder.bytes.Bytes;
import dev.nestor.recorder.event.ArchiveObject;
import dev.nestor.recorder.event.RecordedEvent;
import dev.nestor.recorder.index.Posting;
import dev.nestor.recorder.index.SegmentHeader;
import dev.nestor.recorder.index.SessionTotals;
import dev.nestor.recorder.index.Summary;
import dev.nestor.recorder.index.Totals;
import dev.nestor.recorder.verify.VerificationDepth;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;

/// An archive as the recorder wrote it.
final class RecordedArchive implements EvidenceArchive {
  private static final int GAPS_MAX = 1_000;

  private final Path path;
  private final Archive archive;
  private final StatementIndex index;
  private final Parties parties;
  private final ArchiveCard card;
  private final List<SessionCard> sessions;

  /// Remembers what statements have in common between one and the next that is asked for.
  private final Supplier<FactReading> single;

  /// @param cache folder for what can be made again; nothing is kept without it
  RecordedArchive(Path path, Archive archive, Optional<Path> cache) throws IOException {
    this.path = path;
    this.archive = archive;
    this.index = StatementIndex.open(archive, cache, EventText::indexed);
    this.parties = new Parties(archive);
    List<Summary> summaries = archive.summaries();
    this.card = card(summaries);
    this.sessions = sessions(card.decisions().killed() > 0);
    this.single = once(this::facts);
  }

  @Override
  public ArchiveCard card() {
    return card;
  }

  @Override
  public Optional<String> identity() {
    return StatementIndex.identity(archive).map(name -> name + " " + path);
  }

  @Override
  public List<SessionCard> sessions() {
    return sessions;
  }

  private ArchiveCard card(List<Summary> summaries) {
    List<Segment> segments = archive.segments();
    Optional<SegmentHeader> header =
        segments.stream().flatMap(each -> each.header().stream()).findFirst();
    DecisionCounts decisions = DecisionCounts.NONE;
    Set<String> policies = new LinkedHashSet<>();
    List<RecordingGap> gaps = new ArrayList<>();
    long from = Long.MAX_VALUE;
    long to = 0;
    for (Summary summary : summaries) {
      Totals totals = summary.totals();
      List<Long> by = totals.byDecision();
      decisions =
          decisions.plus(new DecisionCounts(by.get(0), by.get(1), by.get(2), by.get(3), by.get(4)));
      for (Posting<ArchiveObject.Plan> posting : summary.plans()) {
        ArchiveObject.Decision decision = posting.what().decision();
        ArchiveObject.Policy policy = decision == null ? null : decision.policy();
        if (policy != null) {
          policies.add((policy.name() + " " + policy.version()).strip());
        }
      }
      if (totals.allFrames() > 0) {
        from = Math.min(from, totals.tsFirst());
        to = Math.max(to, totals.tsLast());
      }
      gaps(totals, gaps);
    }
    return new ArchiveCard(
        path,
        name(path),
        state(segments),
        problem(segments),
        archive.id().map(Object::toString).orElse(""),
        header.map(each -> each.major() + "." + each.minor()).orElse("?"),
        header.map(RecordedArchive::software).orElse(""),
        List.copyOf(policies),
        segments.stream().mapToLong(Segment::bytes).sum(),
        segments.size(),
        summaries.stream()
            .flatMap(each -> each.sessions().stream().map(SessionTotals::no))
            .distinct()
            .count(),
        decisions.total(),
        archive.frameCount(),
        to == 0 ? Optional.empty() : Optional.of(Instants.of(from)),
        to == 0 ? Optional.empty() : Optional.of(Instants.of(to)),
        decisions,
        gaps);
  }

  private static String name(Path path) {
    Path name = path.getFileName();
    return name == null ? path.toString() : name.toString();
  }

  private static String software(SegmentHeader header) {
    return header.software() + (header.host().isEmpty() ? "" : " on " + header.host());
  }

  private static void gaps(Totals totals, List<RecordingGap> into) {
    List<Totals.Interval> covered = totals.coverage();
    for (int i = 1; i < covered.size() && into.size() < GAPS_MAX; i++) {
      long from = covered.get(i - 1).to();
      long to = covered.get(i).from();
      if (to > from) {
        into.add(new RecordingGap(Instants.of(from), Instants.of(to), "not recorded", 0));
      }
    }
  }

  /// What opening alone can tell; the rest takes a verification.
  private static IntegrityState state(List<Segment> segments) {
    IntegrityState state = IntegrityState.UNKNOWN_SIGNER;
    if (segments.isEmpty()) {
      return IntegrityState.DAMAGED;
    }
    for (Segment segment : segments) {
      if (segment.header().isEmpty()) {
        state = IntegrityState.DAMAGED.worse(state);
      } else if (!segment.isReadable()) {
        state = IntegrityState.NEWER_FORMAT;
      }
    }
    return state;
  }

  private static String problem(List<Segment> segments) {
    if (segments.isEmpty()) {
      return "The file is empty.";
    }
    for (Segment segment : segments) {
      if (segment.header().isEmpty()) {
        return "Not an archive, or its head is damaged: "
            + segment.headerProblem().orElse("no segment header");
      }
    }
    return "";
  }

  private List<SessionCard> sessions(boolean killed) throws IOException {
    List<SessionCard> cards = new ArrayList<>();
    for (RecordedSession each : archive.sessions()) {
      cards.add(session(each, killed));
    }
    return List.copyOf(cards);
  }

  private SessionCard session(RecordedSession recorded, boolean anyKilled) {
    SessionTotals totals = recorded.totals();
    Optional<RecordedEvent.Session> head = recorded.head();
    Optional<RecordedEvent.SessionEnd> end = recorded.end();
    long credential =
        totals.credential() != 0
            ? totals.credential()
            : head.map(RecordedEvent.Session::credential).orElse(0L);
    long principal =
        totals.principal() != 0
            ? totals.principal()
            : head.map(RecordedEvent.Session::principal).orElse(0L);
    long killed = anyKilled ? killed(recorded) : 0;
    long rest = totals.statements() - totals.masked() - totals.held() - totals.blocked() - killed;
    return new SessionCard(
        totals.no(),
        head.map(RecordedEvent.Session::database).orElse(""),
        head.map(RecordedEvent.Session::roleOnServer).orElse(""),
        parties.subject(credential, principal),
        parties.actors(credential),
        parties.credential(credential),
        head.map(RecordedEvent.Session::applicationName).orElse(""),
        "",
        Instants.of(totals.tsFirst()),
        end.map(_ -> Instants.of(totals.tsLast())),
        end.map(EventText::ended).orElse(""),
        head.map(RecordedEvent.Session::refusalCode).orElse(""),
        totals.firstFrame(),
        totals.frames(),
        totals.statements(),
        new DecisionCounts(
            Math.max(0, rest), totals.masked(), totals.held(), totals.blocked(), killed),
        totals.rows(),
        totals.bytesOut());
  }

  private long killed(RecordedSession recorded) {
    Optional<List<Long>> counted =
        recorded
            .end()
            .map(RecordedEvent.SessionEnd::statementsByDecision)
            .filter(counts -> counts.size() == 5);
    if (counted.isPresent()) {
      return counted.get().get(4);
    }
    try (Stream<Statement> statements = archive.statements(recorded.no())) {
      return statements.filter(each -> Decisions.kind(each.counted()) == DecisionKind.KILL).count();
    }
  }

  @Override
  public SessionReplay replay(long number) throws IOException {
    SessionReplay replay = begin(number);
    replay.read(VerificationProgress.SILENT);
    return replay;
  }

  @Override
  public SessionReplay replayAtOnce(long number) throws IOException {
    return archive.frameCount() < StatementIndex.FRAMES_MIN ? replay(number) : begin(number);
  }

  private SessionReplay begin(long number) throws IOException {
    SessionCard session =
        sessions.stream()
            .filter(each -> each.number() == number)
            .findFirst()
            .orElseThrow(() -> new IllegalArgumentException("no session " + number));
    try {
      return new RecordedReplay(archive, index, session, parties);
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  @Override
  public List<ReplayRow.Event> eventsOfNoSession() throws IOException {
    EventText texts = new EventText(parties);
    try (Stream<Frame> events = IndexedEvents.of(archive, index, StatementBlock.EVENT_SHOWN)) {
      return events
          .filter(frame -> frame.meta().session() == 0)
          .flatMap(frame ->
              frame.event().flatMap(e -> texts.row(frame.no(), frame.meta().ts(), e)).stream())
          .toList();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  @Override
  public OptionalLong sessionOfFrame(long frame) throws IOException {
    try {
      return archive
          .frame(frame)
          .map(each -> each.meta().session())
          .filter(session -> session != 0)
          .map(OptionalLong::of)
          .orElse(OptionalLong.empty());
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  @Override
  public void statements(Predicate<StatementFact> each) throws IOException {
    statements(FactFilter.all(() -> true), each);
  }

  @Override
  public long statements(FactFilter filter, Predicate<StatementFact> each) throws IOException {
    try {
      return facts().read(filter, each);
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private static <T> Supplier<T> once(Supplier<T> make) {
    AtomicReference<T> made = new AtomicReference<>();
    return () -> made.updateAndGet(known -> known == null ? make.get() : known);
  }

  private FactReading facts() {
    Map<Long, Long> credentials = new HashMap<>();
    sessions.forEach(session ->
        session.credential().ifPresent(c -> credentials.put(session.number(), c.number())));
    return new FactReading(index, credentials);
  }

  @Override
  public Optional<StatementFact> statement(long frame, long number) throws IOException {
    try {
      synchronized (single) {
        return single.get().find(archive.chunkOf(frame), frame, number);
      }
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  @Override
  public Trail trail() throws IOException {
    try {
      return TrailReading.trail(archive, index, parties);
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every JDK has it
    }
  }

  @Override
  public Optional<String> policyText(String sha256) throws IOException {
    if (!sha256.matches("[0-9a-f]{64}")) {
      return Optional.empty();
    }
    byte[] wanted = HexFormat.of().parseHex(sha256);
    Optional<byte[]> bytes = archive.attachment(Bytes.of(wanted));
    return bytes
        .filter(each -> Arrays.equals(sha256(each), wanted))
        .map(each -> new String(each, StandardCharsets.UTF_8));
  }

  @Override
  public IntegrityReport verify(TrustedSigners trusted, VerificationProgress progress)
      throws IOException {
    return Verification.of(archive, trusted, VerificationDepth.CONTENT, progress);
  }

  @Override
  public IntegrityReport verifyStored(TrustedSigners trusted, VerificationProgress progress)
      throws IOException {
    return Verification.of(archive, trusted, VerificationDepth.STORED, progress);
  }

  @Override
  public boolean isIndexed() {
    return index.isComplete();
  }

  @Override
  public boolean index(VerificationProgress progress) throws IOException {
    try {
      return index.build(progress::checked);
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  @Override
  public void close() throws IOException {
    index.close();
    archive.close();
  }
}
