package dev.nestor.recorder.recording;

import dev.nestor.recorder.archive.Archive;
import dev.nestor.recorder.bytes.Bytes;
import dev.nestor.recorder.bytes.DamageException;
import dev.nestor.recorder.event.ArchiveObject;
import dev.nestor.recorder.event.RecordedEvent;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Takes up an archive that an earlier process left: what stands in its rings and not yet in a
/// segment becomes a segment of its own, which vouches for the one that was cut. The old segment is
/// never written to again.
public final class ArchiveRecovery {
  private final RecorderSettings settings;

  /// Where an archive stands once nothing is left to recover.
  ///
  /// @param archive its identity; of a new one, not used yet
  /// @param from where its next segment goes on
  record Standing(UUID archive, ArchiveBuilder.Continuation from, long sessionlessFrames) {}

  private ArchiveRecovery(RecorderSettings settings) {
    this.settings = settings;
  }

  /// Recovers the archive of a directory.
  ///
  /// @return true if there was something to recover
  /// @throws IOException if the directory holds no archive or several, a recorder is writing it, or
  ///   it is damaged where a new segment would have to follow
  public static boolean recover(RecorderSettings settings) throws IOException {
    try (var lock =
        dev.nestor.recorder.archive.RecorderLock.take(settings.directory())
            .orElseThrow(
                () -> new IOException(settings.directory() + ": a recorder is writing here"))) {
      long before;
      try (Archive archive = Archive.open(settings.directory())) {
        before = archive.segments().size();
      }
      new ArchiveRecovery(settings).run();
      try (Archive archive = Archive.open(settings.directory())) {
        return lock != null && archive.segments().size() > before;
      }
    }
  }

  static Standing standing(RecorderSettings settings) throws IOException {
    return new ArchiveRecovery(settings).run();
  }

  private Standing run() throws IOException {
    List<Archive> archives = Archive.openAll(settings.directory());
    try {
      if (archives.isEmpty()) {
        return new Standing(
            new UUID(settings.random().nextLong(), settings.random().nextLong()),
            ArchiveBuilder.Continuation.NEW,
            0);
      }
      if (archives.size() > 1) {
        throw new IOException(
            settings.directory() + ": several archives; a recorder needs a directory of its own");
      }
      return follow(archives.getFirst());
    } finally {
      for (Archive each : archives) {
        each.close();
      }
    }
  }

  private Standing follow(Archive archive) throws IOException {
    Predecessor predecessor = Predecessor.of(archive);
    UUID id = archive.id().orElseThrow();
    List<RingReader> rings = new ArrayList<>();
    List<RingFiles> places = RingFiles.left(settings, id);
    @Nullable ObjectTable objects = null;
    for (RingFiles place : places) {
      for (RingMemory memory : place.open(id)) {
        RingReader reader =
            new RingReader(memory, memory.archived(predecessor.number(), predecessor.lastSeq()));
        if (waiting(reader)) {
          rings.add(reader);
        }
      }
      if (objects == null && !rings.isEmpty()) {
        objects = ObjectTable.read(place.objects());
      }
    }
    ArchiveBuilder.Continuation from = predecessor.next();
    long sessionless = sessionlessFrames(archive);
    if (predecessor.isClosed() && rings.isEmpty()) {
      deleteAll(places);
      return new Standing(id, from, sessionless);
    }
    ArchiveBuilder builder =
        ArchiveBuilder.resume(
            settings.directory(),
            identity(id),
            objects == null ? new ObjectTable(null, (_, _) -> {}) : objects,
            nanos(settings.clock().instant()),
            from);
    write(builder, predecessor, rings);
    builder.close();
    deleteAll(places);
    return new Standing(id, builder.continuation(), builder.session(0).frames);
  }

  private static long sessionlessFrames(Archive archive) throws IOException {
    long frames = 0;
    for (var summary : archive.summaries()) {
      frames += summary.totals().allFrames();
      frames -= summary.sessions().stream().mapToLong(each -> each.frames()).sum();
    }
    return frames;
  }

  private static void deleteAll(List<RingFiles> places) throws IOException {
    for (RingFiles place : places) {
      place.delete();
    }
  }

  private static boolean waiting(RingReader reader) {
    try {
      return reader.hasNext();
    } catch (DamageException e) {
      return false;
    }
  }

  ArchiveBuilder.Identity identity(UUID archive) {
    return new ArchiveBuilder.Identity(
        settings.hostKey(),
        archive,
        settings.host(),
        settings.software(),
        settings.random(),
        false);
  }

  static long nanos(Instant instant) {
    return instant.getEpochSecond() * 1_000_000_000L + instant.getNano();
  }

  private void write(ArchiveBuilder builder, Predecessor predecessor, List<RingReader> rings)
      throws IOException {
    predecessor.continueSessions(builder);
    long ts = Math.max(predecessor.summary().totals().tsLast(), first(rings));
    builder.event(
        0,
        ts,
        new RecordedEvent.RecorderEvent(
            RecordedEvent.RecorderStep.RECOVERED,
            settings.software(),
            settings.host(),
            Bytes.EMPTY,
            "",
            Bytes.EMPTY,
            0,
            ArchiveObject.Capture.UNSET));
    if (predecessor.holes() > 0) {
      builder.event(0, ts, new RecordedEvent.Gap(RecordedEvent.GapCause.HOLE, 0, 0, 0, 0, 0));
    }
    builder.repeat(ts);
    for (Optional<RingReader> next = earliest(rings); next.isPresent(); next = earliest(rings)) {
      if (builder.isChunkFull()) {
        builder.sealChunk();
      }
      RingReader ring = next.get();
      try {
        do {
          ring.take(builder, builder.objects());
        } while (ring.isNextAttached());
      } catch (DamageException | IllegalStateException e) {
        rings.remove(ring);
        builder.event(
            0,
            builder.lastTs(),
            new RecordedEvent.Gap(RecordedEvent.GapCause.FAULT, 0, 0, 0, 0, 0));
      }
    }
    long end = Math.max(ts, builder.lastTs());
    for (SessionContext session : builder.liveSessions()) {
      builder.event(
          session.no,
          end,
          RecordedEvent.SessionEnd.builder()
              .trigger(RecordedEvent.Trigger.ERROR)
              .transaction(RecordedEvent.Transaction.UNKNOWN)
              .build());
    }
  }

  private static long first(List<RingReader> rings) {
    return rings.stream().mapToLong(RingReader::ts).min().orElse(0);
  }

  /// The ring whose next entry is the oldest.
  static Optional<RingReader> earliest(List<RingReader> rings) {
    RingReader earliest = null;
    for (RingReader ring : rings) {
      if (waiting(ring) && (earliest == null || ring.ts() < earliest.ts())) {
        earliest = ring;
      }
    }
    return Optional.ofNullable(earliest);
  }
}
