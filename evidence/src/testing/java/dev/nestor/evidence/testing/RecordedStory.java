package dev.nestor.evidence.testing;

import dev.nestor.postgres.protocol.BackendMessage;
import dev.nestor.postgres.protocol.ColumnDescription;
import dev.nestor.postgres.protocol.DiagnosticFields;
import dev.nestor.postgres.protocol.FormatCode;
import dev.nestor.postgres.protocol.FrontendMessage;
import dev.nestor.postgres.protocol.StatementOrPortal;
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
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A small archive: a human, her agent and the agent's child; reads that are allowed and masked, a
/// transaction, an error, a COPY, a statement that is held and approved, two that are blocked, one
/// that ends the session; and a login that was refused.
public final class RecordedStory {
  /// First instant of the archive clock, microseconds.
  public static final long START = 1_767_225_600_000_000L;

  /// The text of the masked statement.
  public static final String MASKED_SQL =
      "select c.id, c.name, c.email, c.phone, c.note from customers as c where c.region = $1 and"
          + " c.tier <> 'trial' order by c.id limit 4";

  private static final int INTEGER = 23;
  private static final int TEXT = 25;

  private final ArchiveBuilder archive;
  private long ts = START;
  private long session;

  private RecordedStory(ArchiveBuilder archive) {
    this.archive = archive;
  }

  /// What was written.
  ///
  /// @param file the archive
  /// @param vkey key that verifies it
  public record Written(Path file, String vkey) {}

  /// Writes it.
  ///
  /// @param directory for its one file
  /// @param name of the file, without its ending
  /// @param number decides keys and identifiers, 0 to 1023
  public static Written write(Path directory, String name, int number) throws IOException {
    Path scratch = Files.createTempDirectory(Files.createDirectories(directory), "writing");
    Path segment;
    String vkey;
    try (ArchiveBuilder archive = ArchiveBuilder.forTests(scratch, number)) {
      RecordedStory story = new RecordedStory(archive);
      story.people();
      story.refused();
      story.story();
      segment = archive.file();
      vkey = archive.verifierKey().toString();
    }
    Path file = directory.resolve(name + ".pgrec");
    Files.move(segment, file);
    Files.delete(scratch);
    return new Written(file, vkey);
  }

  /// Writes an archive whose recorder died: nothing closes it.
  public static Written writeAbandoned(Path directory, String name, int number)
      throws IOException {
    Path scratch = Files.createTempDirectory(Files.createDirectories(directory), "writing");
    ArchiveBuilder archive = ArchiveBuilder.forTests(scratch, number);
    RecordedStory story = new RecordedStory(archive);
    story.people();
    story.refused();
    archive.sealChunk();
    archive.checkpoint();
    story.story();
    archive.sealChunk();
    archive.abandon();
    Path file = directory.resolve(name + ".pgrec");
    Files.move(archive.file(), file);
    Files.delete(scratch);
    return new Written(file, archive.verifierKey().toString());
  }

  /// Writes an archive with one session of these texts, each allowed.
  public static Written writeTexts(Path directory, String name, int number, List<String> texts)
      throws IOException {
    Path scratch = Files.createTempDirectory(Files.createDirectories(directory), "writing");
    Path segment;
    String vkey;
    try (ArchiveBuilder archive = ArchiveBuilder.forTests(scratch, number)) {
      RecordedStory story = new RecordedStory(archive);
      story.people();
      story.open();
      texts.forEach(each -> story.simple(each, DecisionCode.ALLOW, 1));
      story.end(RecordedEvent.Trigger.CLIENT, List.of());
      segment = archive.file();
      vkey = archive.verifierKey().toString();
    }
    Path file = directory.resolve(name + ".pgrec");
    Files.move(segment, file);
    Files.delete(scratch);
    return new Written(file, vkey);
  }

  /// Writes an archive with one session of many short statements, in several chunks.
  public static Written writeLong(Path directory, String name, int number, int statements)
      throws IOException {
    Path scratch = Files.createTempDirectory(Files.createDirectories(directory), "writing");
    Path segment;
    String vkey;
    try (ArchiveBuilder archive = ArchiveBuilder.forTests(scratch, number)) {
      RecordedStory story = new RecordedStory(archive);
      story.people();
      story.open();
      for (int i = 0; i < statements; i++) {
        story.simple("select " + i, i % 97 == 96 ? DecisionCode.BLOCK : DecisionCode.ALLOW, 1);
        if (i % 500 == 499) {
          archive.sealChunk();
          archive.checkpoint();
        }
      }
      story.end(RecordedEvent.Trigger.CLIENT, List.of());
      segment = archive.file();
      vkey = archive.verifierKey().toString();
    }
    Path file = directory.resolve(name + ".pgrec");
    Files.move(segment, file);
    Files.delete(scratch);
    return new Written(file, vkey);
  }

