package dev.nestor.recorder.archive;

import dev.nestor.recorder.bytes.Bytes;
import dev.nestor.recorder.bytes.DamageException;
import dev.nestor.recorder.chunk.ChunkDecoder;
import dev.nestor.recorder.chunk.ChunkHeader;
import dev.nestor.recorder.chunk.ChunkObject;
import dev.nestor.recorder.chunk.RecordHeader;
import dev.nestor.recorder.chunk.RecordType;
import dev.nestor.recorder.index.IndexEntry;
import dev.nestor.recorder.index.SegmentHeader;
import dev.nestor.recorder.index.Summary;
import dev.nestor.recorder.index.SummaryBuilder;
import dev.nestor.recorder.index.Trailer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// One segment of an archive, as far as it can be read.
///
/// **Threads.** May be shared.
public final class Segment {
  private final Path file;
  private final Window window;
  private final @Nullable SegmentHeader header;
  private final @Nullable String headerProblem;
  private final @Nullable Trailer trailer;
  private final long tail;
  private final boolean growing;
  private List<IndexEntry> chunks = List.of();
  private final List<String> notes = new ArrayList<>();
  private @Nullable Summary summary;
  private boolean summaryStored;

  private Segment(
      Path file,
      Window window,
      @Nullable SegmentHeader header,
      @Nullable String headerProblem,
      @Nullable Trailer trailer,
      long tail,
      boolean growing) {
    this.file = file;
    this.window = window;
    this.header = header;
    this.headerProblem = headerProblem;
    this.trailer = trailer;
    this.tail = tail;
    this.growing = growing;
  }

  /// @param lastRecord offset of the last good record
  /// @param tail offset behind it
  static Segment open(
      Path file,
      Window window,
      @Nullable Trailer trailer,
      long lastRecord,
      long tail,
      boolean growing)
      throws IOException {
    SegmentHeader header = null;
    String problem = null;
    try {
      header = SegmentHeader.parse(window.read(0, SegmentHeader.BYTES));
    } catch (DamageException e) {
      problem = e.getMessage();
    }
    Segment segment = new Segment(file, window, header, problem, trailer, tail, growing);
    if (header != null && segment.isReadable()) {
      segment.findChunks(header, lastRecord);
    }
    return segment;
  }

  private void findChunks(SegmentHeader known, long lastRecord) throws IOException {
    Trailer closed = trailer;
    if (closed != null && closed.summaryOffset() != 0) {
      Optional<byte[]> body = storedSummary(closed);
      try {
        if (body.isPresent()) {
          chunks = Summary.decodeIndex(body.get());
          summaryStored = true;
          return;
        }
      } catch (DamageException e) {
        // said below
      }
      notes.add("the summary cannot be read: its content was counted again from the chunks");
    }
    chunks = new ChunkFinder(records(), lastRecord, tail, known.tag()).find();
  }

  private Optional<byte[]> storedSummary(Trailer closed) throws IOException {
    Optional<Records.Found> found =
        records()
            .header(closed.summaryOffset())
            .filter(record -> record.header().type() == RecordType.SUMMARY);
    return found.isEmpty() ? Optional.empty() : records().body(found.get());
  }

  public Path file() {
    return file;
  }

  /// Where the segment begins in its file.
  public long from() {
    return window.from();
  }

  /// Length with everything that belongs to it; of one that was not closed, of the file's rest.
  public long bytes() {
    return window.bytes();
  }

  /// The header; empty if it is damaged, and then nothing else can be read.
  public Optional<SegmentHeader> header() {
    return Optional.ofNullable(header);
  }

  /// What is wrong with the header; empty if nothing is.
  public Optional<String> headerProblem() {
    return Optional.ofNullable(headerProblem);
  }

  /// The trailer; empty if the segment was not closed.
  public Optional<Trailer> trailer() {
    return Optional.ofNullable(trailer);
  }

  /// Offset behind the last good record.
  public long tail() {
    return tail;
  }

  /// True if it has no trailer and a living recorder holds its directory.
  public boolean isGrowing() {
    return growing;
  }

