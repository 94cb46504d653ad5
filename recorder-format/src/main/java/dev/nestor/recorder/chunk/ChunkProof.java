package dev.nestor.recorder.chunk;

import dev.nestor.recorder.bytes.ByteSink;
import dev.nestor.recorder.bytes.DamageException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Shows single leaves of a chunk: what each is the hash of, and the hashes that lead from it to
/// the content root, so that nothing else of the chunk has to be shown.
///
/// Source: FORMAT.md, section 5. **Threads.** One.
public final class ChunkProof {
  private static final int RADIX = 16;
  private static final int FRAME_META_BYTES = 40;

  private final ChunkDecoder chunk;
  private final LaneKeys keys;
  private final Map<Integer, List<byte[]>> lanes = new HashMap<>();

  /// A leaf.
  ///
  /// @param position in its lane
  /// @param content what it is the SHA-256 of, its salt included
  /// @param path the other children of each node above it, from below
  @SuppressWarnings("ArrayRecordComponent") // never compared
  public record Leaf(int lane, int position, byte[] content, List<List<byte[]>> path) {}

  /// @param chunk all of whose lanes can be read
  /// @param keys of the lanes
  public ChunkProof(ChunkDecoder chunk, LaneKeys keys) {
    this.chunk = chunk;
    this.keys = keys;
  }

  /// What the content root is the SHA-256 of.
  ///
  /// @throws DamageException if the chunk is not what its content root says
  public byte[] content() {
    ChunkHeader header = chunk.header();
    ByteSink sink = new ByteSink().u8(3).bytes(header.committed()).bytes(Sha256.of(chunk.lane(0)));
    for (int lane = Lane.CMD; lane < Lane.COUNT; lane++) {
      List<byte[]> contents = header.has(lane) ? contents(lane) : List.of();
      sink.bytes(contents.isEmpty() ? new byte[Sha256.BYTES] : LaneTree.root(hashes(contents)));
    }
    byte[] content = sink.toArray();
    if (!Arrays.equals(Sha256.of(content), header.contentRoot().toArray())) {
      throw new DamageException("chunk content: its root is another");
    }
    return content;
  }

  /// The leaf of a frame or event.
  ///
  /// @param index of it in the chunk
  public Leaf frame(int index) {
    List<FrameMeta> frames = chunk.frames();
    int lane = frames.get(index).lane();
    int position = lane == Lane.EVT ? chunk.objects().size() + chunk.rows().size() : 0;
    for (int i = 0; i < index; i++) {
      position += frames.get(i).lane() == lane ? 1 : 0;
    }
    return leaf(lane, position);
  }

  /// The leaf of an object that this chunk defines.
  ///
  /// @param number in the object table
  public Leaf object(long number) {
    return leaf(Lane.EVT, Math.toIntExact(number - chunk.objectsBefore() - 1));
  }

  /// The leaf of a statement's row.
  ///
  /// @param row index in [ChunkDecoder#rows]
  public Leaf row(int row) {
    return leaf(Lane.EVT, chunk.objects().size() + row);
  }

  private Leaf leaf(int lane, int position) {
    List<byte[]> contents = contents(lane);
    if (position < 0 || position >= contents.size()) {
      throw new DamageException(Lane.name(lane) + " has no leaf " + position);
    }
    return new Leaf(lane, position, contents.get(position), path(hashes(contents), position));
  }

  private static List<byte[]> hashes(List<byte[]> contents) {
    return contents.stream().map(Sha256::of).toList();
  }

  private static List<List<byte[]>> path(List<byte[]> leaves, int position) {
    List<List<byte[]>> path = new ArrayList<>();
    List<byte[]> level = leaves;
    for (int at = position; level.size() > 1; at /= RADIX) {
      int from = at / RADIX * RADIX;
      List<byte[]> others =
          new ArrayList<>(level.subList(from, Math.min(from + RADIX, level.size())));
      others.remove(at - from);
      path.add(others);
      List<byte[]> above = new ArrayList<>();
      for (int group = 0; group < level.size(); group += RADIX) {
        ByteSink node = new ByteSink().u8(1);
        level.subList(group, Math.min(group + RADIX, level.size())).forEach(node::bytes);
        above.add(Sha256.of(node.toArray()));
      }
      level = above;
    }
    return path;
  }

  private List<byte[]> contents(int lane) {
    return lanes.computeIfAbsent(
        lane,
        each -> {
          if (chunk.state(each) != LaneState.READABLE || !keys.has(each)) {
            throw new DamageException(Lane.name(each) + ": cannot be read");
          }
          return read(each);
        });
  }

  private List<byte[]> read(int lane) {
    List<FrameMeta> frames = chunk.frames();
    List<ChunkObject> objects = lane == Lane.EVT ? chunk.objects() : List.of();
    List<ChunkRow> rows = lane == Lane.EVT ? chunk.rows() : List.of();
    int own = objects.size() + rows.size();
    byte[] salts =
        new Salts(keys.dek(lane), chunk.header().no())
            .first(Math.max(frames.size(), own + frames.size()));
    List<byte[]> contents = new ArrayList<>();
    for (ChunkObject object : objects) {
      contents.add(
          begun(4, salts, contents.size())
              .varint(chunk.objectsBefore() + contents.size() + 1)
              .varint(object.kind())
              .bytes(object.body())
              .toArray());
    }
    for (int row = 0; row < rows.size(); row++) {
      ByteSink sink = begun(2, salts, contents.size());
      chunk.rowColumns().content(rows.get(row), row, sink);
      contents.add(sink.toArray());
    }
    for (int i = 0; i < frames.size(); i++) {
      if (frames.get(i).lane() == lane) {
        int salt = lane == Lane.EVT ? contents.size() : i;
        contents.add(frame(frames.get(i), begun(0, salts, salt)).bytes(chunk.payload(i)).toArray());
      }
    }
    return contents;
  }

  private static ByteSink begun(int tag, byte[] salts, int salt) {
    return new ByteSink().u8(tag).bytes(salts, salt * Salts.BYTES, Salts.BYTES);
  }

  private static ByteSink frame(FrameMeta frame, ByteSink sink) {
    int from = sink.size();
    sink.u64(frame.no())
        .u64(frame.ts())
        .u64(frame.session())
        .u32(frame.storedBytes())
        .u16(frame.messages())
        .u8(frame.type())
        .u8(frame.lane())
        .u8(frame.flags());
    return sink.zeros(from + FRAME_META_BYTES - sink.size());
  }
}
