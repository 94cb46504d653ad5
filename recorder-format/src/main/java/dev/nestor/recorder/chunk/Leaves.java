package dev.nestor.recorder.chunk;

import dev.nestor.recorder.bytes.ByteSink;
import dev.nestor.recorder.bytes.Bytes;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;

/// The leaves of a chunk's lanes, their roots, and the content root over them.
final class Leaves {
  private static final int HEAD_BYTES = 1 + Salts.BYTES + 40;

  private Leaves() {}

  /// @param frames the chunk's, of all lanes
  /// @param raw per lane, frames' bytes from `payloadFrom` on; `null` for an absent lane
  static Bytes contentRoot(
      ChunkHeader header,
      byte[] meta,
      List<FrameMeta> frames,
      byte[][] raw,
      int[] payloadFrom,
      long idsBefore,
      List<ChunkObject> objects,
      RowColumns columns,
      List<ChunkRow> rows,
      LaneKeys keys) {
    MessageDigest content = Sha256.digest();
    content.update((byte) 3);
    content.update(header.committed());
    content.update(Sha256.of(meta));
    for (int lane = Lane.CMD; lane < Lane.COUNT; lane++) {
      if (!header.has(lane)) {
        content.update(new byte[Sha256.BYTES]);
        continue;
      }
      Salts salts = new Salts(keys.dek(lane), header.no());
      List<byte[]> leaves = new ArrayList<>();
      byte[] salt;
      if (lane == Lane.EVT) {
        int own = objects.size() + rows.size();
        salt = salts.first(own + count(frames, lane));
        leaves.addAll(objectLeaves(idsBefore, objects, salt));
        leaves.addAll(columns.leaves(rows, salt, objects.size()));
        frameLeaves(frames, lane, raw[lane], payloadFrom[lane], salt, own, false, leaves);
      } else {
        salt = salts.first(frames.size());
        frameLeaves(frames, lane, raw[lane], payloadFrom[lane], salt, 0, true, leaves);
      }
      content.update(leaves.isEmpty() ? new byte[Sha256.BYTES] : LaneTree.root(leaves));
    }
    return Bytes.of(content.digest());
  }

  private static int count(List<FrameMeta> frames, int lane) {
    int count = 0;
    for (FrameMeta frame : frames) {
      count += frame.lane() == lane ? 1 : 0;
    }
    return count;
  }

  private static List<byte[]> objectLeaves(long idsBefore, List<ChunkObject> objects, byte[] salt) {
    List<byte[]> leaves = new ArrayList<>(objects.size());
    MessageDigest digest = Sha256.digest();
    ByteSink sink = new ByteSink();
    for (int i = 0; i < objects.size(); i++) {
      ChunkObject object = objects.get(i);
      sink.clear()
          .u8(4)
          .bytes(salt, i * Salts.BYTES, Salts.BYTES)
          .varint(idsBefore + i + 1)
          .varint(object.kind())
          .bytes(object.body());
      digest.update(sink.backing(), 0, sink.size());
      leaves.add(digest.digest());
    }
    return leaves;
  }

  /// @param byFrame true if a leaf's salt is that of its frame's index in the chunk, false if of
  ///   its position
  private static void frameLeaves(
      List<FrameMeta> frames,
      int lane,
      byte[] raw,
      int from,
      byte[] salt,
      int saltFrom,
      boolean byFrame,
      List<byte[]> leaves) {
    MessageDigest digest = Sha256.digest();
    ByteSink head =
        new ByteSink(HEAD_BYTES); // in one piece: a digest's updates cost more than a copy
    int at = from;
    int position = saltFrom;
    for (int i = 0; i < frames.size(); i++) {
      FrameMeta frame = frames.get(i);
      if (frame.lane() != lane) {
        continue;
      }
      int saltIndex = byFrame ? i : position++;
      head.clear()
          .u8(0)
          .bytes(salt, saltIndex * Salts.BYTES, Salts.BYTES)
          .u64(frame.no())
          .u64(frame.ts())
          .u64(frame.session())
          .u32(frame.storedBytes())
          .u16(frame.messages())
          .u8(frame.type())
          .u8(frame.lane())
          .u8(frame.flags())
          .zeros(7);
      digest.update(head.backing(), 0, HEAD_BYTES);
      digest.update(raw, at, frame.storedBytes());
      leaves.add(digest.digest());
      at += frame.storedBytes();
    }
  }
}
