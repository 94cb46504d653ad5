package dev.nestor.recorder.verify;

import dev.nestor.recorder.archive.Attachments;
import dev.nestor.recorder.archive.RecordLookahead;
import dev.nestor.recorder.archive.Records;
import dev.nestor.recorder.archive.Segment;
import dev.nestor.recorder.bytes.ByteSink;
import dev.nestor.recorder.bytes.Bytes;
import dev.nestor.recorder.bytes.DamageException;
import dev.nestor.recorder.chunk.ChunkDecoder;
import dev.nestor.recorder.chunk.ChunkHeader;
import dev.nestor.recorder.chunk.ChunkObject;
import dev.nestor.recorder.chunk.Lane;
import dev.nestor.recorder.chunk.LaneState;
import dev.nestor.recorder.chunk.LogTree;
import dev.nestor.recorder.chunk.RecordHeader;
import dev.nestor.recorder.chunk.RecordType;
import dev.nestor.recorder.chunk.Sha256;
import dev.nestor.recorder.index.Index;
import dev.nestor.recorder.index.IndexEntry;
import dev.nestor.recorder.index.SegmentHeader;
import dev.nestor.recorder.index.Summary;
import dev.nestor.recorder.index.SummaryBuilder;
import dev.nestor.recorder.index.Trailer;
import dev.nestor.recorder.note.Checkpoint;
import dev.nestor.recorder.note.SignedNote;
import dev.nestor.recorder.note.VerifierKey;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Walks the records of one segment from its header to its end and computes everything again.
final class SegmentVerifier {
  private static final long LOOKAHEAD_FROM_BYTES = 4 << 20;
  private static final int KNOWN_FLAGS =
      RecordHeader.CRITICAL | RecordHeader.ENCRYPTED | RecordHeader.REDACTED;

  private final Segment segment;
  private final TrustedKeys trusted;
  private final VerificationDepth depth;
  private final Watch watch;
  private final Records records;

  private final List<ChunkState> chunks = new ArrayList<>();
  private final List<Signed> checkpoints = new ArrayList<>();
  private final List<IndexEntry> entries = new ArrayList<>();
  private final List<IndexEntry> entriesSinceIndex = new ArrayList<>();
  private final List<Bytes> leavesSinceIndex = new ArrayList<>();
  private final List<List<ChunkObject>> objects = new ArrayList<>();
  private final SummaryBuilder summary = new SummaryBuilder();
  private LogTree tree = new LogTree();
  private LogTree treeAtIndex = new LogTree();
  private ArchiveState state = ArchiveState.VERIFIED;

  /// True from a lost record on to the next INDEX, which brings the lost leaves back.
  private boolean treeBroken;

  private boolean chunkLost;
  private long expectedSeq;
  private long lastIndex;
  private long frames;
  private long signedFrames;
  private int signedChunks;
  private boolean signed;
  private long nextFrame;
  private long nextStatement;
  private long lastCheckpointOffset;
  private long summaryOffset;
  private long summaryBytes;
  private Bytes lastCheckpoint = Bytes.of(new byte[Sha256.BYTES]);
  private boolean trustedSigner;

  /// A checkpoint whose signature is still to be checked.
  ///
  /// @param covers true if what it covers was computed and is the same
  private record Signed(
      long offset, SignedNote note, Bytes bodyHash, boolean covers, long frames, int chunks) {}

  /// Where findings and progress go.
  interface Watch {
    void finding(Segment segment, String what, long offset, long frame);

    /// False if the verification was ended.
    boolean goOn(long offset);
  }

  SegmentVerifier(Segment segment, TrustedKeys trusted, VerificationDepth depth, Watch watch) {
    this.segment = segment;
    this.trusted = trusted;
    this.depth = depth;
    this.watch = watch;
    this.records = segment.records();
  }

  Bytes lastCheckpoint() {
    return lastCheckpoint;
  }

  long entryCount() {
    return tree.size();
  }

