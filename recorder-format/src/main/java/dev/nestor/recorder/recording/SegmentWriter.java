package dev.nestor.recorder.recording;

import dev.nestor.recorder.bytes.ByteSink;
import dev.nestor.recorder.bytes.Bytes;
import dev.nestor.recorder.chunk.ChunkEncoder;
import dev.nestor.recorder.chunk.ChunkHeader;
import dev.nestor.recorder.chunk.Crc;
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
import dev.nestor.recorder.note.HostKey;
import dev.nestor.recorder.note.SignedNote;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/// Writes the records of one segment, one behind the other. Past the tail a reserve stays
/// allocated, so that a full disk still takes the closing records.
final class SegmentWriter {
  static final int RESERVE_BYTES = 1 << 20;

  private final FileChannel channel;
  private final SegmentHeader header;
  private final HostKey segmentKey;
  private final SummaryBuilder summary = new SummaryBuilder();
  private final LogTree tree = new LogTree();
  private final List<IndexEntry> chunksSinceIndex = new ArrayList<>();
  private final List<Bytes> leavesSinceIndex = new ArrayList<>();
  private final ByteSink recordBytes = new ByteSink(1 << 16);
  private boolean reserving;

  private long tail = SegmentHeader.BYTES;
  private long reservedTo;
  private long durable;
  private long seq;
  private long lastIndex;
  private long chunks;
  private long frames;
  private long chunksSinceCheckpoint;
  private Bytes lastCheckpointHash = Bytes.of(new byte[Sha256.BYTES]);
  private boolean checkpointed;

  private SegmentWriter(
      FileChannel channel, SegmentHeader header, HostKey segmentKey, boolean reserving) {
    this.channel = channel;
    this.header = header;
    this.segmentKey = segmentKey;
    this.reserving = reserving;
  }

