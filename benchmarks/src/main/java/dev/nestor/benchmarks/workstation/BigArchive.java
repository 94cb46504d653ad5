package dev.nestor.benchmarks.workstation;

import dev.nestor.evidence.archive.EvidenceArchives;
import dev.nestor.recorder.bytes.Bytes;
import dev.nestor.recorder.event.ArchiveObject;
import dev.nestor.recorder.event.DecisionCode;
import dev.nestor.recorder.event.Outcome;
import dev.nestor.recorder.event.RecordedEvent;
import dev.nestor.recorder.event.TransactionStatus;
import dev.nestor.recorder.note.HostKey;
import dev.nestor.recorder.recording.ArchiveBuilder;
import dev.nestor.recorder.recording.Ring;
import dev.nestor.recorder.recording.RowEnd;
import dev.nestor.recorder.recording.RowStart;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/// Writes an archive of as many frames as wanted, by the recorder's own writer: chunks, statements,
/// proofs and signatures as the gateway makes them, the same for the same number.
///
/// A service holds one session that has half of the frames; beside it two people and their agents
/// come and go, forty sessions at a time, by credentials whose parents are recorded. One statement
/// in two hundred is blocked, one in fifty masked, one in a hundred fails; a DELETE on customers is
/// rare. Most are simple queries with constants of their own, a third come with values to a
/// prepared statement.
public final class BigArchive {
  private static final long START = 1_767_225_600_000_000L; // 2026-01-01
  private static final long SEGMENT_FRAMES = 4_000_000;
  private static final int CHUNK_BYTES = 256 << 10;
  private static final int LIVE = 40;
  private static final int AGENTS = 60;
  private static final int TEXT = 25;
  private static final int STATEMENTS_A_SESSION = 2_000;
  private static final List<String> TABLES =
      List.of("orders", "customers", "carts", "items", "payments", "returns", "stock", "prices");
  private static final List<String> SHAPES =
      List.of(
          "select id, total from %s where id = $",
          "select * from %s where placed_at > now() - interval '$ days' order by id limit $",
          "update %s set status = 'open' where id = $",
          "select count(*) from %s where region = 'EMEA' and id < $",
          "insert into %s (id, total) values ($, $)");

  private final ArchiveBuilder archive;
  private final Random random = new Random(7);
  private final List<Shape> shapes = new ArrayList<>();
  private final Shape delete;
  private final Shape blocked;
  private final long[] sessions = new long[LIVE];
  private final int[] left = new int[LIVE];
  private final int cellBytes;
  private long ts = START;
  private long frames;
  private long chunkBytes;

  /// A text with its plan.
  ///
  /// @param sql with `$` where a constant of its own stands
  private record Shape(String sql, int plan, int tag, String verb, boolean returns) {}

  private BigArchive(ArchiveBuilder archive, int cellBytes) {
    this.archive = archive;
    this.cellBytes = cellBytes;
    ArchiveObject.Policy policy =
        new ArchiveObject.Policy(Bytes.ofHex("ab".repeat(32)), "shop", "1", "active");
    for (String table : TABLES) {
      for (String shape : SHAPES) {
        shapes.add(shape(policy, shape.formatted(table), table, DecisionCode.ALLOW));
      }
    }
    shapes.add(
        shape(
            policy,
            "select name, email from customers where id = $",
            "customers",
            DecisionCode.MASK));
    delete = shape(policy, "delete from customers where id = $", "customers", DecisionCode.ALLOW);
    blocked = shape(policy, "select key, value from settings", "settings", DecisionCode.BLOCK);
  }

  /// Writes it.
  ///
  /// @param directory for its segments; must not have any
  /// @param frames how many, more or less; at least 1,000
  /// @param cellBytes of a second cell of every row of a result, which nothing can compress; 0 for
  ///   the short texts of every day
  /// @param progress is told how many there are, now and then
  /// @return the key that verifies it, for `--key`
  public static String write(Path directory, long frames, int cellBytes, LongConsumer progress)
      throws IOException {
    Files.createDirectories(directory);
    ArchiveBuilder.Identity identity =
        new ArchiveBuilder.Identity(
            HostKey.test(77),
            new UUID(0x6265_6e63_684d_4000L | frames << 20, 0x8000_0000_0000_0000L | frames),
            "benchmark",
            "nestor-benchmark",
            new Random(frames),
            false);
    try (ArchiveBuilder archive = ArchiveBuilder.create(directory, identity, START * 1_000)) {
      new BigArchive(archive, cellBytes).fill(frames, progress);
      return archive.verifierKey().toString();
    }
  }