  /// False for a segment of a newer version, or without a header: nothing but its header is looked
  /// at.
  public boolean isReadable() {
    SegmentHeader known = header;
    return known != null && known.major() <= SegmentHeader.MAJOR && known.incompatible() == 0;
  }

  public Records records() {
    return new Records(window);
  }

  /// Reads bytes of the segment; shorter at its end.
  public byte[] read(long offset, int length) throws IOException {
    return window.read(offset, length);
  }

  /// The chunks that were found, in their order; cannot be changed.
  public List<IndexEntry> chunks() {
    return chunks;
  }

  /// What a reader should know: the summary was rebuilt, chunks could not be read.
  public synchronized List<String> notes() {
    return List.copyOf(notes);
  }

  /// Reads a chunk.
  ///
  /// @param position in [#chunks()]
  ChunkReading chunk(int position) throws IOException {
    IndexEntry entry = chunks.get(position);
    try {
      ChunkDecoder decoder = decoder(entry, position);
      decoder.frames();
      return new ChunkReading.Decoded(decoder);
    } catch (DamageException e) {
      return new ChunkReading.Damaged(
          file, window.from() + entry.offset(), String.valueOf(e.getMessage()));
    }
  }

  private ChunkDecoder decoder(IndexEntry entry, int position) throws IOException {
    Records.Whole whole =
        records()
            .whole(entry.offset(), entry.bytes())
            .filter(record -> record.found().header().type() == RecordType.CHUNK)
            .orElseThrow(() -> new DamageException("no chunk where the index has one"));
    Records.Found found = whole.found();
    if ((found.header().flags() & RecordHeader.ENCRYPTED) != 0) {
      throw new DamageException("encrypted");
    }
    byte[] body =
        whole.body().orElseThrow(() -> new DamageException("chunk body: CRC does not hold"));
    ChunkHeader chunk = ChunkHeader.parse(found.headerBytes());
    List<ChunkObject> earlier = new ArrayList<>();
    for (int back = chunk.dictBase(); back > 0; back--) {
      if (position < back) {
        throw new DamageException("the chunk that begins its object table is missing");
      }
      earlier.addAll(decoder(chunks.get(position - back), position - back).objects());
    }
    return new ChunkDecoder(chunk, body, earlier);
  }

  /// The summary, counted from the chunks if none was stored or it cannot be read.
  public synchronized Summary summary() throws IOException {
    Summary known = summary;
    if (known != null) {
      return known;
    }
    Trailer closed = trailer;
    if (summaryStored && closed != null) {
      Optional<byte[]> body = storedSummary(closed);
      try {
        if (body.isPresent()) {
          Summary stored = Summary.decode(body.get());
          summary = stored;
          return stored;
        }
      } catch (DamageException e) {
        notes.add("the summary cannot be read: its content was counted again from the chunks");
      }
    }
    SummaryBuilder builder = new SummaryBuilder();
    for (int position = 0; position < chunks.size(); position++) {
      if (chunk(position) instanceof ChunkReading.Decoded(ChunkDecoder decoder)) {
        try {
          builder.add(
              new SummaryBuilder.Chunk(
                  decoder.header().no(),
                  chunks.get(position),
                  decoder.sessions(),
                  decoder.frames(),
                  decoder.rows(),
                  decoder::object,
                  decoder::event));
        } catch (DamageException e) {
          notes.add("chunk at " + chunks.get(position).offset() + ": " + e.getMessage());
        }
      }
    }
    Summary built = builder.build();
    summary = built;
    return built;
  }

  /// True if the summary stands in the file.
  public boolean hasStoredSummary() {
    return summaryStored;
  }

  /// The bytes of an attachment, if the segment has it whole.
  public Optional<byte[]> attachment(Bytes sha256) throws IOException {
    Long offset = summary().attachments().get(sha256);
    if (offset == null) {
      return Optional.empty();
    }
    Optional<Records.Found> found = records().header(offset);
    if (found.isEmpty()) {
      return Optional.empty();
    }
    Optional<byte[]> body = records().body(found.get());
    return body.isEmpty() ? Optional.empty() : Attachment.content(body.get(), sha256);
  }

  @Override
  public String toString() {
    SegmentHeader known = header;
    return file.getFileName() + (known == null ? "" : ", segment " + known.number());
  }
}