  // ---- who ----

  private void people() {
    event(0, principal(1, RecordedEvent.PrincipalKind.HUMAN, "u-4711", "maria.lopez@acme"));
    event(0, principal(2, RecordedEvent.PrincipalKind.AGENT, "a-1", "release-agent"));
    event(0, principal(3, RecordedEvent.PrincipalKind.AGENT, "a-2", "migration-helper"));
    event(0, principal(4, RecordedEvent.PrincipalKind.HUMAN, "u-9", "raj.patel@acme"));
    event(
        0,
        RecordedEvent.Credential.builder()
            .no(1)
            .kind("jwt")
            .actor(2)
            .subject(1)
            .lineage(RecordedEvent.Lineage.DECLARED)
            .tokenSha256(Bytes.ofHex("41aa" + "00".repeat(30)))
            .issued(START - 60_000_000)
            .expires(START + 3_540_000_000L)
            .scope(List.of("orders.read"))
            .build());
    event(
        0,
        RecordedEvent.Credential.builder()
            .no(2)
            .kind("child")
            .actor(3)
            .subject(1)
            .parentNo(1)
            .lineage(RecordedEvent.Lineage.VERIFIED)
            .tokenSha256(Bytes.ofHex("7e21" + "00".repeat(30)))
            .issued(START)
            .expires(START + 900_000_000)
            .scope(List.of("orders.read"))
            .build());
  }

  private static RecordedEvent.Principal principal(
      long no, RecordedEvent.PrincipalKind kind, String subject, String name) {
    return new RecordedEvent.Principal(
        no,
        kind,
        "https://id.acme.example",
        subject,
        "",
        List.of(new RecordedEvent.Claim("preferred_username", name)),
        List.of());
  }

  private void refused() {
    session = archive.openSession();
    event(
        session,
        RecordedEvent.Session.builder()
            .database("orders")
            .principal(4)
            .refusalCode("token-expired")
            .applicationName("psql")
            .build());
    end(RecordedEvent.Trigger.ERROR, List.of());
  }

  private void open() {
    session = archive.openSession();
    event(
        session,
        RecordedEvent.Session.builder()
            .id(Bytes.ofHex("7f3a19c2" + "00".repeat(12)))
            .database("orders")
            .roleAsked("migration-helper")
            .roleOnServer("app_rw")
            .applicationName("migrate 2.4")
            .principal(3)
            .credential(2)
            .protocol(196_608)
            .build());
  }

  private void end(RecordedEvent.Trigger trigger, List<Long> counts) {
    event(
        session,
        RecordedEvent.SessionEnd.builder()
            .trigger(trigger)
            .transaction(RecordedEvent.Transaction.NONE)
            .statementsByDecision(counts)
            .build());
  }

  // ---- what happened ----

  private void story() throws IOException {
    open();
    simple("set application_name = 'migrate 2.4'", DecisionCode.ALLOW, 0);
    for (int i = 0; i < 14; i++) {
      pause(350);
      simple("select id, total from orders order by placed_at desc limit " + (10 + i), DecisionCode.ALLOW, 3);
    }
    pause(64_000);
    simple("begin", DecisionCode.ALLOW, 0);
    simple("update carts set status = 'open' where id = 17", DecisionCode.ALLOW, 1);
    simple("commit", DecisionCode.ALLOW, 0);
    pause(1_900);
    masked();
    pause(2_500);
    blocked("select key, value from app.settings", DecisionCode.BLOCK);
    pause(1_200);
    failed();
    pause(800);
    copyOut();
    pause(1_500);
    held();
    pause(2_100);
    blocked("copy customers to stdout", DecisionCode.BLOCK);
    pause(900);
    blocked("create role migr_admin login superuser", DecisionCode.KILL);
    event(
        session,
        new RecordedEvent.Kill(
            RecordedEvent.Trigger.POLICY,
            0,
            24,
            2_400,
            RecordedEvent.ServerSide.TERMINATED,
            RecordedEvent.Transaction.NONE,
            23));
    end(RecordedEvent.Trigger.POLICY, List.of());
  }

