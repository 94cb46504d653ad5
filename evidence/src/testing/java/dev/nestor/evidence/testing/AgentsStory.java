package dev.nestor.evidence.testing;

import dev.nestor.postgres.protocol.BackendMessage;
import dev.nestor.postgres.protocol.DiagnosticFields;
import dev.nestor.postgres.protocol.FrontendMessage;
import dev.nestor.postgres.protocol.TransactionStatus;
import dev.nestor.recorder.bytes.Bytes;
import dev.nestor.recorder.event.ArchiveObject;
import dev.nestor.recorder.event.DecisionCode;
import dev.nestor.recorder.event.Outcome;
import dev.nestor.recorder.event.RecordedEvent;
import dev.nestor.recorder.recording.ArchiveBuilder;
import dev.nestor.recorder.recording.Ring;
import dev.nestor.recorder.recording.RowEnd;
import dev.nestor.recorder.recording.RowStart;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Writes an archive about agents that start agents, for tests: what this version of the gateway
/// does not let happen (a child that outlives its parent, a credential used after its revocation),
/// recorded as a dry run would.
///
/// | credential | who | what is wrong |
/// |---|---|---|
/// | 1 | planner for ana | nothing; revoked after 30 min |
/// | 2 | sql-agent, child of 1 | nothing; ends with 1 |
/// | 3 | csv-export, child of 2 | outlives its parent, used after its end |
/// | 4 | nightly-job of raj | used after its own revocation |
/// | 5 | reporting service | never expires, no human, never used |
/// | 6 | bi-tool of ana | good for 30 days, unused since the first day, three places |
/// | 7 to 20 | helpers of 1 | fourteen alike |
/// | 22 | dashboard of raj | its session goes on after the revocation |
/// | 21 | prober, child of 2 | the same statement blocked again and again, then rephrased |
public final class AgentsStory {
  /// First instant of the archive clock, microseconds.
  public static final long START = 1_767_225_600_000_000L;

  private static final long MINUTE = 60_000_000L;
  private static final long DAY = 24 * 60 * MINUTE;

  private final ArchiveBuilder archive;
  private long ts = START;

  private AgentsStory(ArchiveBuilder archive) {
    this.archive = archive;
  }

  /// Writes it.
  ///
  /// @param number decides keys and identifiers, 0 to 1023
  public static RecordedStory.Written write(Path directory, String name, int number)
      throws IOException {
    Path scratch = Files.createTempDirectory(Files.createDirectories(directory), "writing");
    Path segment;
    String vkey;
    try (ArchiveBuilder archive = ArchiveBuilder.forTests(scratch, number)) {
      new AgentsStory(archive).tell();
      segment = archive.file();
      vkey = archive.verifierKey().toString();
    }
    Path file = directory.resolve(name + ".pgrec");
    Files.move(segment, file);
    Files.delete(scratch);
    return new RecordedStory.Written(file, vkey);
  }

