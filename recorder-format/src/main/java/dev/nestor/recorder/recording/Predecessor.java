package dev.nestor.recorder.recording;

import dev.nestor.recorder.archive.Archive;
import dev.nestor.recorder.archive.Records;
import dev.nestor.recorder.archive.Segment;
import dev.nestor.recorder.bytes.ByteSink;
import dev.nestor.recorder.bytes.Bytes;
import dev.nestor.recorder.bytes.DamageException;
import dev.nestor.recorder.chunk.ChunkDecoder;
import dev.nestor.recorder.chunk.ChunkHeader;
import dev.nestor.recorder.chunk.ChunkRow;
import dev.nestor.recorder.chunk.FrameMeta;
import dev.nestor.recorder.chunk.Lane;
import dev.nestor.recorder.chunk.LogTree;
import dev.nestor.recorder.chunk.RecordHeader;
import dev.nestor.recorder.chunk.RecordType;
import dev.nestor.recorder.chunk.Sha256;
import dev.nestor.recorder.event.ArchiveObject;
import dev.nestor.recorder.event.DecisionCode;
import dev.nestor.recorder.event.RecordedEvent;
import dev.nestor.recorder.index.SegmentHeader;
import dev.nestor.recorder.index.SessionTotals;
import dev.nestor.recorder.index.Summary;
import dev.nestor.recorder.index.SummaryEvent;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// What a new segment must know of an archive that is there: where its numbers, its tree and its
/// sessions stand.
final class Predecessor {
  private final Archive archive;
  private final Segment last;
  private final SegmentHeader header;
  private final LogTree tree = new LogTree();
  private Bytes lastCheckpoint = Bytes.of(new byte[Sha256.BYTES]);
  private long lastSeq = -1;
  private long nextFrame;
  private long nextStatement;
  private long holes;

  private Predecessor(Archive archive, Segment last, SegmentHeader header) {
    this.archive = archive;
    this.last = last;
    this.header = header;
    this.nextFrame = header.next().frame();
    this.nextStatement = header.next().statement();
  }

  /// Reads the records of the archive's last segment.
  ///
  /// @throws IOException if its header is damaged or of a newer version: nothing may be written
  ///   behind it
  static Predecessor of(Archive archive) throws IOException {
    Segment last = archive.segments().getLast();
    for (Segment each : archive.segments()) {
      if (!each.isReadable()) {
        throw new IOException(
            each.file()
                + ": "
                + each.headerProblem().orElse("written by a newer version")
                + "; move it away");
      }
    }
    Predecessor predecessor = new Predecessor(archive, last, last.header().orElseThrow());
    predecessor.walk();
    return predecessor;
  }

  private void walk() throws IOException {
    Records records = last.records();
    tree.add(LogTree.leafHash(Sha256.of(last.read(0, SegmentHeader.BYTES))));
    long at = SegmentHeader.BYTES;
    while (at < last.tail()) {
      Optional<Records.Found> found = records.header(at);
      if (found.isEmpty()) {
        holes++;
        found = records.resync(at + 8, header.tag());
        if (found.isEmpty()) {
          return;
        }
      }
      RecordHeader record = found.get().header();
      lastSeq = record.seq();
      if (record.type() == RecordType.CHUNK) {
        chunk(records, found.get());
      } else {
        Optional<byte[]> body = records.body(found.get());
        if (body.isPresent() && record.type() == RecordType.CKPT) {
          lastCheckpoint = Bytes.of(Sha256.of(body.get()));
        } else if (body.isPresent() && RecordType.isEntry(record.type())) {
          Bytes hash = Bytes.of(Sha256.of(body.get()));
          entry(record, hash, hash);
        }
      }
      at = record.next();
    }
  }

  private void chunk(Records records, Records.Found found) throws IOException {
    try {
      ChunkHeader chunk = ChunkHeader.parse(found.headerBytes());
      entry(found.header(), chunk.contentRoot(), chunk.storedHash());
      nextFrame = chunk.firstFrame() + chunk.frameSpan();
      nextStatement = chunk.firstStatement() + chunk.statements();
      if (records.body(found).isEmpty()) {
        holes++;
      }
    } catch (DamageException e) {
      holes++;
    }
  }

  private void entry(RecordHeader record, Bytes contentRoot, Bytes storedHash) {
    tree.add(
        LogTree.leafHash(
            new ByteSink(80)
                .u8(record.type())
                .u64(record.seq())
                .bytes(contentRoot)
                .bytes(storedHash)
                .toArray()));
  }

