package dev.nestor.review;

import dev.nestor.evidence.archive.Activity;
import dev.nestor.evidence.archive.ArchiveCard;
import dev.nestor.evidence.archive.CredentialCard;
import dev.nestor.evidence.archive.DecisionCounts;
import dev.nestor.evidence.archive.DecisionDetail;
import dev.nestor.evidence.archive.DecisionKind;
import dev.nestor.evidence.archive.EvidenceArchive;
import dev.nestor.evidence.archive.FrameRow;
import dev.nestor.evidence.archive.FrameRows;
import dev.nestor.evidence.archive.MessageRow;
import dev.nestor.evidence.archive.Party;
import dev.nestor.evidence.archive.ReplayRow;
import dev.nestor.evidence.archive.ResultCell;
import dev.nestor.evidence.archive.ResultView;
import dev.nestor.evidence.archive.SessionCard;
import dev.nestor.evidence.archive.SessionReplay;
import dev.nestor.evidence.archive.StatementDetail;
import dev.nestor.evidence.integrity.IntegrityReport;
import dev.nestor.evidence.integrity.IntegrityState;
import dev.nestor.evidence.integrity.SegmentCheck;
import dev.nestor.evidence.integrity.TrustedSigners;
import dev.nestor.evidence.integrity.VerificationProgress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/// An archive in memory, for tests of view models and views. Row `i` begins at second `i`, with
/// frame `4i + 1`, and has four frames.
public final class InventedArchive implements EvidenceArchive {
  public static final Instant START = Instant.parse("2030-03-01T09:46:00Z");
  private static final String SQL =
      "SELECT c.id, c.name, c.email, c.phone, c.tier FROM customers AS c WHERE c.region = $1 AND"
          + " c.tier <> 'trial' ORDER BY c.id LIMIT 8";

  private final Path path;
  private final IntegrityState state;
  private final List<DecisionKind> kinds;
  private boolean indexed = true;

  /// @param kinds of the statements; null is an event
  public InventedArchive(Path path, IntegrityState state, List<DecisionKind> kinds) {
    this.path = path;
    this.state = state;
    this.kinds = kinds;
  }

  /// As a large archive that nobody has opened yet.
  public InventedArchive unindexed() {
    indexed = false;
    return this;
  }

  @Override
  public boolean isIndexed() {
    return indexed;
  }

  @Override
  public boolean index(VerificationProgress progress) {
    for (int i = 0; i < 4; i++) {
      if (!progress.checked(i, 4)) {
        return false;
      }
    }
    indexed = true;
    return true;
  }

  /// A replay whose rows come ten at a time.
  public SessionReplay arriving() {
    return new Replay(0);
  }

