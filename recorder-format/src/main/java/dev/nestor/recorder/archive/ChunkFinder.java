package dev.nestor.recorder.archive;

import dev.nestor.recorder.bytes.DamageException;
import dev.nestor.recorder.chunk.ChunkHeader;
import dev.nestor.recorder.chunk.RecordHeader;
import dev.nestor.recorder.chunk.RecordType;
import dev.nestor.recorder.index.Index;
import dev.nestor.recorder.index.IndexEntry;
import dev.nestor.recorder.index.SegmentHeader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Finds the chunks of a segment that has no summary: the chain of INDEX records for what is older,
/// a walk over headers for what follows.
final class ChunkFinder {
  private final Records records;
  private final long lastRecord;
  private final long tail;
  private final long tag;

  /// @param lastRecord offset of the last good record
  /// @param tail offset behind it
  ChunkFinder(Records records, long lastRecord, long tail, long tag) {
    this.records = records;
    this.lastRecord = lastRecord;
    this.tail = tail;
    this.tag = tag;
  }

  /// The chunks in their order; the list cannot be changed.
  List<IndexEntry> find() throws IOException {
    long lastIndex = lastIndex();
    List<List<IndexEntry>> parts = new ArrayList<>();
    long from = SegmentHeader.BYTES;
    if (lastIndex != 0) {
      Optional<List<List<IndexEntry>>> older = chain(lastIndex);
      Optional<Records.Found> last = records.header(lastIndex);
      if (older.isPresent() && last.isPresent()) {
        parts.addAll(older.get());
        from = last.get().header().next();
      }
    }
    List<IndexEntry> walked = new ArrayList<>();
    walk(from, walked);
    parts.add(List.copyOf(walked));
    return new JoinedEntries(parts);
  }

  private long lastIndex() throws IOException {
    Optional<Records.Found> last = records.header(lastRecord);
    if (last.isEmpty()) {
      return 0;
    }
    RecordHeader header = last.get().header();
    long lastIndex = header.type() == RecordType.INDEX ? header.offset() : header.lastIndex();
    return lastIndex > 0 && lastIndex < tail ? lastIndex : 0;
  }

  /// The entries of all INDEX records from the first on; empty if the chain is broken.
  private Optional<List<List<IndexEntry>>> chain(long lastIndex) throws IOException {
    List<List<IndexEntry>> newestFirst = new ArrayList<>();
    long at = lastIndex;
    while (at != 0) {
      Optional<Records.Found> found = records.header(at);
      Optional<List<IndexEntry>> index = found.isEmpty() ? Optional.empty() : index(found.get());
      if (found.isEmpty() || index.isEmpty() || found.get().header().lastIndex() >= at) {
        return Optional.empty();
      }
      newestFirst.add(index.get());
      at = found.get().header().lastIndex();
    }
    return Optional.of(newestFirst.reversed());
  }

  private Optional<List<IndexEntry>> index(Records.Found found) throws IOException {
    if (found.header().type() != RecordType.INDEX) {
      return Optional.empty();
    }
    Optional<byte[]> body = records.body(found);
    try {
      return body.map(Index::decodeChunks);
    } catch (DamageException e) {
      return Optional.empty();
    }
  }

  private void walk(long from, List<IndexEntry> chunks) throws IOException {
    long at = from;
    while (at < tail) {
      Optional<Records.Found> found = records.header(at);
      if (found.isEmpty() || found.get().header().tag() != tag) {
        found = records.resync(at, tag);
      }
      if (found.isEmpty() || found.get().header().offset() >= tail) {
        return;
      }
      RecordHeader header = found.get().header();
      if (header.type() == RecordType.CHUNK) {
        try {
          ChunkHeader chunk = ChunkHeader.parse(found.get().headerBytes());
          chunks.add(IndexEntry.of(header.offset(), header.recordBytes(), chunk));
        } catch (DamageException e) {
          // a header that holds and says nonsense: the verifier reports it
        }
      }
      at = header.next();
    }
  }
}
