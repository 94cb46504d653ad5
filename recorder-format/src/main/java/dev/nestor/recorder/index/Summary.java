package dev.nestor.recorder.index;

import dev.nestor.recorder.bytes.ByteSink;
import dev.nestor.recorder.bytes.ByteSource;
import dev.nestor.recorder.bytes.Bytes;
import dev.nestor.recorder.bytes.DamageException;
import dev.nestor.recorder.chunk.ChunkObject;
import dev.nestor.recorder.chunk.Compression;
import dev.nestor.recorder.chunk.Lane;
import dev.nestor.recorder.chunk.Limits;
import dev.nestor.recorder.chunk.NewObjects;
import dev.nestor.recorder.chunk.StoredObjects;
import dev.nestor.recorder.event.ArchiveObject;
import dev.nestor.recorder.event.BodyCodec;
import dev.nestor.recorder.event.RecordedEvent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// What a closed segment says of all its chunks together. A segment without one gets an equal one
/// from [SummaryBuilder].
///
/// @param heads sessions and their ends
/// @param identities principals
/// @param credentials credentials and their changes
/// @param checkpoints offsets of the CKPT records before this
/// @param attachments offset of each by its SHA-256
public record Summary(
    List<IndexEntry> index,
    Totals totals,
    List<SessionTotals> sessions,
    List<SummaryEvent> heads,
    List<Posting<ArchiveObject.Plan>> plans,
    List<SummaryEvent> identities,
    List<SummaryEvent> credentials,
    List<Posting<String>> sqlStates,
    Density density,
    List<Long> checkpoints,
    Map<Bytes, Long> attachments) {
  private static final int INDEX = 1;
  private static final int TOTALS = 2;
  private static final int SESSIONS = 3;
  private static final int HEADS = 4;
  private static final int PLANS = 5;
  private static final int IDENTITIES = 6;
  private static final int CREDENTIALS = 7;
  private static final int SQLSTATES = 8;
  private static final int DENSITY = 9;
  private static final int CHECKPOINTS = 10;
  private static final int ATTACHMENTS = 11;

  private static final int SESSION_BYTES = 96;
  private static final int HASH_BYTES = 32;

  public Summary {
    index = List.copyOf(index);
    sessions = List.copyOf(sessions);
    heads = List.copyOf(heads);
    plans = List.copyOf(plans);
    identities = List.copyOf(identities);
    credentials = List.copyOf(credentials);
    sqlStates = List.copyOf(sqlStates);
    checkpoints = List.copyOf(checkpoints);
    attachments = Map.copyOf(attachments);
  }

  /// The body of a SUMMARY record.
  public byte[] encode() {
    NewObjects objects = new NewObjects();
    ByteSink headBytes = events(heads, objects);
    ByteSink identityBytes = events(identities, objects);
    ByteSink credentialBytes = events(credentials, objects);
    Map<Integer, Posting<ArchiveObject.Plan>> byNumber = new TreeMap<>();
    for (Posting<ArchiveObject.Plan> plan : plans) {
      byNumber.put(objects.numberOf(plan.what()), plan);
    }
    ByteSink sink = new ByteSink(1 << 14);
    ByteSink section = new ByteSink();
    index.forEach(entry -> entry.encode(section));
    section(sink, INDEX, Lane.NONE, section);
    totals(section);
    section(sink, TOTALS, Lane.META, section);
    sessions.forEach(session -> session(section, session));
    section(sink, SESSIONS, Lane.META, section);
    section(sink, HEADS, Lane.EVT, headBytes);
    section.varint(objects.stored().size());
    for (ChunkObject object : objects.stored()) {
      section.varint(object.kind()).varint(object.body().length()).bytes(object.body());
    }
    byNumber.values().forEach(plan -> posting(section, plan));
    section(sink, PLANS, Lane.EVT, section);
    section(sink, IDENTITIES, Lane.IDN, identityBytes);
    section(sink, CREDENTIALS, Lane.EVT, credentialBytes);
    for (Posting<String> posting : sqlStates) {
      section.varint(Integer.parseInt(posting.what(), 36));
      posting(section, posting);
    }
    section(sink, SQLSTATES, Lane.META, section);
    section.u64(density.tsFirst()).u64(density.binMicros());
    for (int bin = 0; bin < density.bins(); bin++) {
      for (int column = 0; column < Density.COLUMNS; column++) {
        section.u32(density.count(bin, column));
      }
    }
    section(sink, DENSITY, Lane.META, section);
    checkpoints.forEach(section::u64);
    section(sink, CHECKPOINTS, Lane.NONE, section);
    new TreeMap<>(attachmentsByHex())
        .forEach((sha256, offset) -> section.bytes(Bytes.ofHex(sha256)).u64(offset));
    section(sink, ATTACHMENTS, Lane.NONE, section);
    return sink.toArray();
  }

  private Map<String, Long> attachmentsByHex() {
    Map<String, Long> named = new TreeMap<>();
    attachments.forEach((sha256, offset) -> named.put(sha256.toHex(), offset));
    return named;
  }

  private static void section(ByteSink sink, int tag, int lane, ByteSink content) {
    byte[] raw = content.toArray();
    byte[] stored = Compression.compress(raw);
    int codec = Compression.ZSTD;
    if (stored.length >= raw.length) {
      stored = raw;
      codec = Compression.RAW;
    }
    sink.u16(tag).u8(lane).u8(codec).u32(0).u64(raw.length).u64(stored.length).bytes(stored);
    content.clear();
  }

  private static ByteSink events(List<SummaryEvent> events, NewObjects objects) {
    ByteSink sink = new ByteSink();
    for (SummaryEvent each : events) {
      byte[] body = BodyCodec.encode(each.event(), objects);
      sink.varint(each.session())
          .varint(each.frame())
          .varint(BodyCodec.kindOf(each.event()))
          .varint(body.length)
          .bytes(body);
    }
    return sink;
  }

  private void totals(ByteSink sink) {
    sink.varint(totals.tsFirst()).varint(totals.tsLast());
    totals.frames().forEach(sink::varint);
    totals.byDecision().forEach(sink::varint);
    totals.byOutcome().forEach(sink::varint);
    sink.varint(totals.gaps()).varint(totals.coverage().size());
    totals.coverage().forEach(each -> sink.varint(each.from()).varint(each.to()));
  }

  private static void session(ByteSink sink, SessionTotals session) {
    sink.u64(session.no())
        .u64(session.tsFirst())
        .u64(session.tsLast())
        .u64(session.firstFrame())
        .u64(session.framesBefore())
        .u64(session.statementsBefore())
        .u64(session.rows())
        .u64(session.bytesOut())
        .u32(session.frames())
        .u32(session.statements())
        .u32(session.masked())
        .u32(session.held())
        .u32(session.blocked())
        .u32(session.principal())
        .u32(session.credential())
        .u32(session.firstChunk());
  }

  private static void posting(ByteSink sink, Posting<?> posting) {
    sink.varint(posting.count()).varint(posting.chunks().size());
    long before = 0;
    for (long chunk : posting.chunks()) {
      sink.varint(chunk - before);
      before = chunk;
    }
  }

  /// Reads a body.
  ///
  /// @throws DamageException if a section is missing or breaks a rule
  public static Summary decode(byte[] body) {
    Map<Integer, byte[]> sections = sections(body);
    ByteSource plans = source(sections, PLANS);
    StoredObjects objects = objects(plans);
    return new Summary(
        decodeIndex(sections),
        decodeTotals(source(sections, TOTALS)),
        decodeSessions(source(sections, SESSIONS)),
        decodeEvents(source(sections, HEADS), Lane.EVT, objects),
        decodePlans(plans, objects),
        decodeEvents(source(sections, IDENTITIES), Lane.IDN, objects),
        decodeEvents(source(sections, CREDENTIALS), Lane.EVT, objects),
        decodeSqlStates(source(sections, SQLSTATES)),
        decodeDensity(source(sections, DENSITY)),
        decodeCheckpoints(source(sections, CHECKPOINTS)),
        decodeAttachments(source(sections, ATTACHMENTS)));
  }

  /// The chunks alone: what opening an archive needs.
  ///
  /// @throws DamageException if the section is missing or breaks a rule
  public static List<IndexEntry> decodeIndex(byte[] body) {
    return decodeIndex(sections(body, INDEX));
  }

  private static Map<Integer, byte[]> sections(byte[] body) {
    return sections(body, 0);
  }

  /// @param only section that is wanted, 0 for all
  private static Map<Integer, byte[]> sections(byte[] body, int only) {
    Map<Integer, byte[]> sections = new TreeMap<>();
    ByteSource source = new ByteSource("SUMMARY", body);
    while (source.hasRemaining()) {
      int tag = source.u16();
      source.u8();
      int codec = source.u8();
      if (source.u32() != 0) {
        throw source.damage("reserved bytes are not 0");
      }
      long raw = source.u64();
      long stored = source.u64();
      if (raw < 0 || raw > Limits.BODY_BYTES_MAX || stored < 0 || stored > source.remaining()) {
        throw source.damage("section " + tag + " of " + raw + " bytes");
      }
      if (only != 0 && only != tag) {
        source.skip((int) stored);
        continue;
      }
      int from = source.position();
      source.skip((int) stored);
      if (codec == Compression.RAW && stored == raw) {
        sections.put(tag, Arrays.copyOfRange(body, from, source.position()));
      } else if (codec == Compression.ZSTD) {
        sections.put(tag, Compression.decompress(body, from, (int) stored, (int) raw));
      } else {
        throw source.damage("section " + tag + ": codec " + codec);
      }
    }
    return sections;
  }

  private static ByteSource source(Map<Integer, byte[]> sections, int tag) {
    return new ByteSource("SUMMARY section " + tag, section(sections, tag));
  }

  private static byte[] section(Map<Integer, byte[]> sections, int tag) {
    byte[] section = sections.get(tag);
    if (section == null) {
      throw new DamageException("SUMMARY: no section " + tag);
    }
    return section;
  }

  private static StoredObjects objects(ByteSource source) {
    int count = source.length("objects");
    List<ChunkObject> objects = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int kind = source.intVarint("kind");
      objects.add(
          new ChunkObject(
              kind, source.bytes((int) source.varint("length", BodyCodec.BODY_BYTES_MAX))));
    }
    return new StoredObjects(objects);
  }

  private static List<Posting<ArchiveObject.Plan>> decodePlans(
      ByteSource source, StoredObjects objects) {
    List<Posting<ArchiveObject.Plan>> plans = new ArrayList<>();
    for (int number = 1; number <= objects.size(); number++) {
      if (objects.object(number) instanceof ArchiveObject.Plan plan) {
        plans.add(decodePosting(source, plan));
      }
    }
    source.end();
    return plans;
  }

  private static <T> Posting<T> decodePosting(ByteSource source, T what) {
    long count = source.varint();
    int size = source.length("chunks");
    List<Long> chunks = new ArrayList<>();
    long chunk = 0;
    for (int i = 0; i < size; i++) {
      chunk += source.varint("chunk", Long.MAX_VALUE >>> 2);
      chunks.add(chunk);
    }
    return new Posting<>(what, count, chunks);
  }

  private static List<Posting<String>> decodeSqlStates(ByteSource source) {
    List<Posting<String>> postings = new ArrayList<>();
    while (source.hasRemaining()) {
      int code = source.intVarint("SQLSTATE");
      postings.add(decodePosting(source, sqlState(code)));
    }
    return postings;
  }

  /// The five characters of an SQLSTATE; empty for 0.
  public static String sqlState(int base36) {
    if (base36 == 0) {
      return "";
    }
    String digits = Integer.toString(base36, 36).toUpperCase(java.util.Locale.ROOT);
    return "0".repeat(Math.max(0, 5 - digits.length())) + digits;
  }

  private static List<IndexEntry> decodeIndex(Map<Integer, byte[]> sections) {
    byte[] section = section(sections, INDEX);
    return new StoredEntries(section, 0, section.length);
  }

  private static Totals decodeTotals(ByteSource source) {
    long tsFirst = source.varint();
    long tsLast = source.varint();
    List<Long> frames = numbers(source, Lane.COUNT);
    List<Long> byDecision = numbers(source, 5);
    List<Long> byOutcome = numbers(source, 7);
    long gaps = source.varint();
    int size = source.length("coverage");
    List<Totals.Interval> coverage = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      coverage.add(new Totals.Interval(source.varint(), source.varint()));
    }
    source.end();
    return new Totals(tsFirst, tsLast, frames, byDecision, byOutcome, gaps, coverage);
  }

  private static List<Long> numbers(ByteSource source, int count) {
    List<Long> numbers = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      numbers.add(source.varint());
    }
    return numbers;
  }

  private static List<SessionTotals> decodeSessions(ByteSource source) {
    List<SessionTotals> sessions = new ArrayList<>();
    while (source.hasRemaining()) {
      if (source.remaining() < SESSION_BYTES) {
        throw source.damage("bytes left over");
      }
      sessions.add(
          new SessionTotals(
              source.u64(),
              source.u64(),
              source.u64(),
              source.u64(),
              source.u64(),
              source.u64(),
              source.u64(),
              source.u64(),
              source.u32(),
              source.u32(),
              source.u32(),
              source.u32(),
              source.u32(),
              source.u32(),
              source.u32(),
              source.u32()));
    }
    return sessions;
  }

  private static List<SummaryEvent> decodeEvents(
      ByteSource source, int lane, StoredObjects objects) {
    List<SummaryEvent> events = new ArrayList<>();
    while (source.hasRemaining()) {
      long session = source.varint();
      long frame = source.varint();
      int kind = source.intVarint("kind");
      byte[] body = source.array((int) source.varint("length", BodyCodec.BODY_BYTES_MAX));
      RecordedEvent event = BodyCodec.decodeEvent(kind, lane, body, objects);
      events.add(new SummaryEvent(session, frame, event));
    }
    return events;
  }

  private static Density decodeDensity(ByteSource source) {
    long tsFirst = source.u64();
    long binMicros = source.u64();
    int numbers = source.remaining() / 4;
    if (source.remaining() % (4 * Density.COLUMNS) != 0
        || numbers > Density.BINS_MAX * Density.COLUMNS) {
      throw source.damage(source.remaining() + " bytes of bins");
    }
    int[] counts = new int[numbers];
    for (int i = 0; i < numbers; i++) {
      counts[i] = (int) source.u32();
    }
    return new Density(tsFirst, binMicros, counts);
  }

  private static List<Long> decodeCheckpoints(ByteSource source) {
    List<Long> offsets = new ArrayList<>();
    while (source.hasRemaining()) {
      offsets.add(source.u64());
    }
    return offsets;
  }

  private static Map<Bytes, Long> decodeAttachments(ByteSource source) {
    Map<Bytes, Long> attachments = new java.util.HashMap<>();
    while (source.hasRemaining()) {
      attachments.put(source.bytes(HASH_BYTES), source.u64());
    }
    return attachments;
  }
}