  private void tell() {
    principal(1, RecordedEvent.PrincipalKind.HUMAN, "ana.ruiz@acme");
    principal(2, RecordedEvent.PrincipalKind.HUMAN, "raj.patel@acme");
    principal(3, RecordedEvent.PrincipalKind.SERVICE, "reporting");
    principal(4, RecordedEvent.PrincipalKind.AGENT, "planner-agent");
    principal(5, RecordedEvent.PrincipalKind.AGENT, "sql-agent");
    principal(6, RecordedEvent.PrincipalKind.AGENT, "csv-export");
    principal(7, RecordedEvent.PrincipalKind.AGENT, "nightly-job");
    principal(8, RecordedEvent.PrincipalKind.AGENT, "bi-tool");
    principal(9, RecordedEvent.PrincipalKind.AGENT, "helper");
    principal(10, RecordedEvent.PrincipalKind.AGENT, "prober");
    principal(11, RecordedEvent.PrincipalKind.AGENT, "dashboard");
    credential(1, "41aa", 4, 1, 0, START, START + 60 * MINUTE, "orders.read", "carts.write");
    credential(2, "91be", 5, 1, 1, START + MINUTE, START + 31 * MINUTE, "orders.read");
    credential(3, "a113", 6, 1, 2, START + 2 * MINUTE, START + 62 * MINUTE, "orders.read");
    credential(4, "77d0", 7, 2, 0, START, START + 240 * MINUTE, "orders.read");
    credential(5, "2290", 0, 3, 0, START - 48 * DAY, 0, "orders.read");
    credential(6, "6b10", 8, 1, 0, START, START + 30 * DAY, "orders.read");
    for (int i = 7; i <= 20; i++) {
      credential(
          i, "%04x".formatted(0xe000 + i), 9, 1, 1, START + i * MINUTE, START + (i + 3) * MINUTE);
    }
    credential(21, "bad1", 10, 1, 2, START + MINUTE, START + 31 * MINUTE, "orders.read");

    credential(22, "cac4", 11, 2, 0, START + MINUTE, START + 240 * MINUTE, "orders.read");
    entitlements();

    ts = START + 2 * MINUTE;
    long planner = open(1, 4, "planner 1.0", "10.0.0.1");
    run(planner, "select id, total from orders", List.of("public.orders"), List.of(), 40);
    long sql = open(2, 5, "sql-agent", "10.0.0.2");
    run(sql, "select id, name from customers", List.of("public.customers"), List.of(), 2_500);
    run(sql, "update carts set status = $1", List.of(), List.of("public.carts"), 12);
    long prober = open(21, 10, "prober", "10.0.0.2");
    for (int i = 0; i < 12; i++) {
      block(prober, "select value from app.settings where key = $1", "app.settings");
    }
    run(prober, "select key from app.settings", List.of("app.settings"), List.of(), 3);
    long bi = open(6, 8, "bi-tool", "10.0.0.3");
    run(bi, "select sum(total) from orders", List.of("public.orders"), List.of(), 1);
    end(bi);
    for (String place : List.of("10.0.0.4", "10.0.0.5")) {
      end(open(6, 8, "bi-tool", place));
    }
    for (int i = 7; i <= 20; i++) {
      ts = START + i * MINUTE + MINUTE;
      long helper = open(i, 9, "helper", "10.0.0.2");
      run(helper, "select count(*) from order_items", List.of("public.order_items"), List.of(), 1);
      end(helper);
    }
    ts = START + 25 * MINUTE;
    long export = open(3, 6, "csv-export", "10.0.0.2");
    run(export, "select id, email from customers", List.of("public.customers"), List.of(), 900);
    change(
        1, RecordedEvent.CredentialStep.REVOKED, 2, START + 30 * MINUTE, "compromised", "SEC-552");
    change(2, RecordedEvent.CredentialStep.PARENT_ENDED, 0, START + 30 * MINUTE, "parent", "");
    ts = START + 45 * MINUTE;
    run(export, "select id, email from customers", List.of("public.customers"), List.of(), 900);
    long board = open(22, 11, "dashboard", "10.0.0.7");
    run(board, "select sum(total) from orders", List.of("public.orders"), List.of(), 1);
    change(22, RecordedEvent.CredentialStep.REVOKED, 1, START + 47 * MINUTE, "lost", "HR-8");
    ts = START + 48 * MINUTE;
    run(board, "select sum(total) from orders", List.of("public.orders"), List.of(), 1);
    block(board, "select value from app.settings where key = $1", "app.settings");
    end(board);
    change(4, RecordedEvent.CredentialStep.REVOKED, 1, START + 50 * MINUTE, "offboarded", "HR-7");
    ts = START + 56 * MINUTE;
    long nightly = open(4, 7, "cron", "10.0.0.9");
    run(nightly, "select * from payments", List.of("public.payments"), List.of(), 60);
    end(nightly);
    end(export);
    event(
        0,
        RecordedEvent.Finding.builder()
            .rule("bypass")
            .severity("high")
            .role("app_rw")
            .applicationName("psql")
            .backendPid(4242)
            .build());
    ts = START + 20 * DAY;
    end(prober);
    end(sql);
    end(planner);
  }