  private void pause(long millis) {
    ts += millis * 1_000;
  }

  /// A simple query with `rows` rows of two columns.
  private void simple(String sql, DecisionCode code, int rows) {
    long command = command(FrontendMessage.Query.of(sql));
    if (code == DecisionCode.BLOCK) {
      long blocked = decided(command, 0, plan(sql, code, "orders.read", null, List.of("public.orders")));
      long answer =
          result(
              'E',
              true,
              error("42501", "blocked by rule orders.read"),
              new BackendMessage.ReadyForQuery(TransactionStatus.IDLE));
      ended(blocked, answer, 0, 0, "", "42501", Outcome.ERROR, DecisionCode.AS_PLANNED);
      return;
    }
    long statement =
        decided(command, 0, plan(sql, code, "orders.read", null, List.of("public.orders")));
    List<BackendMessage> answers = new ArrayList<>();
    if (rows > 0 && sql.startsWith("select")) {
      answers.add(columns(column("id", INTEGER), column("total", TEXT)));
      for (int i = 0; i < rows; i++) {
        answers.add(row(String.valueOf(100 + i), i + ".50"));
      }
    }
    String verb = sql.substring(0, Math.max(3, sql.indexOf(' '))).strip();
    String tag = sql.startsWith("select") || sql.startsWith("update") ? verb.toUpperCase(java.util.Locale.ROOT) + " " : verb.toUpperCase(java.util.Locale.ROOT);
    answers.add(new BackendMessage.CommandComplete(tag.endsWith(" ") ? tag + rows : tag));
    answers.add(new BackendMessage.ReadyForQuery(TransactionStatus.IDLE));
    long answer = result(answers.getFirst().tag(), false, answers.toArray(new BackendMessage[0]));
    ended(statement, answer, answers.size() - 2, rows, tag, "", Outcome.COMPLETE, DecisionCode.AS_PLANNED);
  }

  /// The extended protocol, a bound value, two masked columns, a NULL, an empty and a long text.
  private void masked() {
    long command =
        command(
            new FrontendMessage.Parse("", utf8(MASKED_SQL), List.of(TEXT)),
            new FrontendMessage.Bind(
                "", "", List.of(), List.of(Optional.of(utf8("EMEA"))), List.of()),
            new FrontendMessage.Describe(StatementOrPortal.PORTAL, ""),
            new FrontendMessage.Execute("", 0),
            new FrontendMessage.Sync());
    ArchiveObject.Rule rule = new ArchiveObject.Rule("pii.masked", 23, "");
    ArchiveObject.Relation customers =
        new ArchiveObject.Relation(16_400, "public", "customers", "r", List.of(), 7);
    ArchiveObject.Column email =
        new ArchiveObject.Column(customers, 3, "email", TEXT, "pii.contact");
    ArchiveObject.Column phone =
        new ArchiveObject.Column(customers, 4, "phone", TEXT, "pii.contact");
    ArchiveObject.Mask mask =
        new ArchiveObject.Mask(
            List.of(
                maskedColumn(3, email, rule), maskedColumn(4, phone, rule)),
            false);
    long statement =
        decided(command, 3, plan(MASKED_SQL, DecisionCode.MASK, "pii.masked", mask, List.of("public.customers")));
    result('1', false, new BackendMessage.ParseComplete(), new BackendMessage.BindComplete(),
        columns(
            column("id", INTEGER),
            column("name", TEXT),
            column("email", TEXT),
            column("phone", TEXT),
            column("note", TEXT)));
    result('D', false,
        row("1021", "Ana Ruiz", "•••••@contoso.com", "•••••10", "gold"),
        row("1028", "B. Okafor", "•••••@fabrikam.net", "•••••17", ""),
        row("1049", "E. Haddad", null, "•••••38", "x".repeat(6_000)),
        row("1056", "F. Rossi", "•••••@fabrikam.net", "•••••45", "standard"));
    long answer =
        result('C', false,
            new BackendMessage.CommandComplete("SELECT 4"),
            new BackendMessage.ReadyForQuery(TransactionStatus.IDLE));
    ended(statement, answer, 0, 4, "SELECT ", "", Outcome.COMPLETE, DecisionCode.AS_PLANNED);
  }

  private static ArchiveObject.MaskedColumn maskedColumn(
      int output, ArchiveObject.Column column, ArchiveObject.Rule rule) {
    return new ArchiveObject.MaskedColumn(
        output, column, TEXT, 0, rule, "partial", "", ArchiveObject.Provenance.COLUMN);
  }