  Bytes root() {
    return Bytes.of(tree.root());
  }

  long nextFrame() {
    return nextFrame;
  }

  boolean treeHolds() {
    return !treeBroken;
  }

  void verify() throws IOException {
    Optional<SegmentHeader> known = segment.header();
    if (known.isEmpty()) {
      damaged(segment.headerProblem().orElse("segment header"), 0, 0);
      return;
    }
    SegmentHeader header = known.get();
    if (!segment.isReadable()) {
      state(ArchiveState.NEWER_FORMAT);
      watch.finding(
          segment, "written by a newer version: " + header.major() + "." + header.minor(), 0, 0);
      return;
    }
    byte[] headerHash = Sha256.of(segment.read(0, SegmentHeader.BYTES));
    leaf(headerHash);
    nextFrame = header.next().frame();
    nextStatement = header.next().statement();
    walk(header);
    if (watch.goOn(segment.tail())) {
      signatures(header); // last, because they cost the most
      end();
    }
  }

  private void signatures(SegmentHeader header) {
    signer(header);
    VerifierKey segmentKey = new VerifierKey(header.origin(), header.segmentKey());
    for (Signed each : depth == VerificationDepth.STORED ? lastCovering() : checkpoints) {
      if (!each.note.isSignedBy(segmentKey)) {
        damaged("the segment's key did not sign this checkpoint", each.offset, 0);
        continue;
      }
      lastCheckpoint = each.bodyHash;
      if (each.covers) {
        signed = true;
        signedFrames = each.frames;
        signedChunks = each.chunks;
      }
    }
  }

  /// From the last checkpoint that covers what was computed. Those before it were compared with the
  /// same tree, so their signatures would add nothing but a millisecond each.
  private List<Signed> lastCovering() {
    for (int i = checkpoints.size() - 1; i > 0; i--) {
      if (checkpoints.get(i).covers) {
        return checkpoints.subList(i, checkpoints.size());
      }
    }
    return checkpoints;
  }

  private void signer(SegmentHeader header) {
    SegmentHeader.Certificate certificate = header.certificate();
    if (certificate.hostKey().isEmpty()) {
      state(ArchiveState.UNSIGNED);
      watch.finding(segment, "the segment's key has no certificate", 0, 0);
      return;
    }
    VerifierKey hostKey;
    try {
      hostKey = new VerifierKey("host", certificate.hostKey());
    } catch (IllegalArgumentException e) {
      damaged("key certificate", 0, 0);
      return;
    }
    byte[] certified =
        SegmentHeader.certified(header.archive(), header.uuid(), header.segmentKey());
    if (!hostKey.verifies(certified, certificate.signature().toArray())) {
      damaged("the host key did not sign the segment's key", 0, 0);
    } else if (trusted.find(certificate.hostKey()).isEmpty()) {
      state(ArchiveState.UNKNOWN_SIGNER);
    } else {
      trustedSigner = true;
    }
  }

  private void walk(SegmentHeader header) throws IOException {
    try (RecordLookahead ahead =
        segment.tail() < LOOKAHEAD_FROM_BYTES
            ? null
            : new RecordLookahead(segment.records(), SegmentHeader.BYTES, segment.tail())) {
      walk(header, ahead);
    }
  }

  private void walk(SegmentHeader header, @Nullable RecordLookahead ahead) throws IOException {
    long at = SegmentHeader.BYTES;
    while (at < segment.tail() && watch.goOn(at)) {
      Optional<RecordLookahead.Read> read = ahead == null ? Optional.empty() : ahead.take(at);
      Optional<Records.Found> found =
          read.isPresent() ? Optional.ofNullable(read.get().found()) : records.header(at);
      if (found.isEmpty() || found.get().header().tag() != header.tag()) {
        Optional<Records.Found> next = records.resync(at + 8, header.tag());
        long until =
            next.map(each -> each.header().offset())
                .filter(offset -> offset < segment.tail())
                .orElse(segment.tail());
        lost(at, until);
        at = until;
        next.ifPresent(each -> expectedSeq = each.header().seq());
        continue;
      }
      record(found.get(), read.orElse(null), header);
      at = found.get().header().next();
    }
  }

