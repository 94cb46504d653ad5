package dev.nestor.recorder.archive;

import dev.nestor.recorder.bytes.Bytes;
import dev.nestor.recorder.bytes.DamageException;
import dev.nestor.recorder.chunk.ChunkDecoder;
import dev.nestor.recorder.chunk.ChunkRow;
import dev.nestor.recorder.chunk.FrameMeta;
import dev.nestor.recorder.event.RecordedEvent;
import dev.nestor.recorder.index.IndexEntry;
import dev.nestor.recorder.index.SegmentHeader;
import dev.nestor.recorder.index.SessionTotals;
import dev.nestor.recorder.index.Summary;
import dev.nestor.recorder.index.SummaryEvent;
import dev.nestor.recorder.index.Trailer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// An archive that is open for reading: the segments of one recording, from a file or a directory.
///
/// Frames, statements and events come from the chunks that can be read; [#damage()] says what could
/// not be. Reading does not verify: that is a verifier's work.
///
/// **Threads.** May be shared.
public final class Archive implements AutoCloseable {
  private static final String SUFFIX = ".pgrec";
  private static final int CACHED_CHUNKS = 64;

  private final Path path;
  private final List<FileChannel> channels;
  private final List<Segment> segments;
  private final List<ChunkPlace> places;
  private final Map<ChunkPlace, ChunkReading> cache =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<ChunkPlace, ChunkReading> eldest) {
          return size() > CACHED_CHUNKS;
        }
      };
  private final Map<ChunkPlace, ChunkReading.Damaged> damage = new LinkedHashMap<>();

  /// Where a chunk is.
  ///
  /// @param position among the segment's chunks
  record ChunkPlace(Segment segment, int position, IndexEntry entry) {}

  private Archive(Path path, List<FileChannel> channels, List<Segment> segments) {
    this.path = path;
    this.channels = channels;
    this.segments = List.copyOf(segments);
    this.places = new ChunkPlaces(this.segments);
  }

  /// Opens a file, or a directory that holds one archive.
  ///
  /// @throws IOException if it cannot be read, has no archive in it, or is a directory with several
  public static Archive open(Path path) throws IOException {
    List<Archive> archives = openAll(path);
    if (archives.size() == 1) {
      return archives.getFirst();
    }
    for (Archive each : archives) {
      each.close();
    }
    throw new IOException(
        path
            + (archives.isEmpty()
                ? ": no archive here (expected: *.pgrec)"
                : ": " + archives.size() + " archives here; name one of their files"));
  }

  /// Opens every archive of a directory, or the one of a file. Files whose segments have the same
  /// archive identity are one archive; a file whose header cannot be read is one of its own.
  ///
  /// @throws IOException if it cannot be read
  public static List<Archive> openAll(Path path) throws IOException {
    if (!Files.exists(path)) {
      throw new NoSuchFileException(path.toString());
    }
    List<Path> files;
    if (Files.isDirectory(path)) {
      try (Stream<Path> listed = Files.list(path)) {
        files =
            listed
                .filter(file -> file.getFileName().toString().endsWith(SUFFIX))
                .sorted(Comparator.comparing(Path::getFileName))
                .toList();
      }
    } else {
      files = List.of(path);
    }
    Map<String, List<Segment>> byArchive = new LinkedHashMap<>();
    Map<String, List<FileChannel>> channels = new LinkedHashMap<>();
    Map<String, Path> paths = new LinkedHashMap<>();
    for (Path file : files) {
      FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
      List<Segment> segments = segments(file, channel);
      String key =
          segments.stream()
              .flatMap(segment -> segment.header().stream())
              .map(SegmentHeader::archive)
              .findFirst()
              .map(UUID::toString)
              .orElse(file.toString());
      byArchive.computeIfAbsent(key, _ -> new ArrayList<>()).addAll(segments);
      channels.computeIfAbsent(key, _ -> new ArrayList<>()).add(channel);
      paths.merge(key, file, (first, _) -> path);
    }
    joinUnreadable(byArchive, channels);
    List<Archive> archives = new ArrayList<>();
    byArchive.forEach((key, segments) -> {
      segments.sort(
          Comparator.comparingLong(
              segment -> segment.header().map(SegmentHeader::number).orElse(Long.MAX_VALUE)));
      archives.add(
          new Archive(
              paths.getOrDefault(key, path), channels.getOrDefault(key, List.of()), segments));
    });
    return archives;
  }

  /// Where one archive is, a file whose header cannot be read is a damaged part of it.
  private static void joinUnreadable(
      Map<String, List<Segment>> byArchive, Map<String, List<FileChannel>> channels) {
    List<String> readable = new ArrayList<>();
    List<String> unreadable = new ArrayList<>();
    byArchive.forEach((key, segments) ->
        (segments.stream().anyMatch(each -> each.header().isPresent()) ? readable : unreadable)
            .add(key));
    if (readable.size() == 1) {
      for (String key : unreadable) {
        byArchive
            .getOrDefault(readable.getFirst(), new ArrayList<>())
            .addAll(java.util.Objects.requireNonNull(byArchive.remove(key)));
        channels
            .getOrDefault(readable.getFirst(), new ArrayList<>())
            .addAll(java.util.Objects.requireNonNull(channels.remove(key)));
      }
    }
  }

  /// Cuts a file into its segments, from the end.
  private static List<Segment> segments(Path file, FileChannel channel) throws IOException {
    List<Segment> segments = new ArrayList<>();
    Path directory = file.toAbsolutePath().getParent();
    long end = channel.size();
    while (end > 0) {
      Window rest = new Window(channel, 0, end);
      Optional<Trailer> trailer =
          Trailer.parse(rest.read(end - Trailer.BYTES, Trailer.BYTES))
              .filter(each -> each.segmentBytes() <= rest.bytes());
      if (trailer.isPresent()) {
        long from = end - trailer.get().segmentBytes();
        Window window = rest.part(from, trailer.get().segmentBytes());
        segments.add(
            Segment.open(
                file,
                window,
                trailer.get(),
                trailer.get().checkpointOffset(),
                trailer.get().segmentBytes() - Trailer.BYTES,
                false));
        end = from;
        continue;
      }
      Optional<Records.Last> last = Records.last(rest);
      long from = last.map(Records.Last::segmentFrom).orElseGet(() -> lastMagic(rest));
      long lastRecord = last.map(each -> each.record().header().offset()).orElse(0L);
      long tail =
          last.map(each -> each.record().header().next()).orElse((long) SegmentHeader.BYTES);
      boolean growing = directory != null && RecorderLock.isHeld(directory);
      segments.add(
          Segment.open(
              file,
              rest.part(from, end - from),
              null,
              lastRecord,
              Math.min(tail, end - from),
              growing));
      end = from;
    }
    return segments.reversed();
  }

  /// Where the last segment begins of which nothing but its header may be there.
  private static long lastMagic(Window file) {
    try {
      long end = file.bytes();
      long last = Math.max(0, end - SegmentHeader.BYTES) & ~7L;
      return SegmentHeader.hasMagic(file.read(last, 8)) ? last : 0;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public Path path() {
    return path;
  }

  /// The identity that all segments share; empty if no header can be read.
  public Optional<UUID> id() {
    return segments.stream()
        .flatMap(segment -> segment.header().stream())
        .map(SegmentHeader::archive)
        .findFirst();
  }

  /// In the order of their numbers.
  public List<Segment> segments() {
    return segments;
  }

  /// Numbers of segments that are missing between the first and the last, and before the first.
  public List<Long> missingSegments() {
    List<Long> missing = new ArrayList<>();
    long expected = 1;
    for (Segment segment : segments) {
      long number = segment.header().map(SegmentHeader::number).orElse(expected);
      for (; expected < number && missing.size() < 1024; expected++) {
        missing.add(expected);
      }
      expected = number + 1;
    }
    return missing;
  }

  /// Chunks that could not be read so far.
  public List<ChunkReading.Damaged> damage() {
    synchronized (cache) {
      return List.copyOf(damage.values());
    }
  }

  /// What a reader should know beside the content: a summary that was rebuilt, for example.
  public List<String> notes() {
    return segments.stream()
        .flatMap(segment -> segment.notes().stream().map(note -> segment + ": " + note))
        .toList();
  }

  List<ChunkPlace> places() {
    return places;
  }

  ChunkReading read(ChunkPlace place) {
    synchronized (cache) {
      ChunkReading known = cache.get(place);
      if (known != null) {
        return known;
      }
    }
    ChunkReading reading;
    try {
      reading = place.segment.chunk(place.position);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    synchronized (cache) {
      cache.put(place, reading);
      if (reading instanceof ChunkReading.Damaged damaged) {
        damage.put(place, damaged);
      }
    }
    return reading;
  }

  /// Frames that the index counts.
  public long frameCount() {
    long frames = 0;
    for (Segment segment : segments) {
      for (IndexEntry chunk : segment.chunks()) {
        frames += chunk.frames();
      }
    }
    return frames;
  }

  /// The frame of a number; empty if there is none, or if its chunk is damaged.
  public Optional<Frame> frame(long no) {
    int at = placeOf(no);
    if (at < 0 || !(read(places.get(at)) instanceof ChunkReading.Decoded(ChunkDecoder chunk))) {
      return Optional.empty();
    }
    List<FrameMeta> frames = chunk.frames();
    int low = 0;
    int high = frames.size() - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      long here = frames.get(middle).no();
      if (here == no) {
        return Optional.of(new Frame(chunk, middle));
      } else if (here < no) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return Optional.empty();
  }

  /// The chunk that may have a frame: the last that begins at or before it.
  int placeOf(long frameNo) {
    int low = 0;
    int high = places.size() - 1;
    int found = -1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      if (places.get(middle).entry.firstFrame() <= frameNo) {
        found = middle;
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return found;
  }

  /// The number of the first frame at or after a time; empty if there is none.
  public Optional<Long> frameAt(long ts) {
    for (ChunkPlace place : places) {
      if (place.entry.tsLast() >= ts
          && read(place) instanceof ChunkReading.Decoded(ChunkDecoder chunk)) {
        for (FrameMeta frame : chunk.frames()) {
          if (frame.ts() >= ts) {
            return Optional.of(frame.no());
          }
        }
      }
    }
    return Optional.empty();
  }

  /// All frames from a number on, in their order.
  ///
  /// @param from first number, 1 for all
  public Stream<Frame> frames(long from) {
    int first = Math.max(0, placeOf(from));
    return places.subList(Math.min(first, places.size()), places.size()).stream()
        .flatMap(this::framesOf)
        .filter(frame -> frame.no() >= from);
  }

  /// A session's frames from a number on.
  public Stream<Frame> frames(long session, long from) {
    int first = Math.max(0, placeOf(from));
    return places.subList(Math.min(first, places.size()), places.size()).stream()
        .filter(place -> place.entry.mayHave(session))
        .flatMap(this::framesOf)
        .filter(frame -> frame.no() >= from && frame.meta().session() == session);
  }

  /// All events from a frame number on.
  public Stream<Frame> events(long from) {
    return frames(from).filter(Frame::isEvent);
  }

  private Stream<Frame> framesOf(ChunkPlace place) {
    if (!(read(place) instanceof ChunkReading.Decoded(ChunkDecoder chunk))) {
      return Stream.empty();
    }
    return java.util.stream.IntStream.range(0, chunk.frames().size())
        .mapToObj(index -> new Frame(chunk, index));
  }

  /// The chunks from that of a frame on, those that can be read. A decoder belongs to one thread at
  /// a time.
  public Stream<ChunkDecoder> decodedChunks(long fromFrame) {
    int first = Math.max(0, placeOf(fromFrame));
    return places.subList(Math.min(first, places.size()), places.size()).stream()
        .map(this::read)
        .filter(ChunkReading.Decoded.class::isInstance)
        .map(reading -> ((ChunkReading.Decoded) reading).chunk());
  }

  /// All statements, in the order in which they were decided.
  public Stream<Statement> statements() {
    StatementReader reader = new StatementReader(this);
    return java.util.stream.IntStream.range(0, places.size()).boxed().flatMap(reader::begunIn);
  }

  /// A session's statements, in the order of their numbers.
  public Stream<Statement> statements(long session) {
    StatementReader reader = new StatementReader(this);
    return java.util.stream.IntStream.range(0, places.size())
        .filter(at -> places.get(at).entry.mayHave(session))
        .boxed()
        .flatMap(reader::begunIn)
        .filter(statement -> statement.session() == session);
  }

  /// The statements that begin in the chunk of a frame: what a screen around that frame needs.
  public List<Statement> statementsNear(long frameNo) {
    int at = placeOf(frameNo);
    return at < 0 ? List.of() : new StatementReader(this).begunIn(at).toList();
  }

  /// How many chunks the index has. They are numbered from 0, over all segments.
  public int chunkCount() {
    return places.size();
  }

  /// What the index says of a chunk.
  public IndexEntry chunkEntry(int chunk) {
    return places.get(chunk).entry;
  }

  /// Number of the chunk that may have a frame: the last that begins at or before it; -1 for none.
  public int chunkOf(long frameNo) {
    return placeOf(frameNo);
  }

  /// A chunk; empty if it cannot be read. A decoder belongs to one thread at a time.
  public Optional<ChunkDecoder> chunk(int chunk) {
    return read(places.get(chunk)) instanceof ChunkReading.Decoded(ChunkDecoder decoder)
        ? Optional.of(decoder)
        : Optional.empty();
  }

  /// Reads the statements that begin in a chunk, by its number. Remembers ends that it met while it
  /// looked for others', so asking for chunks in their order reads none twice. Of one thread.
  public java.util.function.IntFunction<List<Statement>> statementsByChunk() {
    StatementReader reader = new StatementReader(this);
    return chunk -> reader.begunIn(chunk).toList();
  }

  /// The summaries of all segments, in their order; those without one are counted first.
  ///
  /// @throws IOException if the disk does not answer
  public List<Summary> summaries() throws IOException {
    List<Summary> summaries = new ArrayList<>();
    for (Segment segment : segments) {
      summaries.add(segment.summary());
    }
    return summaries;
  }

  /// The sessions, in the order of their numbers.
  ///
  /// @throws IOException if the disk does not answer
  public List<RecordedSession> sessions() throws IOException {
    Map<Long, SessionTotals> totals = new LinkedHashMap<>();
    Map<Long, RecordedEvent.Session> heads = new LinkedHashMap<>();
    Map<Long, RecordedEvent.SessionEnd> ends = new LinkedHashMap<>();
    for (Summary summary : summaries()) {
      summary.sessions().forEach(each -> totals.merge(each.no(), each, Archive::both));
      for (SummaryEvent each : summary.heads()) {
        if (each.event() instanceof RecordedEvent.Session head) {
          heads.putIfAbsent(head.ofSession() == 0 ? each.session() : head.ofSession(), head);
        } else if (each.event() instanceof RecordedEvent.SessionEnd end) {
          ends.put(each.session(), end);
        }
      }
    }
    return totals.values().stream()
        .sorted(Comparator.comparingLong(SessionTotals::no))
        .map(each ->
            new RecordedSession(
                each,
                Optional.ofNullable(heads.get(each.no())),
                Optional.ofNullable(ends.get(each.no()))))
        .toList();
  }

  private static SessionTotals both(SessionTotals first, SessionTotals later) {
    return new SessionTotals(
        first.no(),
        first.frames() == 0 ? later.tsFirst() : first.tsFirst(),
        Math.max(first.tsLast(), later.tsLast()),
        first.frames() == 0 ? later.firstFrame() : first.firstFrame(),
        first.framesBefore(),
        first.statementsBefore(),
        first.rows() + later.rows(),
        first.bytesOut() + later.bytesOut(),
        first.frames() + later.frames(),
        first.statements() + later.statements(),
        first.masked() + later.masked(),
        first.held() + later.held(),
        first.blocked() + later.blocked(),
        first.principal() == 0 ? later.principal() : first.principal(),
        first.credential() == 0 ? later.credential() : first.credential(),
        first.firstChunk());
  }

  /// The principals by their numbers.
  ///
  /// @throws IOException if the disk does not answer
  public Map<Long, RecordedEvent.Principal> principals() throws IOException {
    Map<Long, RecordedEvent.Principal> principals = new LinkedHashMap<>();
    for (Summary summary : summaries()) {
      for (SummaryEvent each : summary.identities()) {
        if (each.event() instanceof RecordedEvent.Principal principal) {
          principals.putIfAbsent(principal.no(), principal);
        }
      }
    }
    return principals;
  }

  /// The credentials by their numbers.
  ///
  /// @throws IOException if the disk does not answer
  public Map<Long, RecordedEvent.Credential> credentials() throws IOException {
    Map<Long, RecordedEvent.Credential> credentials = new LinkedHashMap<>();
    for (Summary summary : summaries()) {
      for (SummaryEvent each : summary.credentials()) {
        if (each.event() instanceof RecordedEvent.Credential credential) {
          credentials.putIfAbsent(credential.no(), credential);
        }
      }
    }
    return credentials;
  }

  /// Bytes that were kept under their SHA-256.
  ///
  /// @throws IOException if the disk does not answer
  public Optional<byte[]> attachment(Bytes sha256) throws IOException {
    for (Segment segment : segments) {
      Optional<byte[]> content = segment.attachment(sha256);
      if (content.isPresent()) {
        return content;
      }
    }
    return Optional.empty();
  }

  /// A chunk's rows; none if they break a rule, which is noted as damage.
  List<ChunkRow> rows(ChunkPlace place, ChunkDecoder chunk) {
    try {
      synchronized (chunk) {
        return chunk.rows();
      }
    } catch (DamageException e) {
      synchronized (cache) {
        damage.put(
            place,
            new ChunkReading.Damaged(
                place.segment.file(),
                place.segment.from() + place.entry.offset(),
                String.valueOf(e.getMessage())));
      }
      return List.of();
    }
  }

  /// The object of a number in a chunk, or nothing where it cannot be read.
  static <T> @Nullable T object(ChunkDecoder chunk, long number, Class<T> type) {
    try {
      synchronized (chunk) {
        Object object = chunk.object(number);
        return type.isInstance(object) ? type.cast(object) : null;
      }
    } catch (DamageException e) {
      return null;
    }
  }

  @Override
  public void close() throws IOException {
    for (FileChannel channel : channels) {
      channel.close();
    }
  }
}
