package dev.nestor.benchmarks.archive;

import com.github.luben.zstd.Zstd;
import dev.nestor.recorder.bytes.ByteSink;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/// Writes [MCAP](https://mcap.dev/spec), the neighbour that this format is compared with: chunks of
/// 1 MiB in zstd 1, message indexes, a summary with its offsets, CRCs of chunks and summary. One
/// channel for each session and direction.
final class Mcap implements AutoCloseable {
  static final byte[] MAGIC = {(byte) 0x89, 'M', 'C', 'A', 'P', '0', '\r', '\n'};
  static final int HEADER = 1;
  static final int FOOTER = 2;
  static final int CHANNEL = 4;
  static final int MESSAGE = 5;
  static final int CHUNK = 6;
  static final int MESSAGE_INDEX = 7;
  static final int CHUNK_INDEX = 8;
  static final int STATISTICS = 11;
  static final int SUMMARY_OFFSET = 14;
  static final int DATA_END = 15;

  private static final int CHUNK_BYTES = 1 << 20;
  private static final int LEVEL = 1;
  private static final int RECORD_HEADER_BYTES = 9;
  private static final int MESSAGE_HEADER_BYTES = 22;

  private final @Nullable FileChannel file;
  private final ByteSink chunk = new ByteSink(CHUNK_BYTES + (1 << 16));
  private final Map<Integer, ByteSink> indexes = new TreeMap<>();
  private final Map<Integer, Long> messagesOf = new TreeMap<>();
  private final ByteSink channels = new ByteSink();
  private final ByteSink chunkIndexes = new ByteSink();
  private long position;
  private long messages;
  private long chunks;
  private long chunkFrom;
  private long chunkTo;
  private long from = Long.MAX_VALUE;
  private long to;

  /// @param path `null` to measure only
  Mcap(@Nullable Path path) throws IOException {
    file =
        path == null
            ? null
            : FileChannel.open(
                path,
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.WRITE);
    write(MAGIC);
    write(record(HEADER, text(text(new ByteSink(), ""), "nestor-benchmarks")));
  }

  /// Adds a message.
  ///
  /// @param channel 1 to 65,535; written where it is first met
  /// @param nanos since 1970
  void message(int channel, long sequence, long nanos, byte[] bytes) throws IOException {
    if (messagesOf.merge(channel, 1L, Long::sum) == 1) {
      ByteSink topic = new ByteSink().u16(channel).u16(0);
      text(text(topic, "session-" + channel), "postgres").u32(0);
      byte[] record = record(CHANNEL, topic);
      chunk.bytes(record);
      channels.bytes(record);
    }
    if (messagesInChunk() == 0) {
      chunkFrom = nanos;
    }
    chunkTo = Math.max(chunkTo, nanos);
    indexes.computeIfAbsent(channel, _ -> new ByteSink()).u64(nanos).u64(chunk.size());
    chunk
        .u8(MESSAGE)
        .u64(MESSAGE_HEADER_BYTES + bytes.length)
        .u16(channel)
        .u32(sequence)
        .u64(nanos)
        .u64(nanos)
        .bytes(bytes);
    messages++;
    if (chunk.size() >= CHUNK_BYTES) {
      endChunk();
    }
  }

  private long messagesInChunk() {
    return indexes.size();
  }

  private void endChunk() throws IOException {
    if (indexes.isEmpty()) {
      return;
    }
    byte[] raw = chunk.toArray();
    byte[] compressed = Zstd.compress(raw, LEVEL);
    ByteSink content =
        new ByteSink(compressed.length + 64)
            .u64(chunkFrom)
            .u64(chunkTo)
            .u64(raw.length)
            .u32(crc(raw, 0, raw.length));
    text(content, "zstd").u64(compressed.length).bytes(compressed);
    long at = position;
    write(record(CHUNK, content));
    long indexesAt = position;
    ByteSink offsets = new ByteSink();
    for (Map.Entry<Integer, ByteSink> each : indexes.entrySet()) {
      offsets.u16(each.getKey()).u64(position);
      ByteSink index = new ByteSink().u16(each.getKey()).u32(each.getValue().size());
      write(record(MESSAGE_INDEX, index.bytes(each.getValue())));
    }
    ByteSink index =
        new ByteSink()
            .u64(chunkFrom)
            .u64(chunkTo)
            .u64(at)
            .u64(indexesAt - at)
            .u32(offsets.size())
            .bytes(offsets)
            .u64(position - indexesAt);
    text(index, "zstd").u64(compressed.length).u64(raw.length);
    chunkIndexes.bytes(record(CHUNK_INDEX, index));
    from = Math.min(from, chunkFrom);
    to = Math.max(to, chunkTo);
    chunks++;
    chunk.clear();
    indexes.clear();
    chunkTo = 0;
  }

  /// Writes what closes the file.
  ///
  /// @return its length in bytes
  long finish() throws IOException {
    endChunk();
    write(record(DATA_END, new ByteSink().u32(0)));
    ByteSink statistics =
        new ByteSink()
            .u64(messages)
            .u16(0)
            .u32(messagesOf.size())
            .u32(0)
            .u32(0)
            .u32(chunks)
            .u64(messages == 0 ? 0 : from)
            .u64(to)
            .u32(messagesOf.size() * 10L);
    messagesOf.forEach((channel, count) -> statistics.u16(channel).u64(count));
    byte[] statisticsRecord = record(STATISTICS, statistics);
    long summaryAt = position;
    ByteSink summary = new ByteSink().bytes(channels).bytes(statisticsRecord).bytes(chunkIndexes);
    long offsetsAt = summaryAt + summary.size();
    offset(summary, CHANNEL, summaryAt, channels.size());
    offset(summary, STATISTICS, summaryAt + channels.size(), statisticsRecord.length);
    offset(
        summary,
        CHUNK_INDEX,
        summaryAt + channels.size() + statisticsRecord.length,
        chunkIndexes.size());
    summary.u8(FOOTER).u64(20).u64(summaryAt).u64(offsetsAt);
    byte[] covered = summary.toArray();
    summary.u32(crc(covered, 0, covered.length));
    write(summary.bytes(MAGIC).toArray());
    return position;
  }