  private void lost(long from, long until) {
    damaged("no record here, " + (until - from) + " bytes lost", from, nextFrame);
    treeBroken = true;
    chunkLost = true;
  }

  private void record(
      Records.Found found, RecordLookahead.@Nullable Read read, SegmentHeader segmentHeader)
      throws IOException {
    RecordHeader header = found.header();
    long offset = header.offset();
    if (header.seq() != expectedSeq) {
      damaged(
          "record " + header.seq() + " where record " + expectedSeq + " belongs",
          offset,
          nextFrame);
      treeBroken = true;
    }
    expectedSeq = header.seq() + 1;
    if (header.lastIndex() != lastIndex || header.durable() > offset || header.durable() < 0) {
      damaged("the record's bookkeeping is wrong", offset, 0);
    }
    if ((header.flags() & ~KNOWN_FLAGS) != 0
        || (!RecordType.isKnown(header.type()) && (header.flags() & RecordHeader.CRITICAL) != 0)) {
      state(ArchiveState.NEWER_FORMAT);
      watch.finding(
          segment, RecordType.name(header.type()) + " of a newer version", absolute(offset), 0);
    }
    boolean paddingHolds = read == null ? records.paddingHolds(header) : read.paddingHolds();
    if (!paddingHolds) {
      damaged("the bytes behind the record are not 0", offset + header.recordBytes(), 0);
    }
    Optional<byte[]> readAhead = read == null ? null : read.body();
    Optional<byte[]> body = readAhead == null ? records.body(found) : readAhead;
    if (header.type() == RecordType.CHUNK) {
      chunk(found, body, segmentHeader);
      return;
    }
    if (body.isEmpty()) {
      damaged(RecordType.name(header.type()) + ": CRC does not hold", offset, 0);
      treeBroken |= RecordType.isEntry(header.type());
      return;
    }
    if (RecordType.isEntry(header.type())) {
      entry(header, body.get());
    }
    switch (header.type()) {
      case RecordType.INDEX -> index(offset, body.get());
      case RecordType.CKPT -> checkpoint(offset, body.get(), segmentHeader);
      case RecordType.SUMMARY -> {
        summaryOffset = offset;
        summaryBytes = header.recordBytes();
        summary(offset, body.get());
      }
      case RecordType.ATTACH -> attachment(offset, body.get());
      default -> {} // reserved for later issues, or of a newer version: hashed and skipped
    }
  }

  private void entry(RecordHeader header, byte[] body) {
    if ((header.flags() & RecordHeader.REDACTED) != 0) {
      state(ArchiveState.REDACTED);
      if (body.length == 2 * Sha256.BYTES) {
        entry(
            header,
            Bytes.of(body, 0, Sha256.BYTES),
            Bytes.of(body, Sha256.BYTES, 2 * Sha256.BYTES));
      } else {
        damaged("a redacted record of " + body.length + " bytes", header.offset(), 0);
        treeBroken = true;
      }
      return;
    }
    Bytes hash = Bytes.of(Sha256.of(body));
    entry(header, hash, hash);
  }

  private void entry(RecordHeader header, Bytes contentRoot, Bytes storedHash) {
    leaf(
        new ByteSink(80)
            .u8(header.type())
            .u64(header.seq())
            .bytes(contentRoot)
            .bytes(storedHash)
            .toArray());
  }

  private void leaf(byte[] entry) {
    byte[] hash = LogTree.leafHash(entry);
    tree.add(hash);
    leavesSinceIndex.add(Bytes.of(hash));
  }