  /// Makes the file with its header, on disk before anything follows.
  ///
  /// @param reserving whether room for closing records is kept past the tail
  static SegmentWriter create(
      Path file, SegmentHeader header, List<Bytes> keyIds, HostKey segmentKey, boolean reserving)
      throws IOException {
    FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    SegmentWriter writer = new SegmentWriter(channel, header, segmentKey, reserving);
    try {
      byte[] bytes = header.encode(keyIds);
      writer.reserve(0);
      writer.write(0, ByteBuffer.wrap(bytes));
      channel.force(true);
      writer.durable = SegmentHeader.BYTES;
      writer.entry(Sha256.of(bytes));
      return writer;
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  SegmentHeader header() {
    return header;
  }

  long tail() {
    return tail;
  }

  /// Everything before was synced.
  long durable() {
    return durable;
  }

  /// Chunks so far; also the number of the next one.
  long chunks() {
    return chunks;
  }

  /// Number of the next record.
  long nextSeq() {
    return seq;
  }

  long chunksSinceCheckpoint() {
    return chunksSinceCheckpoint;
  }

  /// SHA-256 of the body of the last checkpoint: what the next segment's header repeats.
  Bytes lastCheckpointHash() {
    return lastCheckpointHash;
  }

  /// Writes a chunk, and an INDEX if it is due.
  void chunk(ChunkEncoder.Encoded chunk, SummaryBuilder.Chunk counted) throws IOException {
    long offset = tail;
    ChunkHeader chunkHeader = chunk.header();
    record(RecordType.CHUNK, RecordHeader.CRITICAL, chunk.extension(), chunk.body());
    chunks++;
    chunksSinceCheckpoint++;
    frames += chunkHeader.frames();
    IndexEntry entry =
        IndexEntry.of(offset, ChunkHeader.BYTES + (long) chunk.body().length, chunkHeader);
    entry(
        entryBytes(RecordType.CHUNK, seq - 1, chunkHeader.contentRoot(), chunkHeader.storedHash()));
    chunksSinceIndex.add(entry);
    summary.add(
        new SummaryBuilder.Chunk(
            counted.no(),
            entry,
            counted.sessions(),
            counted.frames(),
            counted.rows(),
            counted.object(),
            counted.event()));
    if (chunksSinceIndex.size() >= header.indexEvery()) {
      index();
    }
  }

  private void index() throws IOException {
    long offset = tail;
    record(
        RecordType.INDEX, 0, new byte[0], new Index(chunksSinceIndex, leavesSinceIndex).encode());
    lastIndex = offset;
    chunksSinceIndex.clear();
    leavesSinceIndex.clear();
  }

  /// Writes an attachment.
  void attach(int keyLane, Bytes sha256, byte[] content) throws IOException {
    byte[] compressed = dev.nestor.recorder.chunk.Compression.compress(content);
    boolean smaller = compressed.length < content.length;
    ByteSink body =
        new ByteSink(content.length / 2 + 16)
            .u8(keyLane)
            .u8(smaller ? 1 : 0)
            .u64(content.length)
            .bytes(smaller ? compressed : content);
    summary.attachment(sha256, tail);
    plain(RecordType.ATTACH, body.toArray());
  }

  private void plain(int type, byte[] body) throws IOException {
    Bytes hash = Bytes.of(Sha256.of(body));
    record(type, 0, new byte[0], body);
    entry(entryBytes(type, seq - 1, hash, hash));
  }

  /// Signs the tree as it is.
  void checkpoint() throws IOException {
    checkpoint(true);
  }

  private void checkpoint(boolean listed) throws IOException {
    String text = new Checkpoint(header.origin(), tree.size(), Bytes.of(tree.root())).text();
    byte[] body = SignedNote.sign(text, segmentKey).toBytes();
    if (listed) {
      summary.checkpoint(tail);
    }
    record(RecordType.CKPT, 0, new byte[0], body);
    lastCheckpointHash = Bytes.of(Sha256.of(body));
    chunksSinceCheckpoint = 0;
    checkpointed = true;
  }

  /// True once a checkpoint was written.
  boolean checkpointed() {
    return checkpointed;
  }

  /// Writes what closes a segment, syncs and closes the file.
  void seal() throws IOException {
    checkpoint();
    Summary closing = summary.build();
    long summaryOffset = tail;
    byte[] body = closing.encode();
    plain(RecordType.SUMMARY, body);
    long checkpointOffset = tail;
    checkpoint(false);
    trailer(summaryOffset, RecordHeader.BYTES + (long) body.length, checkpointOffset);
  }

  /// From here on records go into the reserve: the disk is full.
  void useReserve() {
    reserving = false;
  }

  /// Closes a segment on a disk that is full: from the reserve, without a summary.
  void sealWithoutSummary() throws IOException {
    long checkpointOffset = tail;
    checkpoint(false);
    trailer(0, 0, checkpointOffset);
  }

  private void trailer(long summaryOffset, long summaryBytes, long checkpointOffset)
      throws IOException {
    Trailer trailer =
        new Trailer(
            summaryOffset,
            summaryBytes,
            chunks,
            frames,
            checkpointOffset,
            tail + Trailer.BYTES,
            (int) header.tag());
    write(tail, ByteBuffer.wrap(trailer.encode()));
    tail += Trailer.BYTES;
    channel.truncate(tail);
    channel.force(true);
    durable = tail;
    channel.close();
  }

  /// Makes everything written survive a loss of power.
  void sync() throws IOException {
    channel.force(false);
    durable = tail;
  }

  /// Leaves the file as it is, as a crash would.
  void abandon() throws IOException {
    channel.close();
  }

  private byte[] entryBytes(int type, long recordSeq, Bytes contentRoot, Bytes storedHash) {
    return new ByteSink(80).u8(type).u64(recordSeq).bytes(contentRoot).bytes(storedHash).toArray();
  }

  private void entry(byte[] entry) {
    byte[] leaf = LogTree.leafHash(entry);
    tree.add(leaf);
    leavesSinceIndex.add(Bytes.of(leaf));
  }

  private void record(int type, int flags, byte[] extension, byte[] body) throws IOException {
    RecordHeader record =
        new RecordHeader(
            type,
            flags,
            RecordHeader.BYTES + extension.length,
            seq,
            tail,
            body.length,
            lastIndex,
            durable,
            header.tag(),
            Crc.of(body, 0, body.length));
    recordBytes.clear().bytes(record.encode(extension)).bytes(body).pad(8);
    reserve(recordBytes.size());
    write(tail, ByteBuffer.wrap(recordBytes.backing(), 0, recordBytes.size()));
    tail += recordBytes.size();
    seq++;
  }

  /// Allocates past the tail. Fails while there is still room for the closing records.
  private void reserve(long more) throws IOException {
    if (!reserving || tail + more + RESERVE_BYTES <= reservedTo) {
      return;
    }
    long target = tail + more + 2L * RESERVE_BYTES;
    ByteBuffer zeros = ByteBuffer.allocate(1 << 16);
    long at = Math.max(reservedTo, tail + more);
    while (at < target) {
      zeros.clear().limit((int) Math.min(zeros.capacity(), target - at));
      at += channel.write(zeros, at);
    }
    reservedTo = target;
  }

  private void write(long offset, ByteBuffer buffer) throws IOException {
    long at = offset;
    while (buffer.hasRemaining()) {
      at += channel.write(buffer, at);
    }
  }
}