  private void fill(long wanted, LongConsumer progress) throws IOException {
    people();
    long service = open(0);
    for (int i = 0; i < LIVE; i++) {
      sessions[i] = open(1 + random.nextInt(AGENTS));
      left[i] = 50 + random.nextInt(STATEMENTS_A_SESSION);
    }
    long checkpointAt = 200_000;
    long segmentAt = SEGMENT_FRAMES;
    for (long statements = 0; frames < wanted; statements++) {
      int at = random.nextInt(2 * LIVE);
      if (at >= LIVE) {
        statement(service, statements);
      } else {
        statement(sessions[at], statements);
        if (--left[at] == 0) {
          end(sessions[at]);
          sessions[at] = open(1 + random.nextInt(AGENTS));
          left[at] = 50 + random.nextInt(STATEMENTS_A_SESSION);
        }
      }
      if (chunkBytes >= CHUNK_BYTES) {
        chunkBytes = 0;
        archive.sealChunk();
      }
      if (frames >= checkpointAt) {
        checkpointAt += 200_000;
        archive.checkpoint();
        progress.accept(frames);
      }
      if (frames >= segmentAt && frames < wanted) {
        segmentAt += SEGMENT_FRAMES;
        archive.nextSegment(ts * 1_000, ts, List.of());
      }
    }
    for (long each : sessions) {
      end(each);
    }
    end(service);
  }

  // ---- who ----

  private void people() {
    principal(1, RecordedEvent.PrincipalKind.HUMAN, "maria.lopez@acme");
    principal(2, RecordedEvent.PrincipalKind.HUMAN, "raj.patel@acme");
    principal(3, RecordedEvent.PrincipalKind.SERVICE, "orders-service");
    credential(1, 3, 3, 0);
    for (int i = 1; i <= AGENTS; i++) {
      principal(3 + i, RecordedEvent.PrincipalKind.AGENT, "agent-" + i);
      credential(1 + i, 3 + i, 1 + i % 2, i > 10 ? 1 + (i - 1) / 5 : 0);
    }
  }

  private void principal(long no, RecordedEvent.PrincipalKind kind, String name) {
    event(
        0,
        new RecordedEvent.Principal(
            no,
            kind,
            "https://id.acme.example",
            "p-" + no,
            "",
            List.of(new RecordedEvent.Claim("preferred_username", name)),
            List.of()));
  }

  private void credential(long no, long actor, long subject, long parent) {
    event(
        0,
        RecordedEvent.Credential.builder()
            .no(no)
            .kind(parent == 0 ? "jwt" : "child")
            .actor(actor)
            .subject(subject)
            .parentNo(parent)
            .lineage(parent == 0 ? RecordedEvent.Lineage.DECLARED : RecordedEvent.Lineage.VERIFIED)
            .tokenSha256(Bytes.ofHex("%064x".formatted(no * 0x9e37_79b9L)))
            .issued(START)
            .expires(START + 30L * 86_400_000_000L)
            .build());
  }

