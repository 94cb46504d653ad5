package dev.nestor.benchmarks.archive;

import dev.nestor.recorder.archive.Archive;
import dev.nestor.recorder.archive.Frame;
import dev.nestor.recorder.archive.Statement;
import dev.nestor.recorder.chunk.FrameMeta;
import dev.nestor.recorder.chunk.Lane;
import dev.nestor.recorder.event.ArchiveObject;
import dev.nestor.recorder.event.RecordedEvent;
import dev.nestor.recorder.recording.Ring;
import dev.nestor.recorder.recording.RowEnd;
import dev.nestor.recorder.recording.RowStart;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Captured traffic in memory: everything that an archive holds about its sessions, in the order in
/// which it happened, so that it can be recorded once more or written in another format.
///
/// @param steps frames, events, decisions and ends
/// @param objects what rows refer to; number n of a [RowStart] or [RowEnd] is the n-th, from 1
/// @param sessions how many
/// @param wireFrames frames with messages
/// @param wireBytes of them
/// @param statements decisions
record Traffic(
    List<Step> steps,
    List<ArchiveObject> objects,
    int sessions,
    long wireFrames,
    long wireBytes,
    long statements) {
  /// One thing that happened in a session.
  sealed interface Step {
    /// From 0.
    int session();

    /// Microseconds since 1970.
    long ts();
  }

  /// Messages of one direction.
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Wire(
      int session,
      long ts,
      Ring.Lane lane,
      byte[] bytes,
      int type,
      int messages,
      int flags,
      long wireDelta)
      implements Step {}

  record Event(int session, long ts, RecordedEvent event) implements Step {}

  record Decided(int session, long ts, RowStart row) implements Step {}

  record Ended(int session, long ts, long statement, RowEnd row) implements Step {}

  /// Where a statement's steps belong: behind the step of a frame.
  private record Place(Step step, int behind) {}

  /// Reads a capture, up to a number of frames; sessions are kept from their beginning.
  ///
  /// @throws IOException if it cannot be read or is damaged
  static Traffic read(Path archive, long framesMax) throws IOException {
    try (Archive opened = Archive.open(archive)) {
      return new Reader().read(opened, framesMax);
    }
  }

  /// Time between its first and its last step, microseconds.
  long duration() {
    return steps.getLast().ts() - steps.getFirst().ts();
  }

  /// Takes an archive apart.
  private static final class Reader {
    private final Map<Long, Integer> sessions = new LinkedHashMap<>();
    private final Map<Long, FrameMeta> frames = new HashMap<>();
    private final Map<Long, Integer> stepOfFrame = new HashMap<>();
    private final List<Step> steps = new ArrayList<>();
    private final Map<ArchiveObject, Integer> numbers = new HashMap<>();
    private final IdentityHashMap<ArchiveObject, Integer> known = new IdentityHashMap<>();
    private final List<ArchiveObject> objects = new ArrayList<>();
    private long wireFrames;
    private long wireBytes;
    private long statements;

    Traffic read(Archive archive, long framesMax) throws IOException {
      Set<Long> begun = new HashSet<>();
      archive
          .frames(1)
          .limit(framesMax)
          .forEach(frame -> {
            FrameMeta meta = frame.meta();
            if (meta.session() != 0 && (meta.sequence() == 1 || begun.contains(meta.session()))) {
              begun.add(meta.session());
              frame(frame);
            }
          });
      List<Place> rows = rows(archive);
      if (!archive.damage().isEmpty()) {
        throw new IOException(archive.path() + ": " + archive.damage().getFirst());
      }
      return new Traffic(
          ordered(rows), List.copyOf(objects), sessions.size(), wireFrames, wireBytes, statements);
    }

    private void frame(Frame frame) {
      FrameMeta meta = frame.meta();
      int session = sessions.computeIfAbsent(meta.session(), _ -> sessions.size());
      frames.put(meta.no(), meta);
      stepOfFrame.put(meta.no(), steps.size());
      if (frame.isEvent()) {
        steps.add(new Event(session, meta.ts(), frame.event().orElseThrow()));
        return;
      }
      wireFrames++;
      wireBytes += meta.storedBytes();
      steps.add(
          new Wire(
              session,
              meta.ts(),
              meta.lane() == Lane.CMD ? Ring.Lane.COMMAND : Ring.Lane.RESULT,
              frame.payload().orElseThrow(),
              meta.type(),
              meta.messages(),
              meta.flags(),
              meta.wireDelta()));
    }

    private List<Place> rows(Archive archive) {
      List<Place> places = new ArrayList<>();
      Map<Long, Integer> behindOfSession = new HashMap<>();
      Map<Long, Long> numberOfSession = new HashMap<>();
      archive
          .statements()
          .forEach(each -> {
            FrameMeta anchor = frames.get(each.anchorFrame());
            Integer session = sessions.get(each.session());
            FrameMeta end = frames.get(each.endFrame());
            long expected = numberOfSession.getOrDefault(each.session(), 0L) + 1;
            ArchiveObject.Plan plan = each.plan();
            if (anchor == null || session == null || each.number() != expected || plan == null) {
              return; // behind the limit
            }
            numberOfSession.put(each.session(), expected);
            int behind =
                Math.max(
                    stepOfFrame.getOrDefault(anchor.no(), 0),
                    behindOfSession.getOrDefault(each.session(), 0));
            behindOfSession.put(each.session(), behind);
            statements++;
            places.add(
                new Place(
                    new Decided(session, steps.get(behind).ts(), start(each, anchor, plan)),
                    behind));
            if (each.ended() && (each.endFrame() == 0 || end != null)) {
              int endBehind = end == null ? behind : Math.max(behind, stepOf(end));
              places.add(
                  new Place(
                      new Ended(session, steps.get(endBehind).ts(), each.number(), end(each, end)),
                      endBehind));
            }
          });
      return places;
    }

    private int stepOf(FrameMeta frame) {
      return stepOfFrame.getOrDefault(frame.no(), 0);
    }

    private RowStart start(Statement each, FrameMeta anchor, ArchiveObject.Plan plan) {
      return new RowStart(
          anchor.sequence(),
          each.message(),
          each.part(),
          number(plan),
          Math.max(0, each.decideMicrosBelow() - 1),
          each.inputs().isEmpty() ? 0 : number(new ArchiveObject.Inputs(each.inputs())),
          each.continues(),
          each.credential());
    }

    private RowEnd end(Statement each, @Nullable FrameMeta end) {
      ArchiveObject.Mask masked = each.masked();
      return new RowEnd(
          end == null ? 0 : end.sequence(),
          each.endMessage(),
          each.rows(),
          each.outcome(),
          each.tag().isEmpty() ? 0 : number(new ArchiveObject.Text(each.tag())),
          each.sqlState(),
          each.transaction(),
          each.bytes(),
          each.decision(),
          masked == null ? 0 : number(masked));
    }

    private int number(ArchiveObject object) {
      Integer same = known.get(object);
      if (same != null) {
        return same;
      }
      int number =
          numbers.computeIfAbsent(
              object,
              added -> {
                objects.add(added);
                return objects.size();
              });
      known.put(object, number);
      return number;
    }

    private List<Step> ordered(List<Place> rows) {
      Map<Integer, List<Step>> behind = new HashMap<>();
      rows.forEach(
          row -> behind.computeIfAbsent(row.behind(), _ -> new ArrayList<>()).add(row.step()));
      List<Step> all = new ArrayList<>(steps.size() + rows.size());
      for (int i = 0; i < steps.size(); i++) {
        all.add(steps.get(i));
        all.addAll(behind.getOrDefault(i, List.of()));
      }
      return all;
    }
  }
}