  private void chunk(Records.Found found, Optional<byte[]> body, SegmentHeader segmentHeader) {
    RecordHeader record = found.header();
    long offset = record.offset();
    ChunkHeader header;
    try {
      header = ChunkHeader.parse(found.headerBytes());
    } catch (DamageException e) {
      damaged(String.valueOf(e.getMessage()), offset, nextFrame);
      treeBroken = true;
      chunkLost = true;
      return;
    }
    entry(record, header.contentRoot(), header.storedHash());
    IndexEntry entry = IndexEntry.of(offset, record.recordBytes(), header);
    entries.add(entry);
    entriesSinceIndex.add(entry);
    ChunkState chunkState;
    if (!chunkLost
        && (header.no() != chunks.size()
            || header.firstFrame() != nextFrame
            || header.firstStatement() != nextStatement)) {
      damaged("the chunk does not continue the one before", offset, header.firstFrame());
    }
    chunkLost = false;
    nextFrame = header.firstFrame() + header.frameSpan();
    nextStatement = header.firstStatement() + header.statements();
    if (body.isEmpty()) {
      damaged("chunk body: CRC does not hold", offset, header.firstFrame());
      chunkState = ChunkState.DAMAGED;
    } else {
      chunkState = content(found, header, body.get(), segmentHeader, entry);
    }
    while (chunks.size() < header.no() && chunks.size() < entries.size() + 65_536) {
      chunks.add(ChunkState.MISSING);
      objects.add(List.of());
    }
    chunks.add(chunkState);
    if (chunkState != ChunkState.DAMAGED) {
      frames += header.frames();
    }
  }

  private ChunkState content(
      Records.Found found,
      ChunkHeader header,
      byte[] body,
      SegmentHeader segmentHeader,
      IndexEntry entry) {
    long offset = found.header().offset();
    if (!Bytes.of(Sha256.of(body)).equals(header.storedHash())
        && (found.header().flags() & RecordHeader.REDACTED) == 0) {
      damaged("chunk body: SHA-256 does not hold", offset, header.firstFrame());
      return ChunkState.DAMAGED;
    }
    if (depth == VerificationDepth.STORED) {
      return stored(found, header, body);
    }
    List<ChunkObject> earlier = new ArrayList<>();
    for (int back = header.dictBase(); back > 0; back--) {
      if (objects.size() >= back) {
        earlier.addAll(objects.get(objects.size() - back));
      }
    }
    ChunkDecoder decoder = new ChunkDecoder(header, body, earlier);
    boolean locked = false;
    boolean withheld = (found.header().flags() & RecordHeader.REDACTED) != 0;
    boolean newer = false;
    for (int lane = 0; lane < Lane.COUNT; lane++) {
      LaneState laneState = decoder.state(lane);
      locked |= laneState == LaneState.LOCKED;
      locked |=
          laneState == LaneState.READABLE && lane != Lane.META && !segmentHeader.keys().has(lane);
      withheld |= laneState == LaneState.REDACTED || laneState == LaneState.SHREDDED;
      newer |= laneState == LaneState.UNKNOWN_CODEC;
    }
    newer |= header.has(Lane.ORIG);
    if (newer || withheld || locked) {
      state(
          newer
              ? ArchiveState.NEWER_FORMAT
              : locked && !withheld ? ArchiveState.LOCKED : ArchiveState.REDACTED);
      if (locked) {
        state(ArchiveState.LOCKED);
      }
      objects.add(List.of());
      return withheld ? ChunkState.WITHHELD : ChunkState.COMMITTED;
    }
    try {
      decoder.checkBody();
      if (!decoder.contentRoot(segmentHeader.keys()).equals(header.contentRoot())) {
        throw new DamageException("chunk content: its root is another");
      }
      checkHeader(decoder);
      for (int number = 1; number <= decoder.objects().size(); number++) {
        decoder.object(decoder.objectsBefore() + number);
      }
      summary.add(
          new SummaryBuilder.Chunk(
              header.no(),
              entry,
              decoder.sessions(),
              decoder.frames(),
              decoder.rows(),
              decoder::object,
              decoder::event));
      objects.add(decoder.objects());
      return ChunkState.PROVED;
    } catch (DamageException e) {
      damaged(String.valueOf(e.getMessage()), offset, header.firstFrame());
      objects.add(List.of());
      return ChunkState.DAMAGED;
    }
  }