  private long open(int agent) {
    long session = archive.openSession();
    event(
        session,
        RecordedEvent.Session.builder()
            .database("shop")
            .roleAsked("app")
            .roleOnServer("app_rw")
            .applicationName(agent == 0 ? "orders-service" : "agent")
            .principal(3 + agent)
            .credential(1 + agent)
            .protocol(196_608)
            .build());
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

  private void event(long session, RecordedEvent event) {
    archive.event(session, ts++, event);
    frames++;
  }

  // ---- what ----

  private Shape shape(ArchiveObject.Policy policy, String sql, String table, DecisionCode code) {
    boolean writes = !sql.startsWith("select");
    String verb = sql.substring(0, sql.indexOf(' '));
    ArchiveObject.Relation relation =
        new ArchiveObject.Relation(
            16_400 + TABLES.indexOf(table), "public", table, "r", List.of(), 7);
    ArchiveObject.@Nullable Mask mask =
        code == DecisionCode.MASK
            ? new ArchiveObject.Mask(
                List.of(
                    new ArchiveObject.MaskedColumn(
                        2,
                        new ArchiveObject.Column(relation, 3, "email", TEXT, "pii.contact"),
                        TEXT,
                        0,
                        new ArchiveObject.Rule("pii.masked", 23, ""),
                        "partial",
                        "",
                        ArchiveObject.Provenance.COLUMN)),
                false)
            : null;
    boolean stopped = code == DecisionCode.BLOCK;
    ArchiveObject.Plan plan =
        new ArchiveObject.Plan(
            new ArchiveObject.Template(sql, 0),
            new ArchiveObject.Facts(
                ArchiveObject.FactsStatus.OK,
                verb,
                writes ? List.of() : List.of(relation),
                writes ? List.of(relation) : List.of(),
                List.of(),
                List.of(),
                List.of(),
                0,
                ArchiveObject.FactsClass.USER,
                List.of(),
                List.of()),
            new ArchiveObject.Decision(
                code,
                policy,
                List.of(new ArchiveObject.Rule(stopped ? "default" : table + ".use", 23, "")),
                List.of(),
                8,
                stopped ? "42501" : "",
                stopped ? "blocked" : "",
                DecisionCode.AS_PLANNED),
            mask,
            ArchiveObject.Capture.MASKED,
            stopped ? ArchiveObject.Forwarded.REPLACED : ArchiveObject.Forwarded.AS_IS);
    String tag =
        verb.equals("insert") ? "INSERT 0 " : verb.toUpperCase(java.util.Locale.ROOT) + " ";
    return new Shape(
        sql,
        archive.objects().intern(plan),
        archive.objects().intern(new ArchiveObject.Text(tag)),
        tag,
        !writes);
  }

  private void statement(long session, long number) {
    int dice = random.nextInt(200_000);
    Shape shape =
        dice < 1_000
            ? blocked
            : dice < 1_020
                ? delete
                : dice < 5_000 ? shapes.getLast() : shapes.get(random.nextInt(shapes.size() - 1));
    boolean fails = dice >= 198_000;
    ts += 20 + random.nextInt(400);
    String sql = shape.sql;
    for (int at = sql.indexOf('$'); at >= 0; at = sql.indexOf('$', at)) {
      sql = sql.substring(0, at) + random.nextInt(1_000_000) + sql.substring(at + 1);
    }
    boolean extended = number % 3 == 0;
    byte[] command = extended ? extended(sql) : message('Q', cString(sql));
    long anchor =
        frame(session, Ring.Lane.COMMAND, command, extended ? 'P' : 'Q', extended ? 5 : 1, 0);
    long statement =
        archive.decided(session, RowStart.of(anchor, extended ? 3 : 0, 0, shape.plan, 12));
    ts += 100 + random.nextInt(2_000);
    if (shape.equals(blocked) || fails) {
      byte[] error =
          message(
              'E',
              "SERROR\0VERROR\0C%s\0M%s\0\0"
                  .formatted(
                      fails ? "42703" : "42501",
                      fails ? "column \"x\" does not exist" : "blocked: no rule allows this")
                  .getBytes(StandardCharsets.UTF_8));
      byte[] answer = join(error, message('Z', new byte[] {'I'}));
      long end = frame(session, Ring.Lane.RESULT, answer, 'E', 2, 16);
      ended(
          session,
          statement,
          new End(end, 0, 0, Outcome.ERROR, 0, fails ? "42703" : "42501", answer));
      return;
    }
    int rows = shape.returns ? random.nextInt(6) : 1;
    List<byte[]> parts = new ArrayList<>();
    if (extended) {
      parts.add(message('1', new byte[0]));
      parts.add(message('2', new byte[0]));
    }
    if (shape.returns) {
      parts.add(DESCRIPTION);
      for (int i = 0; i < rows; i++) {
        String cell = cellBytes == 0 ? random.nextInt(10_000) + ".50" : noise();
        parts.add(row(String.valueOf(random.nextInt(1_000_000)), cell));
      }
    }
    parts.add(message('C', cString(shape.verb + rows)));
    parts.add(message('Z', new byte[] {'I'}));
    byte[] answer = join(parts.toArray(byte[][]::new));
    long end = frame(session, Ring.Lane.RESULT, answer, parts.getFirst()[0], parts.size(), 0);
    ended(
        session,
        statement,
        new End(end, parts.size() - 2, rows, Outcome.COMPLETE, shape.tag, "", answer));
  }

  private record End(
      long frame,
      int message,
      long rows,
      Outcome outcome,
      int tag,
      String sqlState,
      byte[] answer) {}

  private void ended(long session, long statement, End end) {
    archive.ended(
        session,
        statement,
        new RowEnd(
            end.frame,
            end.message,
            end.rows,
            end.outcome,
            end.tag,
            end.sqlState,
            TransactionStatus.IDLE,
            end.answer.length,
            DecisionCode.AS_PLANNED));
  }

  private long frame(
      long session, Ring.Lane lane, byte[] bytes, int type, int messages, int flags) {
    frames++;
    chunkBytes += bytes.length;
    return archive.frame(session, lane, ts, bytes, type, messages, flags, bytes.length);
  }

  // ---- bytes ----

  private static final byte[] DESCRIPTION = description("id", "total");

  private static byte[] description(String... names) {
    ByteBuffer body = ByteBuffer.allocate(200).putShort((short) names.length);
    for (String name : names) {
      body.put(cString(name)).putInt(16_400).putShort((short) 1).putInt(TEXT);
      body.putShort((short) -1).putInt(-1).putShort((short) 0);
    }
    byte[] bytes = new byte[body.position()];
    body.flip().get(bytes);
    return message('T', bytes);
  }

  private String noise() {
    byte[] bytes = new byte[cellBytes];
    random.nextBytes(bytes);
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  private static byte[] row(String... cells) {
    int length = 200 + java.util.Arrays.stream(cells).mapToInt(String::length).sum();
    ByteBuffer body = ByteBuffer.allocate(length).putShort((short) cells.length);
    for (String cell : cells) {
      byte[] bytes = cell.getBytes(StandardCharsets.ISO_8859_1);
      body.putInt(bytes.length).put(bytes);
    }
    byte[] bytes = new byte[body.position()];
    body.flip().get(bytes);
    return message('D', bytes);
  }

  private static byte[] extended(String sql) {
    return join(
        message('P', join(new byte[] {0}, cString(sql), new byte[] {0, 0})),
        message('B', new byte[] {0, 0, 0, 0, 0, 0, 0, 0}),
        message('D', new byte[] {'P', 0}),
        message('E', new byte[] {0, 0, 0, 0, 0}),
        message('S', new byte[0]));
  }

  private static byte[] cString(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return java.util.Arrays.copyOf(bytes, bytes.length + 1);
  }

  private static byte[] message(char type, byte[] body) {
    return ByteBuffer.allocate(body.length + 5)
        .put((byte) type)
        .putInt(body.length + 4)
        .put(body)
        .array();
  }

  private static byte[] join(byte[]... parts) {
    int length = 0;
    for (byte[] part : parts) {
      length += part.length;
    }
    ByteBuffer all = ByteBuffer.allocate(length);
    for (byte[] part : parts) {
      all.put(part);
    }
    return all.array();
  }

  /// Arguments: a file that does not exist yet, how many frames, a file for the verifier key, and
  /// perhaps bytes of a cell.
  public static void main(String[] arguments) throws IOException {
    Path file = Path.of(arguments[0]);
    long wanted = Long.parseLong(arguments[1]);
    Path part = file.resolveSibling(file.getFileName() + ".writing");
    delete(part);
    int cellBytes = arguments.length > 3 ? Integer.parseInt(arguments[3]) : 0;
    String key =
        write(
            part,
            wanted,
            cellBytes,
            done -> System.err.printf("\rwriting: %,d of %,d frames", done, wanted));
    Files.writeString(Path.of(arguments[2]), key + "\n");
    EvidenceArchives.pack(part, file);
    delete(part);
    System.err.println();
  }

  private static void delete(Path folder) throws IOException {
    if (Files.isDirectory(folder)) {
      try (var files = Files.list(folder)) {
        for (Path each : files.toList()) {
          Files.delete(each);
        }
      }
      Files.delete(folder);
    }
  }
}
