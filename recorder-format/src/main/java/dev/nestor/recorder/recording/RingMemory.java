package dev.nestor.recorder.recording;

import dev.nestor.recorder.bytes.ByteSink;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.UUID;
import java.util.zip.CRC32C;

/// A ring's mapped file: a header of 8 KiB that survives the process, then the entries.
///
/// +----+-------------------------------------------------------------+ | 0 | magic `PGRRING1` | |
/// 8 | u32 version 1, u32 ring number | | 16 | archive uuid | | 32 | u64 capacity | | 40 | u32
/// CRC32C of the 40 bytes before | | 48 | u64 freed: entries before this position are on disk for
/// good| | 4096 | 128 marks of 32 bytes {u64 segment no, u64 record seq, u64 position, u64 0}: what
/// the chunk of that | | | number takes the ring's entries up to; written before the chunk is |
/// +----+-------------------------------------------------------------+
final class RingMemory {
  static final int HEADER_BYTES = 8192;
  static final int MARKS = 128;

  private static final byte[] MAGIC = {'P', 'G', 'R', 'R', 'I', 'N', 'G', '1'};
  private static final int FIXED_BYTES = 40;
  private static final int FREED = 48;
  private static final int MARKS_AT = 4096;
  private static final int MARK_BYTES = 32;
  private static final int PAGE = 4096;

  private static final VarHandle U64 =
      MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle U32 =
      MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

  private final Path file;
  private final MappedByteBuffer map;
  private final int capacity;

  private RingMemory(Path file, MappedByteBuffer map, int capacity) {
    this.file = file;
    this.map = map;
    this.capacity = capacity;
  }

  /// Makes the file, writes every page of it, so that a full file system says so now and not by a
  /// signal later.
  static RingMemory create(Path file, UUID archive, int ring, int capacity) throws IOException {
    Files.deleteIfExists(file);
    try (FileChannel channel =
        FileChannel.open(
            file,
            StandardOpenOption.CREATE_NEW,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE)) {
      ownerOnly(file);
      ByteBuffer page = ByteBuffer.allocateDirect(PAGE);
      long size = (long) HEADER_BYTES + capacity;
      for (long at = 0; at < size; ) {
        page.clear().limit((int) Math.min(PAGE, size - at));
        at += channel.write(page, at);
      }
      MappedByteBuffer map = map(channel, size);
      ByteSink fixed =
          new ByteSink().bytes(MAGIC).u32(1).u32(ring).bytes(uuidBytes(archive)).u64(capacity);
      CRC32C crc = new CRC32C();
      crc.update(fixed.backing(), 0, fixed.size());
      fixed.u32(crc.getValue());
      map.put(0, fixed.toArray());
      return new RingMemory(file, map, capacity);
    } catch (IOException e) {
      Files.deleteIfExists(file);
      throw e;
    }
  }

  /// Opens the ring of a dead process; nothing if the file is no ring of this archive.
  static java.util.Optional<RingMemory> open(Path file, UUID archive) throws IOException {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      long size = channel.size();
      if (size <= HEADER_BYTES || size > (long) HEADER_BYTES + RecorderSettings.RING_BYTES_MAX) {
        return java.util.Optional.empty();
      }
      MappedByteBuffer map = map(channel, size);
      byte[] fixed = new byte[FIXED_BYTES];
      map.get(0, fixed);
      CRC32C crc = new CRC32C();
      crc.update(fixed);
      byte[] uuid = java.util.Arrays.copyOfRange(fixed, 16, 32);
      boolean ours =
          java.util.Arrays.equals(fixed, 0, 8, MAGIC, 0, 8)
              && map.getInt(FIXED_BYTES) == (int) crc.getValue()
              && java.util.Arrays.equals(uuid, uuidBytes(archive))
              && map.getLong(32) == size - HEADER_BYTES;
      return ours
          ? java.util.Optional.of(new RingMemory(file, map, (int) (size - HEADER_BYTES)))
          : java.util.Optional.empty();
    }
  }

  private static MappedByteBuffer map(FileChannel channel, long size) throws IOException {
    MappedByteBuffer map = channel.map(FileChannel.MapMode.READ_WRITE, 0, size);
    map.order(ByteOrder.LITTLE_ENDIAN);
    return map;
  }

  static byte[] uuidBytes(UUID uuid) {
    return ByteBuffer.allocate(16)
        .putLong(uuid.getMostSignificantBits())
        .putLong(uuid.getLeastSignificantBits())
        .array();
  }

  private static void ownerOnly(Path file) throws IOException {
    if (Files.getFileStore(file).supportsFileAttributeView("posix")) {
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }
  }

  Path file() {
    return file;
  }

  int capacity() {
    return capacity;
  }

  /// Index in [#bytes()] of a position.
  int index(long position) {
    return HEADER_BYTES + (int) (position % capacity);
  }

  /// The mapping; little-endian.
  ByteBuffer bytes() {
    return map;
  }

  /// Length of the entry at an [#index]; 0 if none was published there.
  int lengthAcquireAt(int index) {
    return (int) U32.getAcquire(map, index);
  }

  void lengthRelease(long position, int length) {
    U32.setRelease(map, index(position), length);
  }

  void length(long position, int length) {
    U32.set(map, index(position), length);
  }

  long freed() {
    return (long) U64.getAcquire(map, FREED);
  }

  void freed(long position) {
    U64.setRelease(map, FREED, position);
  }

  /// Notes, before the chunk is written, up to where it takes the ring's entries.
  void mark(long slot, long segment, long recordSeq, long position) {
    int at = MARKS_AT + (int) (slot % MARKS) * MARK_BYTES;
    U64.setRelease(map, at + 8, -1L);
    U64.set(map, at, segment);
    U64.set(map, at + 16, position);
    U64.setRelease(map, at + 8, recordSeq);
  }

  /// Takes back what was noted for records that were never written: others will have their numbers.
  void unmark(long segment, long recordSeq) {
    for (int mark = 0; mark < MARKS; mark++) {
      int at = MARKS_AT + mark * MARK_BYTES;
      if (map.getLong(at) == segment && map.getLong(at + 8) >= recordSeq) {
        U64.setRelease(map, at + 8, -1L);
      }
    }
  }

  /// The position up to which the archive has this ring's entries, if its last good record is the
  /// given one.
  long archived(long lastSegment, long lastRecordSeq) {
    long best = freed();
    for (int mark = 0; mark < MARKS; mark++) {
      int at = MARKS_AT + mark * MARK_BYTES;
      long segment = map.getLong(at);
      long seq = map.getLong(at + 8);
      long position = map.getLong(at + 16);
      if (segment != 0
          && seq >= 0
          && (segment < lastSegment || (segment == lastSegment && seq <= lastRecordSeq))) {
        best = Math.max(best, position);
      }
    }
    return best;
  }

  void delete() throws IOException {
    Files.deleteIfExists(file);
  }
}