  /// What can be said of a chunk without its keys.
  private ChunkState stored(Records.Found found, ChunkHeader header, byte[] body) {
    objects.add(List.of());
    if ((found.header().flags() & RecordHeader.REDACTED) != 0) {
      state(ArchiveState.REDACTED);
      return ChunkState.WITHHELD;
    }
    try {
      new ChunkDecoder(header, body, List.of()).checkBody();
      return ChunkState.COMMITTED;
    } catch (DamageException e) {
      damaged(String.valueOf(e.getMessage()), found.header().offset(), header.firstFrame());
      return ChunkState.DAMAGED;
    }
  }

  private static void checkHeader(ChunkDecoder decoder) {
    long bloom = 0;
    for (var session : decoder.sessions()) {
      bloom |= ChunkHeader.bloomOf(session.no());
    }
    if (bloom != decoder.header().bloom()) {
      throw new DamageException("chunk header: the bloom is another");
    }
    for (var row : decoder.rows()) {
      decoder.object(row.plan());
      decoder.object(row.tag());
      decoder.object(row.inputs());
    }
  }

  private void index(long offset, byte[] body) {
    try {
      Index index = Index.decode(body);
      if (treeBroken) {
        tree = treeAtIndex.copy();
        index.leafHashes().forEach(hash -> tree.add(hash.toArray()));
        treeBroken = false;
      } else if (!index.leafHashes().equals(leavesSinceIndex)
          || !index.chunks().equals(entriesSinceIndex)) {
        damaged("INDEX does not say what the chunks say", offset, 0);
      }
    } catch (DamageException e) {
      damaged(String.valueOf(e.getMessage()), offset, 0);
    }
    treeAtIndex = tree.copy();
    leavesSinceIndex.clear();
    entriesSinceIndex.clear();
    lastIndex = offset;
  }

  private void checkpoint(long offset, byte[] body, SegmentHeader header) {
    lastCheckpointOffset = offset;
    if (summaryOffset == 0) {
      summary.checkpoint(offset);
    }
    Optional<SignedNote> note = SignedNote.parse(body);
    Optional<Checkpoint> checkpoint = note.flatMap(each -> Checkpoint.parse(each.text()));
    if (note.isEmpty() || checkpoint.isEmpty()) {
      damaged("CKPT is no signed checkpoint", offset, 0);
      return;
    }
    boolean same =
        checkpoint.get().origin().equals(header.origin())
            && checkpoint.get().entries() == tree.size()
            && checkpoint.get().root().equals(root());
    if (!treeBroken && !same) {
      damaged("the checkpoint was signed over something else", offset, 0);
    }
    checkpoints.add(
        new Signed(
            offset,
            note.get(),
            Bytes.of(Sha256.of(body)),
            same && !treeBroken,
            frames,
            chunks.size()));
  }

  private void summary(long offset, byte[] body) {
    try {
      if (state != ArchiveState.DAMAGED && !Summary.decodeIndex(body).equals(entries)) {
        damaged("SUMMARY does not index the chunks", offset, 0); // it is signed, headers are not
      }
      if (depth == VerificationDepth.STORED) {
        return;
      }
      Summary stored = Summary.decode(body);
      if (state != ArchiveState.DAMAGED
          && chunks.stream().allMatch(each -> each == ChunkState.PROVED)
          && !stored.equals(summary.build())) {
        damaged("SUMMARY does not say what the chunks say", offset, 0);
      }
    } catch (DamageException e) {
      damaged(String.valueOf(e.getMessage()), offset, 0);
    }
  }

  private void attachment(long offset, byte[] body) {
    try {
      summary.attachment(Attachments.nameOf(body), offset);
    } catch (DamageException e) {
      damaged(String.valueOf(e.getMessage()), offset, 0);
    }
  }