  private static void offset(ByteSink summary, int group, long at, long bytes) {
    summary.bytes(record(SUMMARY_OFFSET, new ByteSink().u8(group).u64(at).u64(bytes)));
  }

  private static ByteSink text(ByteSink sink, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return sink.u32(bytes.length).bytes(bytes);
  }

  private static byte[] record(int opcode, ByteSink content) {
    return new ByteSink(RECORD_HEADER_BYTES + content.size())
        .u8(opcode)
        .u64(content.size())
        .bytes(content)
        .toArray();
  }

  private static long crc(byte[] bytes, int at, int length) {
    CRC32 crc = new CRC32();
    crc.update(bytes, at, length);
    return crc.getValue();
  }

  private void write(byte[] bytes) throws IOException {
    position += bytes.length;
    if (file != null) {
      ByteBuffer buffer = ByteBuffer.wrap(bytes);
      while (buffer.hasRemaining()) {
        file.write(buffer);
      }
    }
  }

  @Override
  public void close() throws IOException {
    if (file != null) {
      file.close();
    }
  }

  /// Where a chunk is, as the summary says.
  record ChunkPlace(
      long from,
      long to,
      long offset,
      long bytes,
      long compressedBytes,
      long rawBytes,
      Map<Integer, Long> indexes) {}

  /// Reads by the summary: a message by its channel and time.
  static final class Reader implements AutoCloseable {
    private final FileChannel file;
    private final List<ChunkPlace> chunks = new ArrayList<>();

    Reader(Path path) throws IOException {
      file = FileChannel.open(path, StandardOpenOption.READ);
      long size = file.size();
      ByteBuffer footer = read(size - MAGIC.length - 20, 20);
      long summaryAt = footer.getLong(0);
      ByteBuffer summary = read(summaryAt, (int) (size - MAGIC.length - 20 - summaryAt));
      CRC32 crc = new CRC32();
      crc.update(summary.duplicate());
      crc.update(footer.duplicate().limit(16));
      if ((int) crc.getValue() != footer.getInt(16)) {
        throw new IOException("MCAP summary: its CRC does not hold");
      }
      while (summary.remaining() > RECORD_HEADER_BYTES) {
        int opcode = summary.get() & 0xFF;
        int length = (int) summary.getLong();
        if (opcode == CHUNK_INDEX) {
          chunks.add(place(summary.slice(summary.position(), length).order(summary.order())));
        }
        summary.position(summary.position() + length);
      }
      chunks.sort(java.util.Comparator.comparingLong(ChunkPlace::from));
    }

    private static ChunkPlace place(ByteBuffer index) {
      long from = index.getLong();
      long to = index.getLong();
      long offset = index.getLong();
      long bytes = index.getLong();
      Map<Integer, Long> indexes = new java.util.HashMap<>();
      for (int left = index.getInt() / 10; left > 0; left--) {
        indexes.put(index.getShort() & 0xFFFF, index.getLong());
      }
      index.getLong();
      index.position(index.position() + 4 + 4);
      return new ChunkPlace(from, to, offset, bytes, index.getLong(), index.getLong(), indexes);
    }

    List<ChunkPlace> chunks() {
      return chunks;
    }

    /// The first message at or after a time, of all channels: reads, checks and unpacks its chunk.
    byte[] at(long nanos) throws IOException {
      int low = 0;
      int high = chunks.size() - 1;
      while (low < high) {
        int middle = (low + high) >>> 1;
        if (chunks.get(middle).to < nanos) {
          low = middle + 1;
        } else {
          high = middle;
        }
      }
      ChunkPlace place = chunks.get(low);
      ByteBuffer record = read(place.offset, (int) place.bytes);
      byte[] stored = new byte[(int) place.compressedBytes];
      record.get(record.limit() - stored.length, stored);
      byte[] raw = new byte[(int) place.rawBytes];
      long length = Zstd.decompressByteArray(raw, 0, raw.length, stored, 0, stored.length);
      CRC32 crc = new CRC32();
      crc.update(raw);
      if (length != raw.length || (int) crc.getValue() != record.getInt(RECORD_HEADER_BYTES + 24)) {
        throw new IOException("MCAP chunk: its CRC does not hold");
      }
      ByteBuffer records = ByteBuffer.wrap(raw).order(java.nio.ByteOrder.LITTLE_ENDIAN);
      while (records.remaining() > RECORD_HEADER_BYTES) {
        int opcode = records.get() & 0xFF;
        int bytes = (int) records.getLong();
        if (opcode == MESSAGE && records.getLong(records.position() + 6) >= nanos) {
          byte[] message = new byte[bytes - MESSAGE_HEADER_BYTES];
          records.get(records.position() + MESSAGE_HEADER_BYTES, message);
          return message;
        }
        records.position(records.position() + bytes);
      }
      return new byte[0];
    }

    private ByteBuffer read(long offset, int bytes) throws IOException {
      ByteBuffer buffer = ByteBuffer.allocate(bytes).order(java.nio.ByteOrder.LITTLE_ENDIAN);
      while (buffer.hasRemaining()) {
        if (file.read(buffer, offset + buffer.position()) < 0) {
          throw new IOException("MCAP: ends early");
        }
      }
      return buffer.flip();
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }
}