  public static List<DecisionKind> story() {
    List<DecisionKind> kinds = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      kinds.add(
          switch (i) {
            case 12, 30, 44 -> DecisionKind.MASK;
            case 18, 22, 50 -> DecisionKind.BLOCK;
            case 25 -> DecisionKind.HOLD;
            case 58 -> DecisionKind.KILL;
            case 59 -> null;
            default -> DecisionKind.ALLOW;
          });
    }
    return kinds;
  }

  private DecisionCounts counts() {
    DecisionCounts counts = DecisionCounts.NONE;
    for (DecisionKind kind : kinds) {
      counts = kind == null ? counts : counts.plusOne(kind);
    }
    return counts;
  }

  @Override
  public ArchiveCard card() {
    return new ArchiveCard(
        path,
        path.getFileName().toString(),
        state == IntegrityState.VERIFIED ? IntegrityState.UNKNOWN_SIGNER : state,
        "",
        "7f1c04ae-91b0-4c1d-8e52-0a1b2c3d4e5f",
        "1.0",
        "nestor 0.1.0 on pep-1",
        List.of("orders-production 1"),
        1_234_567,
        3,
        1,
        counts().total(),
        kinds.size() * 4L,
        Optional.of(START),
        Optional.of(at(kinds.size())),
        counts(),
        List.of());
  }

  static Instant at(long position) {
    return START.plusSeconds(position);
  }

  private SessionCard session() {
    return new SessionCard(
        12,
        "orders",
        "app_rw",
        Optional.of(
            new Party(1, "maria.lopez@acme", Party.Kind.HUMAN, "https://id.acme.example", "u-1")),
        List.of(
            new Party(2, "release-agent", Party.Kind.AGENT, "https://id.acme.example", "a-1"),
            new Party(3, "migration-helper", Party.Kind.AGENT, "https://nestor.example", "a-2")),
        Optional.of(
            new CredentialCard(
                3,
                "child",
                "7e21000000000000",
                2,
                "verified",
                Optional.of(START),
                Optional.of(START.plus(Duration.ofMinutes(15))),
                List.of("orders.read"))),
        "psql",
        "10.4.2.19:51234",
        START,
        Optional.of(at(kinds.size())),
        "ended by policy",
        "",
        1,
        kinds.size() * 4L,
        counts().total(),
        counts(),
        321,
        65_432);
  }

  @Override
  public List<SessionCard> sessions() {
    return kinds.isEmpty() ? List.of() : List.of(session());
  }

  @Override
  public SessionReplay replay(long number) {
    return new Replay(kinds.size());
  }

  @Override
  public List<ReplayRow.Event> eventsOfNoSession() {
    return List.of();
  }

  @Override
  public OptionalLong sessionOfFrame(long frame) {
    return frame >= 1 && frame <= kinds.size() * 4L ? OptionalLong.of(12) : OptionalLong.empty();
  }

  @Override
  public void statements(
      java.util.function.Predicate<dev.nestor.evidence.archive.StatementFact> each) {}

  @Override
  public dev.nestor.evidence.archive.Trail trail() {
    return dev.nestor.evidence.archive.Trail.NONE;
  }

  @Override
  public java.util.Optional<String> policyText(String sha256) {
    return sha256.isEmpty()
        ? java.util.Optional.empty()
        : java.util.Optional.of("policy: orders-production\nstate: active\nrules: []\n");
  }

  @Override
  public IntegrityReport verify(TrustedSigners trusted, VerificationProgress progress) {
    progress.checked(1, 1);
    long frames = kinds.size() * 4L;
    boolean damaged = state == IntegrityState.DAMAGED;
    return new IntegrityReport(
        state,
        List.of(
            new SegmentCheck(1, SegmentCheck.Verdict.PROVED, 1, frames / 2, 0),
            new SegmentCheck(
                2,
                damaged ? SegmentCheck.Verdict.DAMAGED : SegmentCheck.Verdict.PROVED,
                frames / 2 + 1,
                frames,
                0)),
        List.of(),
        frames,
        damaged ? frames / 2 : frames,
        0,
        "nestor-demo+12ab34cd+key",
        "22:9b:10:ff",
        "7f1c04ae91b0".repeat(5) + "22d8",
        "");
  }

  @Override
  public void close() {}

  private final class Replay implements SessionReplay {
    private volatile int there;

    Replay(int there) {
      this.there = there;
    }

    @Override
    public boolean isWhole() {
      return there == kinds.size();
    }

    @Override
    public boolean read(VerificationProgress progress) {
      while (!isWhole()) {
        if (!progress.checked(there, kinds.size())) {
          return false;
        }
        there = Math.min(kinds.size(), there + 10);
      }
      return true;
    }

    @Override
    public SessionCard session() {
      return InventedArchive.this.session();
    }

    @Override
    public long size() {
      return there;
    }

    @Override
    public ReplayRow row(long position) {
      DecisionKind kind = kinds.get((int) position);
      long frame = position * 4 + 1;
      if (kind == null) {
        return new ReplayRow.Event(
            frame,
            at(position),
            ReplayRow.EventKind.KILL,
            "Session ended by gateway, credential locked");
      }
      boolean ran =
          kind == DecisionKind.ALLOW || kind == DecisionKind.MASK || kind == DecisionKind.HOLD;
      return new ReplayRow.Statement(
          12,
          number(position),
          frame,
          0,
          frame + 3,
          at(position),
          kind,
          SQL,
          ran ? OptionalLong.of(8) : OptionalLong.empty(),
          ran ? "SELECT 8" : "",
          ran ? "" : "42501",
          ran ? ReplayRow.Outcome.COMPLETE : ReplayRow.Outcome.ERROR,
          ReplayRow.TransactionStatus.IDLE,
          kind == DecisionKind.HOLD ? 41_200_000 : 0,
          OptionalLong.of(4_321));
    }

    private long number(long position) {
      return kinds.subList(0, (int) position + 1).stream().filter(k -> k != null).count();
    }

    @Override
    public OptionalLong positionOfFrame(long frame) {
      return frame < 1
          ? OptionalLong.empty()
          : OptionalLong.of(Math.min(there - 1, (frame - 1) / 4));
    }

    @Override
    public OptionalLong positionOfTime(long epochMicros) {
      long seconds = epochMicros / 1_000_000 - START.getEpochSecond();
      return seconds < 0
          ? OptionalLong.empty()
          : OptionalLong.of(Math.min(kinds.size() - 1, seconds));
    }

    @Override
    public OptionalLong next(long from, Set<DecisionKind> wanted, boolean forward) {
      for (long i = from + (forward ? 1 : -1); i >= 0 && i < there; i += forward ? 1 : -1) {
        DecisionKind kind = kinds.get((int) i);
        if (kind != null && wanted.contains(kind)) {
          return OptionalLong.of(i);
        }
      }
      return OptionalLong.empty();
    }

    @Override
    public OptionalLong nextError(long from, boolean forward) {
      return next(from, Set.of(DecisionKind.BLOCK, DecisionKind.KILL), forward);
    }

    @Override
    public OptionalLong nextTransaction(long from, boolean forward) {
      return next(from, Set.of(DecisionKind.values()), forward);
    }

    @Override
    public OptionalLong positionOfStatement(long statement) {
      for (int i = 0; i < kinds.size(); i++) {
        if (kinds.get(i) != null && number(i) == statement) {
          return OptionalLong.of(i);
        }
      }
      return OptionalLong.empty();
    }

    @Override
    public long statements() {
      return counts().total();
    }

    @Override
    public Activity activity() {
      List<Integer> frames = new ArrayList<>();
      for (int i = 0; i < Activity.BINS; i++) {
        frames.add(i % 34 == 0 && (i < 700 || i > 1200) ? 4 : 0);
      }
      List<Activity.Mark> marks = new ArrayList<>();
      for (int i = 0; i < kinds.size(); i++) {
        if (kinds.get(i) != null && kinds.get(i).isException()) {
          marks.add(new Activity.Mark(micros(at(i)), kinds.get(i), i));
        }
      }
      return new Activity(micros(START), micros(at(kinds.size())), frames, marks, List.of());
    }

    private long micros(Instant at) {
      return at.getEpochSecond() * 1_000_000;
    }

    @Override
    public Optional<StatementDetail> detail(long position) {
      if (!(row(position) instanceof ReplayRow.Statement row)) {
        return Optional.empty();
      }
      boolean ran = row.rows().isPresent();
      return Optional.of(
          new StatementDetail(
              row,
              session(),
              SQL,
              true,
              SQL.length(),
              List.of(
                  new StatementDetail.Parameter(
                      1, "text", new ResultCell.Value("EMEA"), row.frame(), 2)),
              decision(row),
              ran
                  ? table(row.decision())
                  : new ResultView.None("Blocked: the server never received it."),
              ran
                  ? List.of()
                  : List.of(
                      new StatementDetail.ServerText(
                          "ERROR",
                          "42501",
                          "blocked by rule app.settings",
                          "",
                          "",
                          row.frame() + 1)),
              List.of()));
    }

    private DecisionDetail decision(ReplayRow.Statement row) {
      boolean masked = row.decision() == DecisionKind.MASK;
      return new DecisionDetail(
          row.decision(),
          row.decision() == DecisionKind.HOLD ? "held, approved" : "",
          row.decision() == DecisionKind.HOLD ? List.of("approved by raj.patel@acme") : List.of(),
          List.of(new DecisionDetail.FiredRule(masked ? "pii.masked" : "orders.read", 23, "")),
          Map.of(),
          List.of("public.customers"),
          List.of(),
          masked ? List.of("pii.contact") : List.of(),
          masked
              ? List.of(
                  new DecisionDetail.MaskedOutput(
                      3, "public.customers.email", "pii.contact", "partial", "pii.masked"),
                  new DecisionDetail.MaskedOutput(
                      4, "public.customers.phone", "pii.contact", "partial", "pii.masked"))
              : List.of(),
          "select",
          "ok",
          "orders-production 1",
          "ab12",
          "",
          8,
          512,
          "",
          "",
          "as is");
    }

    private ResultView.Table table(DecisionKind kind) {
      boolean masked = kind == DecisionKind.MASK;
      List<ResultView.Column> columns =
          List.of(
              new ResultView.Column("id", "integer", true, "", ""),
              new ResultView.Column("name", "text", false, "", ""),
              new ResultView.Column("email", "text", false, masked ? "pii.masked" : "", "partial"),
              new ResultView.Column("phone", "text", false, masked ? "pii.masked" : "", "partial"),
              new ResultView.Column("tier", "text", false, "", ""));
      List<List<ResultCell>> rows = new ArrayList<>();
      String[] names = {
        "Ana Ruiz",
        "B. Okafor",
        "Chen Wei",
        "D. Novak",
        "E. Haddad",
        "F. Rossi",
        "G. Meyer",
        "H. Sato"
      };
      for (int i = 0; i < 8; i++) {
        rows.add(
            List.of(
                new ResultCell.Value(String.valueOf(1021 + 7 * i)),
                new ResultCell.Value(names[i]),
                i == 4
                    ? new ResultCell.Null()
                    : masked
                        ? new ResultCell.Masked("•••••@contoso.com", "pii.masked")
                        : new ResultCell.Value("x@contoso.com"),
                masked
                    ? new ResultCell.Masked("•••••" + (10 + 7 * i), "pii.masked")
                    : new ResultCell.Value("555-01" + i),
                i == 6 ? new ResultCell.Empty() : new ResultCell.Value("gold")));
      }
      return new ResultView.Table(columns, rows, 8, 0);
    }

    @Override
    public dev.nestor.evidence.archive.SessionState stateAt(long frame) {
      return dev.nestor.evidence.archive.SessionState.unknown(frame);
    }

    @Override
    public FrameRows frames(long position) {
      return new FrameRows() {
        @Override
        public int size() {
          return kinds.get((int) position) == null ? 1 : 4;
        }

        @Override
        public FrameRow frame(int index) {
          long frame = position * 4 + 1 + index;
          String[][] types = {
            {"Parse", "Bind", "Describe", "Execute", "Sync"},
            {"ParseComplete", "BindComplete", "RowDescription"},
            {"DataRow", "DataRow", "DataRow"},
            {"CommandComplete", "ReadyForQuery"}
          };
          List<MessageRow> messages = new ArrayList<>();
          for (int i = 0; i < types[index].length; i++) {
            messages.add(new MessageRow(frame, i + 1, types[index][i], "", i * 5, 5));
          }
          return new FrameRow(
              frame,
              at(position).plusMillis(index * 3),
              index == 0,
              messages,
              messages.size(),
              ByteBuffer.wrap(SQL.getBytes(StandardCharsets.UTF_8)));
        }
      };
    }
  }
}