  private void end() throws IOException {
    Optional<Trailer> trailer = segment.trailer();
    if (trailer.isPresent()) {
      closed(trailer.get());
      return;
    }
    boolean closing = summaryOffset != 0 && lastCheckpointOffset > summaryOffset;
    long rest = segment.bytes() - segment.tail();
    if (closing && rest >= Trailer.BYTES) {
      damaged("the trailer does not hold", segment.tail(), 0);
      return;
    }
    Optional<Long> displaced =
        records.displaced(segment.tail(), segment.header().orElseThrow().tag());
    if (displaced.isPresent()) {
      damaged("a record that belongs elsewhere", displaced.get(), nextFrame);
    } else if (segment.isGrowing()) {
      state(ArchiveState.GROWING);
    } else {
      state(ArchiveState.INCOMPLETE);
      if (!restIsZero()) {
        watch.finding(
            segment,
            "bytes behind the last whole record: a record that was being written",
            absolute(segment.tail()),
            nextFrame);
      }
    }
    if (!signed) {
      state(ArchiveState.UNSIGNED);
    }
  }

  private boolean restIsZero() throws IOException {
    int step = 1 << 16;
    for (long at = segment.tail(); at < segment.bytes(); at += step) {
      for (byte each : segment.read(at, step)) {
        if (each != 0) {
          return false;
        }
      }
    }
    return true;
  }

  private void closed(Trailer trailer) {
    boolean fits =
        trailer.chunks() == entries.size()
            && trailer.checkpointOffset() == lastCheckpointOffset
            && trailer.summaryOffset() == summaryOffset
            && trailer.summaryBytes() == summaryBytes
            && trailer.tag()
                == (int) segment.header().map(SegmentHeader::tag).orElse(0L).longValue()
            && trailer.frames() == entries.stream().mapToLong(IndexEntry::frames).sum();
    if (!fits) {
      damaged("the trailer does not say what the records say", segment.tail(), 0);
    }
    if (!signed) {
      state(ArchiveState.UNSIGNED);
      watch.finding(segment, "no checkpoint covers it", absolute(lastCheckpointOffset), 0);
    } else if (signedFrames != frames || signedChunks != chunks.size()) {
      damaged("frames behind the final checkpoint", lastCheckpointOffset, 0);
    }
  }

  /// The successor's header, itself signed, vouches for what no checkpoint of this segment covers.
  void vouchedFor() {
    signed = true;
    signedFrames = frames;
    signedChunks = chunks.size();
    if (state == ArchiveState.INCOMPLETE || state == ArchiveState.UNSIGNED) {
      state = trustedSigner ? ArchiveState.VERIFIED : ArchiveState.UNKNOWN_SIGNER;
    }
  }

  /// True if it was cut off and may be vouched for.
  boolean isCut() {
    return segment.header().isPresent() && segment.trailer().isEmpty() && !treeBroken;
  }

  ArchiveState state() {
    return state;
  }

  void damaged(String what, long offset, long frame) {
    state(ArchiveState.DAMAGED);
    watch.finding(segment, what, absolute(offset), frame);
  }

  void state(ArchiveState found) {
    state = state.or(found);
  }

  private long absolute(long offset) {
    return segment.from() + offset;
  }

  ArchiveReport.SegmentReport report() {
    List<ChunkState> states = new ArrayList<>(chunks);
    for (int i = signedChunks; i < states.size(); i++) {
      if (states.get(i) == ChunkState.PROVED || states.get(i) == ChunkState.COMMITTED) {
        states.set(i, ChunkState.UNSIGNED);
      }
    }
    @Nullable SegmentHeader header = segment.header().orElse(null);
    return new ArchiveReport.SegmentReport(
        header == null ? 0 : header.number(),
        state,
        frames,
        frames - signedFrames,
        tree.size(),
        root(),
        header == null ? "" : header.certificate().name(),
        header == null ? Bytes.EMPTY : header.certificate().hostKey(),
        trustedSigner,
        states);
  }
}
