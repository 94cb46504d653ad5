package dev.nestor.recorder.archive;

import dev.nestor.recorder.chunk.ChunkHeader;
import dev.nestor.recorder.chunk.Crc;
import dev.nestor.recorder.chunk.Limits;
import dev.nestor.recorder.chunk.RecordHeader;
import dev.nestor.recorder.chunk.RecordType;
import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;

/// Finds and reads the records of a window whose offsets count from its start.
public final class Records {
  private static final int BLOCK = 1 << 16;
  private static final int READ_BYTES_MAX = 4 << 20;

  private final Window window;

  Records(Window window) {
    this.window = window;
  }

  /// A record whose header holds.
  ///
  /// @param header the 64 bytes decoded
  /// @param headerBytes with the extension
  @SuppressWarnings("ArrayRecordComponent") // never compared
  public record Found(RecordHeader header, byte[] headerBytes) {}

  /// A record as [#header] and [#body] have it.
  record Whole(Found found, Optional<byte[]> body) {}

  /// The record header at an offset: sync, lengths, own offset and CRC must hold.
  public Optional<Found> header(long offset) throws IOException {
    return header(offset, window.read(offset, ChunkHeader.BYTES));
  }

  /// @param first bytes from the offset on, perhaps more than the header
  private Optional<Found> header(long offset, byte[] first) throws IOException {
    Optional<RecordHeader> parsed = RecordHeader.parse(first);
    if (parsed.isEmpty() || parsed.get().offset() != offset) {
      return Optional.empty();
    }
    RecordHeader header = parsed.get();
    byte[] all = first;
    if (header.headerBytes() < first.length) {
      all = Arrays.copyOf(first, header.headerBytes());
    } else if (header.headerBytes() > first.length) {
      all = window.read(offset, header.headerBytes());
    }
    boolean holds =
        all.length == header.headerBytes()
            && RecordHeader.crcHolds(all)
            && (header.type() != RecordType.CHUNK || all.length >= ChunkHeader.BYTES);
    return holds ? Optional.of(new Found(header, all)) : Optional.empty();
  }

  /// The record at an offset, in one read if it has the length that the index says.
  Optional<Whole> whole(long offset, long bytes) throws IOException {
    int expected = (int) Math.max(ChunkHeader.BYTES, Math.min(bytes, READ_BYTES_MAX));
    byte[] all = window.read(offset, expected);
    Optional<Found> found = header(offset, all);
    if (found.isEmpty()) {
      return Optional.empty();
    }
    RecordHeader header = found.get().header();
    if (header.recordBytes() > all.length) {
      return Optional.of(new Whole(found.get(), body(found.get())));
    }
    int end = (int) header.recordBytes();
    boolean holds = Crc.of(all, header.headerBytes(), end) == header.bodyCrc();
    return Optional.of(
        new Whole(
            found.get(),
            holds
                ? Optional.of(Arrays.copyOfRange(all, header.headerBytes(), end))
                : Optional.empty()));
  }

  /// The body of a record; empty if it ends behind the window, is over the limit or its CRC does
  /// not hold.
  public Optional<byte[]> body(Found record) throws IOException {
    RecordHeader header = record.header();
    if (header.bodyBytes() > Limits.BODY_BYTES_MAX
        || header.offset() + header.recordBytes() > window.bytes()) {
      return Optional.empty();
    }
    byte[] body = window.read(header.offset() + header.headerBytes(), (int) header.bodyBytes());
    return body.length == header.bodyBytes() && Crc.of(body, 0, body.length) == header.bodyCrc()
        ? Optional.of(body)
        : Optional.empty();
  }

  /// True if the bytes between a record and the next, as far as they are there, are 0.
  public boolean paddingHolds(RecordHeader header) throws IOException {
    long from = header.offset() + header.recordBytes();
    byte[] padding = window.read(from, (int) (header.next() - from));
    return isZero(padding);
  }

  static boolean isZero(byte[] bytes) {
    for (byte each : bytes) {
      if (each != 0) {
        return false;
      }
    }
    return true;
  }

  /// The next record behind an offset whose header holds, for going on behind a damaged one.
  public Optional<Found> resync(long offset, long tag) throws IOException {
    for (long block = offset & ~7L; block < window.bytes(); block += BLOCK) {
      byte[] bytes = window.read(block, BLOCK + 8);
      for (int at = 0; at + 4 <= bytes.length && at < BLOCK; at += 8) {
        if (isSync(bytes, at) && block + at >= offset) {
          Optional<Found> found = header(block + at);
          if (found.isPresent() && found.get().header().tag() == tag) {
            return found;
          }
        }
      }
    }
    return Optional.empty();
  }

  /// Where, behind an offset, a whole header of this segment stands that belongs somewhere else; a
  /// record that was being written stands where it belongs.
  public Optional<Long> displaced(long from, long tag) throws IOException {
    for (long block = from; block < window.bytes(); block += BLOCK) {
      byte[] bytes = window.read(block, BLOCK + 8);
      for (int at = 0; at + 4 <= bytes.length && at < BLOCK; at += 8) {
        if (!isSync(bytes, at)) {
          continue;
        }
        long offset = block + at;
        Optional<RecordHeader> header = RecordHeader.parse(window.read(offset, RecordHeader.BYTES));
        if (header.isPresent() && header.get().offset() != offset && header.get().tag() == tag) {
          byte[] all = window.read(offset, header.get().headerBytes());
          if (all.length == header.get().headerBytes() && RecordHeader.crcHolds(all)) {
            return Optional.of(offset);
          }
        }
      }
    }
    return Optional.empty();
  }

  private static boolean isSync(byte[] bytes, int at) {
    return bytes[at] == 'P' && bytes[at + 1] == 'G' && bytes[at + 2] == 'R' && bytes[at + 3] == '1';
  }

  /// A record found from the end.
  ///
  /// @param segmentFrom where its segment begins in the window, by its own offset
  record Last(Found record, long segmentFrom) {}

  /// Steps back from the end by 8 and takes the first record that holds in header, own place, tag
  /// and body. The window may hold several segments; the record's own offset says where its begins.
  static Optional<Last> last(Window file) throws IOException {
    long end = file.bytes() & ~7L;
    for (long block = Math.max(0, end - BLOCK); ; block = Math.max(0, block - BLOCK)) {
      byte[] bytes = file.read(block, BLOCK + 8);
      for (int at = Math.min(BLOCK, bytes.length) & ~7; at >= 0; at -= 8) {
        if (at + 4 <= bytes.length && isSync(bytes, at)) {
          Optional<Last> last = lastAt(file, block + at);
          if (last.isPresent()) {
            return last;
          }
        }
      }
      if (block == 0) {
        return Optional.empty();
      }
    }
  }

  private static Optional<Last> lastAt(Window file, long position) throws IOException {
    Optional<RecordHeader> parsed = RecordHeader.parse(file.read(position, RecordHeader.BYTES));
    if (parsed.isEmpty() || parsed.get().offset() > position) {
      return Optional.empty();
    }
    long from = position - parsed.get().offset();
    Window segment = file.part(from, file.bytes() - from);
    byte[] header = segment.read(0, 48);
    if (header.length < 48) {
      return Optional.empty();
    }
    Records records = new Records(segment);
    Optional<Found> found = records.header(parsed.get().offset());
    if (found.isEmpty()
        || found.get().header().tag() != tagOf(header)
        || records.body(found.get()).isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(new Last(found.get(), from));
  }

  private static long tagOf(byte[] segmentHeader) {
    return new dev.nestor.recorder.bytes.ByteSource("tag", segmentHeader, 40, 48).u64();
  }
}
