package dev.nestor.recorder.archive;

import dev.nestor.recorder.chunk.ChunkDecoder;
import dev.nestor.recorder.chunk.ChunkRow;
import dev.nestor.recorder.chunk.ChunkSession;
import dev.nestor.recorder.chunk.FrameMeta;
import dev.nestor.recorder.chunk.Lane;
import dev.nestor.recorder.event.ArchiveObject;
import dev.nestor.recorder.event.DecisionCode;
import dev.nestor.recorder.event.Outcome;
import dev.nestor.recorder.event.TransactionStatus;
import dev.nestor.recorder.index.Summary;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// Puts statements together from their rows: most stand whole in one chunk, some begin in one and
/// end in a later one, and some have their message in an earlier one.
final class StatementReader {
  private static final long OCTAVE_MICROS = 16;

  private final Archive archive;

  /// Ends that were met while looking for another's, so that no chunk is searched twice.
  private final Map<Key, Ending> endings = new HashMap<>();

  private final Map<Integer, Boolean> searched = new HashMap<>();

  private record Key(long session, long statement) {}

  /// A frame of a chunk.
  ///
  /// @param resultBytes the session's RES bytes in the chunk up to it
  private record Place(FrameMeta frame, long resultBytes) {}

  private record Ending(ChunkRow row, ChunkDecoder chunk, int place) {}

  StatementReader(Archive archive) {
    this.archive = archive;
  }

  Stream<Statement> begunIn(int place) {
    if (!(archive.read(archive.places().get(place))
        instanceof ChunkReading.Decoded(ChunkDecoder chunk))) {
      return Stream.empty();
    }
    List<Statement> statements = new ArrayList<>();
    List<ChunkRow> rows = archive.rows(archive.places().get(place), chunk);
    Map<Long, Place> frames = rows.isEmpty() ? Map.of() : places(chunk);
    long ordinal = chunk.header().firstStatement();
    for (ChunkRow row : rows) {
      if (row.begins()) {
        statements.add(statement(place, chunk, row, ordinal++, frames));
      }
    }
    return statements.stream();
  }

  private static Map<Long, Place> places(ChunkDecoder chunk) {
    Map<Long, Place> places = new HashMap<>();
    Map<Long, Long> resultBytes = new HashMap<>();
    for (FrameMeta frame : chunk.frames()) {
      long more = frame.lane() == Lane.RES ? frame.storedBytes() : 0;
      places.put(frame.no(), new Place(frame, resultBytes.merge(frame.session(), more, Long::sum)));
    }
    return places;
  }

  private Statement statement(
      int place, ChunkDecoder chunk, ChunkRow row, long ordinal, Map<Long, Place> frames) {
    Optional<Ending> ending =
        row.ends() ? Optional.of(new Ending(row, chunk, place)) : ending(place, row);
    ChunkRow end = ending.map(Ending::row).orElse(row);
    Place anchorHere = frames.get(row.anchorFrame());
    FrameMeta anchor =
        anchorHere != null
            ? anchorHere.frame
            : earlierFrame(place, row.session(), row.anchorSequence()).orElse(null);
    Place lastHere = row.ends() ? frames.get(row.endFrame()) : null;
    FrameMeta last =
        lastHere != null
            ? lastHere.frame
            : ending
                .filter(each -> each.row.endFrame() != 0)
                .map(each -> frameOf(each.chunk, each.row.endFrame()))
                .orElse(null);
    ArchiveObject.Inputs inputs = Archive.object(chunk, row.inputs(), ArchiveObject.Inputs.class);
    ArchiveObject.Text tag =
        ending.isEmpty()
            ? null
            : Archive.object(ending.get().chunk, end.tag(), ArchiveObject.Text.class);
    ArchiveObject.Mask mask =
        ending.isEmpty()
            ? null
            : Archive.object(ending.get().chunk, end.mask(), ArchiveObject.Mask.class);
    long span =
        anchorHere != null && lastHere != null
            ? lastHere.resultBytes - anchorHere.resultBytes
            : anchor == null || last == null
                ? 0
                : resultBytes(anchor, last, place, ending.map(Ending::place).orElse(place));
    return new Statement(
        row.session(),
        row.statement(),
        ordinal,
        anchor == null ? 0 : anchor.no(),
        row.message(),
        row.part(),
        Archive.object(chunk, row.plan(), ArchiveObject.Plan.class),
        DecisionCode.of(end.decision() != 0 ? end.decision() : row.decision()),
        ending.isPresent(),
        end.endFrame(),
        end.endMessage(),
        end.rows(),
        Outcome.of(end.outcome()),
        tag == null ? "" : tag.text(),
        Summary.sqlState(end.sqlState()),
        TransactionStatus.of(end.transaction()),
        OCTAVE_MICROS << Math.min(row.decideOctave(), 48),
        ending.isPresent() ? Math.max(0, span + end.bytesDelta()) : 0,
        row.continues(),
        inputs == null ? List.of() : inputs.inputs(),
        mask,
        row.credential(),
        anchor == null ? chunk.header().tsFirst() : anchor.ts(),
        last == null ? 0 : last.ts());
  }