  private void blocked(String sql, DecisionCode code) {
    long command = command(FrontendMessage.Query.of(sql));
    String rule = code == DecisionCode.KILL ? "roles.kill" : "default";
    long statement = decided(command, 0, plan(sql, code, rule, null, List.of("app.settings")));
    DiagnosticFields fields =
        code == DecisionCode.KILL
            ? DiagnosticFields.of("FATAL", "57P01", "session ended by rule roles.kill")
            : DiagnosticFields.of("ERROR", "42501", "blocked: no rule allows this")
                .with(DiagnosticFields.HINT, "nestor access request d-1");
    List<BackendMessage> answers = new ArrayList<>(List.of(new BackendMessage.ErrorResponse(fields)));
    if (code != DecisionCode.KILL) {
      answers.add(new BackendMessage.ReadyForQuery(TransactionStatus.IDLE));
    }
    long answer = result('E', true, answers.toArray(new BackendMessage[0]));
    ended(statement, answer, 0, 0, "", fields.sqlState(), Outcome.ERROR, DecisionCode.AS_PLANNED);
  }

  private void failed() {
    String sql = "select nothing from orders";
    long command = command(FrontendMessage.Query.of(sql));
    long statement = decided(command, 0, plan(sql, DecisionCode.ALLOW, "orders.read", null, List.of("public.orders")));
    long answer =
        result('E', true,
            error("42703", "column \"nothing\" does not exist"),
            new BackendMessage.ReadyForQuery(TransactionStatus.IDLE));
    ended(statement, answer, 0, 0, "", "42703", Outcome.ERROR, DecisionCode.AS_PLANNED);
  }

  private void copyOut() {
    String sql = "copy (select id, status from carts) to stdout";
    long command = command(FrontendMessage.Query.of(sql));
    long statement = decided(command, 0, plan(sql, DecisionCode.ALLOW, "carts.tidy", null, List.of("public.carts")));
    long answer =
        result('H', false,
            new BackendMessage.CopyOutResponse(FormatCode.TEXT, List.of(FormatCode.TEXT, FormatCode.TEXT)),
            new BackendMessage.CopyData(utf8("1\topen\n")),
            new BackendMessage.CopyData(utf8("2\tclosed\n")),
            new BackendMessage.CopyDone(),
            new BackendMessage.CommandComplete("COPY 2"),
            new BackendMessage.ReadyForQuery(TransactionStatus.IDLE));
    ended(statement, answer, 4, 2, "COPY ", "", Outcome.COMPLETE, DecisionCode.AS_PLANNED);
  }

  private void held() {
    String sql = "delete from carts";
    long command = command(FrontendMessage.Query.of(sql));
    long statement =
        decided(command, 0, plan(sql, DecisionCode.HOLD, "destructive.needs-a-human", null, List.of("public.carts")));
    event(
        session,
        new RecordedEvent.ApprovalAsk(
            statement, Bytes.ofHex("ab".repeat(32)), "destructive.needs-a-human", "dba", 1, ts + 900_000_000, "", false));
    pause(41_200);
    event(
        session,
        new RecordedEvent.ApprovalVote(
            statement, Bytes.ofHex("ab".repeat(32)), 4, RecordedEvent.Vote.APPROVE, "cli", 0, 0, ""));
    event(
        session,
        new RecordedEvent.ApprovalEnd(statement, RecordedEvent.ApprovalOutcome.GRANTED, 41_200_000));
    long answer =
        result('C', false,
            new BackendMessage.CommandComplete("DELETE 78"),
            new BackendMessage.ReadyForQuery(TransactionStatus.IDLE));
    ended(statement, answer, 0, 78, "DELETE ", "", Outcome.COMPLETE, DecisionCode.HELD_GRANTED);
  }

  // ---- frames ----

  private long event(long of, RecordedEvent event) {
    ts += 200;
    return archive.event(of, ts, event);
  }

  private long command(FrontendMessage... messages) {
    ts += 3_100;
    byte[] bytes = bytes(List.of(messages).stream().map(FrontendMessage::encode).toList());
    return archive.frame(
        session, Ring.Lane.COMMAND, ts, bytes, messages[0].tag(), messages.length, 0, bytes.length);
  }