  boolean isClosed() {
    return last.trailer().isPresent();
  }

  /// Records that a loss of power has torn out.
  long holes() {
    return holes;
  }

  long number() {
    return header.number();
  }

  /// Sequence of its last good record, -1 if it has none.
  long lastSeq() {
    return lastSeq;
  }

  Summary summary() throws IOException {
    return last.summary();
  }

  /// Where the next segment goes on.
  ArchiveBuilder.Continuation next() throws IOException {
    long session = header.next().session();
    long principal = header.next().principal();
    long credential = header.next().credential();
    Summary summary = last.summary();
    for (SessionTotals each : summary.sessions()) {
      session = Math.max(session, each.no() + 1);
    }
    for (SummaryEvent each : summary.identities()) {
      if (each.event() instanceof RecordedEvent.Principal known) {
        principal = Math.max(principal, known.no() + 1);
      }
    }
    for (SummaryEvent each : summary.credentials()) {
      if (each.event() instanceof RecordedEvent.Credential known) {
        credential = Math.max(credential, known.no() + 1);
      }
    }
    return new ArchiveBuilder.Continuation(
        header.number() + 1,
        lastCheckpoint,
        new SegmentHeader.Next(nextFrame, session, nextStatement, principal, credential),
        isClosed() ? 0 : tree.size(),
        isClosed() ? Bytes.EMPTY : Bytes.of(tree.root()));
  }

  /// Tells a builder where the sessions stand that have not ended.
  void continueSessions(ArchiveBuilder builder) throws IOException {
    Set<Long> ended = new HashSet<>();
    long sessionless = 0;
    for (Segment segment : archive.segments()) {
      Summary summary = segment.summary();
      for (SummaryEvent each : summary.identities()) {
        builder.rememberRepeated(each.event());
      }
      for (SummaryEvent each : summary.credentials()) {
        builder.rememberRepeated(each.event());
      }
      for (SummaryEvent each : summary.heads()) {
        if (each.event() instanceof RecordedEvent.Session head) {
          builder.session(head.ofSession() == 0 ? each.session() : head.ofSession()).head = head;
        } else if (each.event() instanceof RecordedEvent.SessionEnd) {
          ended.add(each.session());
        }
      }
      for (SessionTotals each : summary.sessions()) {
        SessionContext context = builder.session(each.no());
        context.frames = each.framesBefore() + each.frames();
        context.statements = each.statementsBefore() + each.statements();
      }
      long inSessions = summary.sessions().stream().mapToLong(SessionTotals::frames).sum();
      sessionless += summary.totals().allFrames() - inSessions;
    }
    builder.continueSessionless(sessionless);
    openStatements(builder);
    for (long no : ended) {
      builder.session(no).ended = true;
    }
  }

  /// Statements that began and did not end, and messages that may still be decided, from the last
  /// segment's chunks.
  private void openStatements(ArchiveBuilder builder) {
    archive
        .frames(header.next().frame())
        .forEach(frame -> {
          FrameMeta meta = frame.meta();
          SessionContext context = builder.session(meta.session());
          if (meta.lane() == Lane.RES) {
            context.resultBytes += meta.storedBytes();
          } else if (meta.lane() == Lane.CMD) {
            context.rememberAnchor(meta.sequence(), context.resultBytes);
          }
        });
    archive
        .decodedChunks(header.next().frame())
        .forEach(chunk -> {
          for (ChunkRow row : rows(chunk)) {
            SessionContext context = builder.session(row.session());
            if (!row.begins()) {
              context.open.remove(row.statement());
            } else if (!row.ends()) {
              context.open.put(
                  row.statement(),
                  new SessionContext.OpenStatement(
                      row.anchorSequence(),
                      context.resultBytesAt(row.anchorSequence()),
                      planned(chunk, row)));
            }
          }
        });
  }

  private static List<ChunkRow> rows(ChunkDecoder chunk) {
    try {
      return chunk.rows();
    } catch (DamageException e) {
      return List.of(); // the verifier reports it
    }
  }

  private static DecisionCode planned(ChunkDecoder chunk, ChunkRow row) {
    try {
      if (chunk.object(row.plan()) instanceof ArchiveObject.Plan plan) {
        ArchiveObject.Decision decision = plan.decision();
        return decision == null ? DecisionCode.ALLOW : decision.code();
      }
      return DecisionCode.ALLOW;
    } catch (DamageException e) {
      return DecisionCode.ALLOW;
    }
  }
}