  private static FrameMeta frameOf(ChunkDecoder chunk, long no) {
    for (FrameMeta frame : chunk.frames()) {
      if (frame.no() == no) {
        return frame;
      }
    }
    throw new IllegalStateException("the decoder checked that frame " + no + " is there");
  }

  /// The end of a statement, in a later chunk that has its session.
  private Optional<Ending> ending(int place, ChunkRow row) {
    Key key = new Key(row.session(), row.statement());
    for (int later = place + 1; later < archive.places().size(); later++) {
      Ending known = endings.get(key);
      if (known != null) {
        return Optional.of(known);
      }
      Archive.ChunkPlace candidate = archive.places().get(later);
      if (searched.containsKey(later) || !candidate.entry().mayHave(row.session())) {
        continue;
      }
      searched.put(later, true);
      if (archive.read(candidate) instanceof ChunkReading.Decoded(ChunkDecoder chunk)) {
        for (ChunkRow end : archive.rows(candidate, chunk)) {
          if (!end.begins()) {
            endings.put(new Key(end.session(), end.statement()), new Ending(end, chunk, later));
          }
        }
      }
    }
    return Optional.ofNullable(endings.get(key));
  }

  /// A frame of an earlier chunk by its sequence in the session.
  private Optional<FrameMeta> earlierFrame(int place, long session, long sequence) {
    for (int earlier = place - 1; earlier >= 0; earlier--) {
      Archive.ChunkPlace candidate = archive.places().get(earlier);
      if (!candidate.entry().mayHave(session)
          || !(archive.read(candidate) instanceof ChunkReading.Decoded(ChunkDecoder chunk))) {
        continue;
      }
      for (ChunkSession each : chunk.sessions()) {
        if (each.no() == session && each.framesBefore() < sequence) {
          return chunk.frames().stream()
              .filter(frame -> frame.session() == session && frame.sequence() == sequence)
              .findFirst();
        }
      }
    }
    return Optional.empty();
  }

  /// The session's RES bytes behind the anchor, up to the end.
  private long resultBytes(FrameMeta anchor, FrameMeta last, int place, int endPlace) {
    long bytes = 0;
    int from = Math.max(0, Math.min(place, archive.placeOf(anchor.no())));
    for (int at = from; at <= endPlace; at++) {
      Archive.ChunkPlace candidate = archive.places().get(at);
      if (candidate.entry().mayHave(anchor.session())
          && archive.read(candidate) instanceof ChunkReading.Decoded(ChunkDecoder chunk)) {
        for (FrameMeta frame : chunk.frames()) {
          if (frame.session() == anchor.session()
              && frame.lane() == Lane.RES
              && frame.sequence() > anchor.sequence()
              && frame.sequence() <= last.sequence()) {
            bytes += frame.storedBytes();
          }
        }
      }
    }
    return bytes;
  }
}
