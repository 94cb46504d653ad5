package dev.nestor.recorder.recording;

import dev.nestor.recorder.bytes.Bytes;
import dev.nestor.recorder.event.ArchiveObject;
import dev.nestor.recorder.event.DecisionCode;
import dev.nestor.recorder.event.Outcome;
import dev.nestor.recorder.event.RecordedEvent;
import dev.nestor.recorder.event.TransactionStatus;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/// Small archives that several tests look at.
public final class Samples {
  public static final long T0 = 1_767_225_600_000_000L;

  private Samples() {}

  public static ArchiveObject.Plan plan(String text, DecisionCode code) {
    ArchiveObject.Relation customers =
        new ArchiveObject.Relation(16_400, "public", "customers", "r", List.of("pii"), 7);
    ArchiveObject.Column email = new ArchiveObject.Column(customers, 3, "email", 25, "pii.contact");
    ArchiveObject.Facts facts =
        new ArchiveObject.Facts(
            ArchiveObject.FactsStatus.OK,
            "select",
            List.of(customers),
            List.of(),
            List.of(new ArchiveObject.ColumnUse(email, ArchiveObject.USE_OUTPUT)),
            List.of(),
            List.of(),
            0,
            ArchiveObject.FactsClass.USER,
            List.of(),
            List.of());
    ArchiveObject.Rule rule = new ArchiveObject.Rule("orders.read", 12, "");
    ArchiveObject.Policy policy =
        new ArchiveObject.Policy(Bytes.of(new byte[32]), "orders-production", "1", "active");
    ArchiveObject.Decision decision =
        new ArchiveObject.Decision(
            code,
            policy,
            List.of(rule),
            List.of(),
            9,
            code == DecisionCode.BLOCK ? "42501" : "",
            "",
            DecisionCode.AS_PLANNED);
    return new ArchiveObject.Plan(
        new ArchiveObject.Template(text, 0),
        facts,
        decision,
        null,
        ArchiveObject.Capture.FULL,
        ArchiveObject.Forwarded.AS_IS);
  }

  public static RecordedEvent.Session head(long principal) {
    return RecordedEvent.Session.builder()
        .id(Bytes.of(new byte[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16}))
        .database("orders")
        .roleAsked("agent")
        .roleOnServer("app_rw")
        .applicationName("psql")
        .protocol(196_608)
        .principal(principal)
        .credential(1)
        .method(RecordedEvent.Method.JWT)
        .build();
  }

  public static RecordedEvent.Principal principal(long no, String subject) {
    return new RecordedEvent.Principal(
        no,
        RecordedEvent.PrincipalKind.AGENT,
        "https://id.example",
        subject,
        "",
        List.of(new RecordedEvent.Claim("scope", "orders.read")),
        List.of("support"));
  }

  /// One simple query with rows, whole.
  public static void query(
      ArchiveBuilder archive, long session, long ts, String sql, DecisionCode code, int rows)
      throws IOException {
    byte[] query = Wire.query(sql);
    long anchor = archive.frame(session, Ring.Lane.COMMAND, ts, query, 'Q', 1, 0, query.length);
    int plan = archive.objects().intern(plan(sql, code));
    long statement = archive.decided(session, RowStart.of(anchor, 0, 0, plan, 40));
    boolean blocked = code == DecisionCode.BLOCK;
    Wire wire = new Wire();
    for (int i = 0; i < rows; i++) {
      wire.row("customer " + i, i % 3 == 0 ? null : "mail" + i + "@example", "" + i);
    }
    byte[] answer =
        blocked
            ? new Wire()
                .message(
                    'E', "SERROR\0C42501\0\0".getBytes(java.nio.charset.StandardCharsets.UTF_8))
                .ready('I')
                .bytes()
            : wire.tag("SELECT " + rows).ready('I').bytes();
    long end =
        archive.frame(
            session,
            Ring.Lane.RESULT,
            ts + 250,
            answer,
            blocked ? 'E' : rows > 0 ? 'D' : 'C',
            blocked ? 2 : rows + 2,
            blocked ? 16 : 0,
            answer.length);
    archive.ended(
        session,
        statement,
        new RowEnd(
            end,
            blocked ? 0 : rows,
            blocked ? 0 : rows,
            blocked ? Outcome.ERROR : Outcome.COMPLETE,
            blocked ? 0 : archive.objects().intern(new ArchiveObject.Text("SELECT ")),
            blocked ? "42501" : "",
            TransactionStatus.IDLE,
            answer.length,
            DecisionCode.AS_PLANNED));
  }

  /// Two sessions, six statements, three chunks, a checkpoint and an attachment between them;
  /// closed.
  public static void small(Path directory, int key) throws IOException {
    try (ArchiveBuilder archive = ArchiveBuilder.forTests(directory, key)) {
      fill(archive);
    }
  }

  public static void fill(ArchiveBuilder archive) throws IOException {
    fill(archive, 1000);
  }

  /// @param unit microseconds between two statements
  public static void fill(ArchiveBuilder archive, long unit) throws IOException {
    archive.event(
        0,
        T0,
        new RecordedEvent.RecorderEvent(
            RecordedEvent.RecorderStep.START,
            "nestor",
            "host",
            Bytes.EMPTY,
            "fail-closed",
            Bytes.EMPTY,
            0,
            ArchiveObject.Capture.FULL));
    long first = archive.openSession();
    long second = archive.openSession();
    archive.event(first, T0 + 10, principal(1, "agent-7"));
    archive.event(first, T0 + 20, head(1));
    archive.event(second, T0 + 30, head(1));
    query(
        archive,
        first,
        T0 + 1 * unit,
        "select name, email, id from customers",
        DecisionCode.ALLOW,
        5);
    query(archive, second, T0 + 2 * unit, "select email from customers", DecisionCode.BLOCK, 0);
    archive.sealChunk();
    archive.attach(255, "policy: orders".getBytes(java.nio.charset.StandardCharsets.UTF_8));
    archive.checkpoint();
    query(archive, first, T0 + 3 * unit, "select 1", DecisionCode.ALLOW, 1);
    query(archive, second, T0 + 4 * unit, "select 2", DecisionCode.MASK, 2);
    archive.sealChunk();
    query(archive, first, T0 + 5 * unit, "select 1", DecisionCode.ALLOW, 1);
    query(archive, first, T0 + 6 * unit, "select 1", DecisionCode.ALLOW, 1);
    archive.event(
        first,
        T0 + 7 * unit,
        RecordedEvent.SessionEnd.builder().trigger(RecordedEvent.Trigger.CLIENT).build());
  }
}
