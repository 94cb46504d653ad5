package dev.nestor.recorder.archive;

import dev.nestor.recorder.bytes.ByteSink;
import dev.nestor.recorder.bytes.DamageException;
import dev.nestor.recorder.chunk.ChunkHeader;
import dev.nestor.recorder.chunk.LogTree;
import dev.nestor.recorder.chunk.RecordHeader;
import dev.nestor.recorder.chunk.RecordType;
import dev.nestor.recorder.chunk.Sha256;
import dev.nestor.recorder.index.SegmentHeader;
import dev.nestor.recorder.note.Checkpoint;
import dev.nestor.recorder.note.SignedNote;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The entries of a segment's tree and the last checkpoint over them: leads from a chunk to what
/// was signed. Reads every record's header, and the bodies of all records but chunks.
///
/// Source: RFC 6962, section 2.1.1, and FORMAT.md, section 5.
public final class SegmentProof {
  private final byte[] note;
  private final long signed;
  private final List<byte[]> leaves = new ArrayList<>();
  private final Map<Long, Integer> positions = new HashMap<>();
  private final Map<Long, byte[]> entries = new HashMap<>();

  /// One chunk's.
  ///
  /// @param entry what its leaf is the hash of, without the 00 before it
  /// @param position of the leaf
  /// @param path the audit path of RFC 6962
  @SuppressWarnings("ArrayRecordComponent") // never compared
  public record ChunkEntry(byte[] entry, int position, List<byte[]> path) {}

  private SegmentProof(Segment segment) throws IOException {
    Records records = segment.records();
    add(Sha256.of(segment.read(0, SegmentHeader.BYTES)));
    byte[] last = new byte[0];
    long covered = 0;
    for (long at = SegmentHeader.BYTES; at < segment.tail(); ) {
      Records.Found found =
          records.header(at).orElseThrow(() -> new DamageException("no record where one belongs"));
      RecordHeader header = found.header();
      if (header.type() == RecordType.CHUNK) {
        ChunkHeader chunk = ChunkHeader.parse(found.headerBytes());
        positions.put(at, leaves.size());
        entries.put(at, entry(header, chunk.contentRoot().toArray(), chunk.storedHash().toArray()));
        add(entries.get(at));
      } else if (RecordType.isEntry(header.type()) || header.type() == RecordType.CKPT) {
        byte[] body =
            records
                .body(found)
                .orElseThrow(() -> new DamageException("a record's CRC does not hold"));
        if (header.type() == RecordType.CKPT) {
          Optional<Checkpoint> checkpoint =
              SignedNote.parse(body).flatMap(each -> Checkpoint.parse(each.text()));
          if (checkpoint.isPresent() && checkpoint.get().entries() == leaves.size()) {
            last = body;
            covered = leaves.size();
          }
        } else {
          byte[] hash = Sha256.of(body);
          add(entry(header, hash, hash));
        }
      }
      at = header.next();
    }
    this.note = last;
    this.signed = covered;
  }

  /// Reads a segment.
  ///
  /// @throws IOException if the disk does not answer
  /// @throws DamageException if a record cannot be read, so that nothing behind it can be proved
  public static SegmentProof of(Segment segment) throws IOException {
    return new SegmentProof(segment);
  }

  private static byte[] entry(RecordHeader header, byte[] contentRoot, byte[] storedHash) {
    return new ByteSink()
        .u8(header.type())
        .u64(header.seq())
        .bytes(contentRoot)
        .bytes(storedHash)
        .toArray();
  }

  private void add(byte[] entry) {
    leaves.add(LogTree.leafHash(entry));
  }

  /// The signed note of the last checkpoint.
  public byte[] checkpoint() {
    return note.clone();
  }

  /// The proof of a chunk; empty if no checkpoint covers it.
  ///
  /// @param offset of its record in the segment
  public Optional<ChunkEntry> chunk(long offset) {
    Integer position = positions.get(offset);
    byte[] entry = entries.get(offset);
    return position == null || entry == null || position >= signed
        ? Optional.empty()
        : Optional.of(
            new ChunkEntry(entry, position, path(position, leaves.subList(0, (int) signed))));
  }

  private static List<byte[]> path(int position, List<byte[]> of) {
    if (of.size() <= 1) {
      return List.of();
    }
    int split = Integer.highestOneBit(of.size() - 1);
    List<byte[]> path;
    if (position < split) {
      path = new ArrayList<>(path(position, of.subList(0, split)));
      path.add(root(of.subList(split, of.size())));
    } else {
      path = new ArrayList<>(path(position - split, of.subList(split, of.size())));
      path.add(root(of.subList(0, split)));
    }
    return path;
  }

  private static byte[] root(List<byte[]> of) {
    LogTree tree = new LogTree();
    of.forEach(tree::add);
    return tree.root();
  }
}