  private long result(int type, boolean error, BackendMessage... messages) {
    ts += 1_700;
    byte[] bytes = bytes(List.of(messages).stream().map(BackendMessage::encode).toList());
    return archive.frame(
        session, Ring.Lane.RESULT, ts, bytes, type, messages.length, error ? 16 : 0, bytes.length);
  }

  private static byte[] bytes(List<ByteBuffer> messages) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (ByteBuffer message : messages) {
      byte[] part = new byte[message.remaining()];
      message.duplicate().get(part);
      out.writeBytes(part);
    }
    return out.toByteArray();
  }

  private long decided(long frame, int message, ArchiveObject.Plan plan) {
    return archive.decided(
        session, RowStart.of(frame, message, 0, archive.objects().intern(plan), 40));
  }

  private void ended(
      long statement,
      long answer,
      int message,
      long rows,
      String tag,
      String sqlState,
      Outcome outcome,
      DecisionCode code) {
    boolean known =
        archive.ended(
            session,
            statement,
            new RowEnd(
                answer,
                message,
                rows,
                outcome,
                tag.isEmpty() ? 0 : archive.objects().intern(new ArchiveObject.Text(tag)),
                sqlState,
                dev.nestor.recorder.event.TransactionStatus.IDLE,
                100,
                code));
    if (!known) {
      throw new IllegalStateException("statement " + statement + " is not open");
    }
  }

  private static ArchiveObject.Plan plan(
      String sql, DecisionCode code, String rule, ArchiveObject.@org.jspecify.annotations.Nullable Mask mask, List<String> reads) {
    ArchiveObject.Policy policy =
        new ArchiveObject.Policy(
            Bytes.ofHex("ab".repeat(32)), "orders-production", "1", "active");
    List<ArchiveObject.Relation> relations =
        reads.stream()
            .map(
                name ->
                    new ArchiveObject.Relation(
                        16_400,
                        name.substring(0, name.indexOf('.')),
                        name.substring(name.indexOf('.') + 1),
                        "r",
                        List.of(),
                        7))
            .toList();
    boolean stopped = code == DecisionCode.BLOCK || code == DecisionCode.KILL;
    return new ArchiveObject.Plan(
        new ArchiveObject.Template(sql.replaceAll("\\b[0-9]+\\b", "\\$"), 0),
        new ArchiveObject.Facts(
            ArchiveObject.FactsStatus.OK,
            sql.substring(0, Math.max(3, sql.indexOf(' '))).strip(),
            sql.startsWith("select") || sql.startsWith("copy") ? relations : List.of(),
            sql.startsWith("update") || sql.startsWith("delete") ? relations : List.of(),
            mask == null
                ? List.of()
                : mask.columns().stream()
                    .map(each -> new ArchiveObject.ColumnUse(each.column(), 1))
                    .toList(),
            List.of(),
            List.of(),
            0,
            ArchiveObject.FactsClass.USER,
            List.of(),
            List.of()),
        new ArchiveObject.Decision(
            code,
            policy,
            List.of(new ArchiveObject.Rule(rule, 23, "")),
            List.of(),
            8,
            stopped ? "42501" : "",
            stopped ? "blocked" : "",
            DecisionCode.AS_PLANNED),
        mask,
        ArchiveObject.Capture.MASKED,
        stopped ? ArchiveObject.Forwarded.REPLACED : ArchiveObject.Forwarded.AS_IS);
  }

  private static BackendMessage.ErrorResponse error(String sqlState, String message) {
    return new BackendMessage.ErrorResponse(DiagnosticFields.of("ERROR", sqlState, message));
  }

  private static BackendMessage.RowDescription columns(ColumnDescription... columns) {
    return new BackendMessage.RowDescription(List.of(columns));
  }

  private static ColumnDescription column(String name, int type) {
    return new ColumnDescription(
        name, 16_400, (short) 1, type, (short) (type == INTEGER ? 4 : -1), -1, FormatCode.TEXT);
  }

  private static BackendMessage.DataRow row(@org.jspecify.annotations.Nullable String... cells) {
    List<Optional<dev.nestor.postgres.protocol.Bytes>> values = new ArrayList<>();
    for (String cell : cells) {
      values.add(cell == null ? Optional.empty() : Optional.of(utf8(cell)));
    }
    return new BackendMessage.DataRow(values);
  }

  private static dev.nestor.postgres.protocol.Bytes utf8(String text) {
    return dev.nestor.postgres.protocol.Bytes.copyOf(text.getBytes(StandardCharsets.UTF_8));
  }
}