  /// What the role of all sessions may do: five privileges on tables, one of them through a group.
  private void entitlements() {
    byte[] snapshot =
        """
        ["default", "app_owner", "", "r", "app_rw", "SELECT", false]
        ["grant", "table", "public.customers", "public", "SELECT", false]
        ["grant", "table", "public.orders", "app_rw", "DELETE", false]
        ["grant", "table", "public.orders", "app_rw", "SELECT", false]
        ["grant", "table", "public.payments", "app_ro", "SELECT", false]
        ["grant", "column", "public.orders.total", "app_rw", "UPDATE", false]
        ["grant", "table", "public.secrets", "somebody_else", "SELECT", false]
        ["member", "app_ro", "app_rw", false]
        ["role", "app_ro", false, true]
        ["role", "app_rw", false, true]
        ["role", "postgres", true, true]
        """
            .getBytes(java.nio.charset.StandardCharsets.UTF_8);
    try {
      Bytes name = archive.attach(0, snapshot);
      event(
          0,
          new RecordedEvent.Entitlements(
              name, "orders", "1", "", 0, Bytes.EMPTY, START, List.of(3L, 1L, 6L, 1L, 0L)));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private void principal(long no, RecordedEvent.PrincipalKind kind, String name) {
    event(
        0,
        new RecordedEvent.Principal(
            no,
            kind,
            "https://id.acme.example",
            "u-" + no,
            "",
            List.of(new RecordedEvent.Claim("preferred_username", name)),
            List.of()));
  }

  private void credential(
      long no,
      String token,
      long actor,
      long subject,
      long parent,
      long issued,
      long expires,
      String... scope) {
    event(
        0,
        RecordedEvent.Credential.builder()
            .no(no)
            .kind(parent == 0 ? "jwt" : "child")
            .actor(actor)
            .subject(subject)
            .parentNo(parent)
            .lineage(parent == 0 ? RecordedEvent.Lineage.DECLARED : RecordedEvent.Lineage.VERIFIED)
            .tokenSha256(Bytes.ofHex(token + "%060x".formatted(no)))
            .issued(issued)
            .expires(expires)
            .scope(List.of(scope))
            .depth(parent == 0 ? 0 : 1)
            .build());
  }

  private void change(
      long no, RecordedEvent.CredentialStep step, long by, long at, String reason, String ticket) {
    event(
        0,
        new RecordedEvent.CredentialChange(
            no, step, by, at, RecordedEvent.ChangeSource.API, 0, reason, ticket, 0));
  }

  private long open(long credential, long principal, String application, String address) {
    long session = archive.openSession();
    event(
        session,
        RecordedEvent.Session.builder()
            .id(Bytes.ofHex("%032x".formatted(session)))
            .database("orders")
            .roleAsked("app_rw")
            .roleOnServer("app_rw")
            .applicationName(application)
            .principal(principal)
            .credential(credential)
            .protocol(196_608)
            .build());
    byte[] bytes = new byte[4];
    String[] parts = address.split("\\.", -1);
    for (int i = 0; i < 4; i++) {
      bytes[i] = (byte) Integer.parseInt(parts[i]);
    }
    event(
        session,
        new RecordedEvent.Client(Bytes.of(bytes), 40_000, "", Bytes.EMPTY, "", Bytes.EMPTY));
    return session;
  }

  private void end(long session) {
    event(
        session,
        RecordedEvent.SessionEnd.builder()
            .trigger(RecordedEvent.Trigger.CLIENT)
            .transaction(RecordedEvent.Transaction.NONE)
            .build());
  }

  private void run(long session, String sql, List<String> reads, List<String> writes, long rows) {
    ts += Duration.ofSeconds(2).toNanos() / 1_000;
    long statement = decided(session, sql, DecisionCode.ALLOW, reads, writes);
    String tag = sql.startsWith("update") ? "UPDATE " : "SELECT ";
    answer(
        session,
        statement,
        Outcome.COMPLETE,
        rows,
        tag,
        "",
        new BackendMessage.CommandComplete(tag + rows));
  }

  private void block(long session, String sql, String relation) {
    ts += Duration.ofSeconds(1).toNanos() / 1_000;
    long statement = decided(session, sql, DecisionCode.BLOCK, List.of(relation), List.of());
    answer(
        session,
        statement,
        Outcome.ERROR,
        0,
        "",
        "42501",
        new BackendMessage.ErrorResponse(DiagnosticFields.of("ERROR", "42501", "blocked")));
  }

  private long decided(
      long session, String sql, DecisionCode code, List<String> reads, List<String> writes) {
    byte[] bytes = bytes(FrontendMessage.Query.of(sql).encode());
    long frame = archive.frame(session, Ring.Lane.COMMAND, ts, bytes, 'Q', 1, 0, bytes.length);
    boolean stopped = code == DecisionCode.BLOCK;
    ArchiveObject.Plan plan =
        new ArchiveObject.Plan(
            new ArchiveObject.Template(sql, 0),
            new ArchiveObject.Facts(
                ArchiveObject.FactsStatus.OK,
                sql.substring(0, sql.indexOf(' ')),
                relations(reads),
                relations(writes),
                List.of(),
                List.of(),
                List.of(),
                0,
                ArchiveObject.FactsClass.USER,
                List.of(),
                List.of()),
            new ArchiveObject.Decision(
                code,
                new ArchiveObject.Policy(
                    Bytes.ofHex("ab".repeat(32)), "orders-production", "1", "dry-run"),
                List.of(
                    new ArchiveObject.Rule(stopped ? "settings.closed" : "orders.read", 23, "")),
                List.of(),
                8,
                stopped ? "42501" : "",
                stopped ? "blocked" : "",
                DecisionCode.AS_PLANNED),
            null,
            ArchiveObject.Capture.MASKED,
            stopped ? ArchiveObject.Forwarded.REPLACED : ArchiveObject.Forwarded.AS_IS);
    return archive.decided(session, RowStart.of(frame, 0, 0, archive.objects().intern(plan), 40));
  }

  private static List<ArchiveObject.Relation> relations(List<String> names) {
    return names.stream()
        .map(name ->
            new ArchiveObject.Relation(
                16_000 + Math.floorMod(name.hashCode(), 1_000),
                name.substring(0, name.indexOf('.')),
                name.substring(name.indexOf('.') + 1),
                "r",
                List.of(),
                7))
        .toList();
  }

  private void answer(
      long session,
      long statement,
      Outcome outcome,
      long rows,
      String tag,
      @Nullable String sqlState,
      BackendMessage first) {
    ts += 1_700;
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(bytes(first.encode()));
    out.writeBytes(bytes(new BackendMessage.ReadyForQuery(TransactionStatus.IDLE).encode()));
    byte[] bytes = out.toByteArray();
    long frame =
        archive.frame(
            session,
            Ring.Lane.RESULT,
            ts,
            bytes,
            first.tag(),
            2,
            outcome == Outcome.ERROR ? 16 : 0,
            bytes.length);
    archive.ended(
        session,
        statement,
        new RowEnd(
            frame,
            0,
            rows,
            outcome,
            tag.isEmpty() ? 0 : archive.objects().intern(new ArchiveObject.Text(tag)),
            sqlState == null ? "" : sqlState,
            dev.nestor.recorder.event.TransactionStatus.IDLE,
            100,
            DecisionCode.AS_PLANNED));
  }

  private void event(long session, RecordedEvent event) {
    ts += 200;
    archive.event(session, ts, event);
  }

  private static byte[] bytes(ByteBuffer message) {
    byte[] part = new byte[message.remaining()];
    message.duplicate().get(part);
    return part;
  }
}
