package dev.nestor.recorder.chunk;

import dev.nestor.recorder.bytes.ByteSink;
import dev.nestor.recorder.bytes.Bytes;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.List;

/// The leaves of a chunk's lanes, their roots, and the content root over them.
final class Leaves {
  private static final int META_AT = 1 + Salts.BYTES;
  private static final int HEAD_BYTES = META_AT + 40;
  private static final VarHandle U16 =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle U32 =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle U64 =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

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
      boolean events = lane == Lane.EVT;
      int own = events ? objects.size() + rows.size() : 0;
      int here = count(frames, lane);
      byte[] salt = salts.first(events ? own + here : frames.size());
      LeafHashes leaves = new LeafHashes(HEAD_BYTES, own + here);
      if (events) {
        objectLeaves(idsBefore, objects, salt, leaves);
        columns.leaves(rows, salt, objects.size(), leaves);
      }
      frameLeaves(frames, lane, raw[lane], payloadFrom[lane], salt, own, !events, leaves);
      content.update(leaves.root());
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

  private static void objectLeaves(
      long idsBefore, List<ChunkObject> objects, byte[] salt, LeafHashes leaves) {
    ByteSink sink = new ByteSink();
    for (int i = 0; i < objects.size(); i++) {
      ChunkObject object = objects.get(i);
      sink.clear()
          .u8(4)
          .bytes(salt, i * Salts.BYTES, Salts.BYTES)
          .varint(idsBefore + i + 1)
          .varint(object.kind())
          .bytes(object.body());
      leaves.add(sink.backing(), 0, sink.size());
    }
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
      LeafHashes leaves) {
    byte[] head = leaves.head();
    Arrays.fill(head, 0, HEAD_BYTES, (byte) 0);
    int at = from;
    int position = saltFrom;
    for (int i = 0; i < frames.size(); i++) {
      FrameMeta frame = frames.get(i);
      if (frame.lane() != lane) {
        continue;
      }
      int saltIndex = byFrame ? i : position++;
      System.arraycopy(salt, saltIndex * Salts.BYTES, head, 1, Salts.BYTES);
      U64.set(head, META_AT, frame.no());
      U64.set(head, META_AT + 8, frame.ts());
      U64.set(head, META_AT + 16, frame.session());
      U32.set(head, META_AT + 24, frame.storedBytes());
      U16.set(head, META_AT + 28, (short) frame.messages());
      head[META_AT + 30] = (byte) frame.type();
      head[META_AT + 31] = (byte) frame.lane();
      head[META_AT + 32] = (byte) frame.flags();
      leaves.addBehindHead(raw, at, frame.storedBytes());
      at += frame.storedBytes();
    }
  }
}
