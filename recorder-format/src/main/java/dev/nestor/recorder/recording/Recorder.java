package dev.nestor.recorder.recording;

import dev.nestor.recorder.archive.RecorderLock;
import dev.nestor.recorder.bytes.Bytes;
import dev.nestor.recorder.chunk.Sha256;
import dev.nestor.recorder.note.VerifierKey;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Records sessions into an archive directory: rings, one thread behind them, segments.
///
/// **Threads.** Any, apart from the rings, which belong to an event loop each.
public final class Recorder implements AutoCloseable {
  private final RecorderSettings settings;
  private final RecorderLock lock;
  private final UUID archive;
  private final ObjectTable objects;
  private final RingFiles.Made made;
  private final List<Ring> rings = new ArrayList<>();
  private final AtomicLong sessions;
  private final AtomicLong principals;
  private final AtomicLong credentials;
  private final ConcurrentLinkedQueue<Attached> attachments = new ConcurrentLinkedQueue<>();
  private final ConcurrentLinkedQueue<Runnable> whenFreed = new ConcurrentLinkedQueue<>();
  private final long nanoBase;
  private final long microsBase;
  private final RecorderThread work;
  private final Thread thread;
  private volatile @Nullable RecorderFailure failure;
  private volatile long ringPeak;
  private volatile Consumer<RecorderFailure> listener = _ -> {};
  private volatile boolean closing;

  /// Bytes that wait for the recorder's thread.
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Attached(int keyLane, byte[] content) {}

  private Recorder(
      RecorderSettings settings,
      RecorderLock lock,
      ArchiveRecovery.Standing standing,
      RingFiles.Made made)
      throws IOException {
    this.settings = settings;
    this.lock = lock;
    this.archive = standing.archive();
    this.made = made;
    this.objects = new ObjectTable(made.objects(), this::fail);
    this.sessions = new AtomicLong(standing.from().next().session());
    this.principals = new AtomicLong(standing.from().next().principal());
    this.credentials = new AtomicLong(standing.from().next().credential());
    this.nanoBase = settings.nanoTime().getAsLong();
    this.microsBase = ArchiveRecovery.nanos(settings.clock().instant()) / 1000;
    List<RingReader> readers = new ArrayList<>();
    for (int n = 0; n < made.rings().size(); n++) {
      rings.add(new Ring(this, made.rings().get(n), n));
      readers.add(new RingReader(made.rings().get(n), 0));
    }
    ArchiveBuilder builder =
        ArchiveBuilder.resume(
            settings.directory(),
            new ArchiveBuilder.Identity(
                settings.hostKey(),
                archive,
                settings.host(),
                settings.software(),
                settings.random(),
                true),
            objects,
            ArchiveRecovery.nanos(settings.clock().instant()),
            standing.from());
    builder.continueSessionless(standing.sessionlessFrames());
    this.work = new RecorderThread(this, builder, readers);
    this.thread = Thread.ofPlatform().name("recorder").daemon(true).unstarted(work);
  }

  /// Recovers what an earlier process left behind, opens a segment and starts the thread.
  ///
  /// @throws IOException if the directory cannot be written, holds another archive or a damaged
  ///   one, or another recorder has it; or if neither the ring directory nor the archive's takes
  ///   the rings
  public static Recorder start(RecorderSettings settings) throws IOException {
    Files.createDirectories(settings.directory());
    RecorderLock lock =
        RecorderLock.take(settings.directory())
            .orElseThrow(
                () -> new IOException(settings.directory() + ": another recorder is writing here"));
    try {
      ArchiveRecovery.Standing standing = ArchiveRecovery.standing(settings);
      RingFiles.Made made = RingFiles.make(settings, standing.archive());
      Recorder recorder = new Recorder(settings, lock, standing, made);
      recorder.thread.start();
      return recorder;
    } catch (IOException | RuntimeException e) {
      lock.close();
      throw e;
    }
  }

  /// The ring of an event loop.
  ///
  /// @param number 0 to [RecorderSettings#rings()] - 1
  public Ring ring(int number) {
    return rings.get(number);
  }

  /// Numbers of objects for [RowStart], [RowEnd] and [Ring#mention].
  public ObjectTable objects() {
    return objects;
  }

  /// The archive's identity, the same in all its segments.
  public UUID archive() {
    return archive;
  }

  /// The public key that the archive verifies with.
  public VerifierKey verifierKey() {
    return settings.hostKey().verifierKey();
  }

  /// A new principal number, unique in the archive.
  public long nextPrincipal() {
    return principals.getAndIncrement();
  }

  /// A new credential number, unique in the archive.
  public long nextCredential() {
    return credentials.getAndIncrement();
  }

  /// Keeps bytes in the archive under their SHA-256, once per segment: the file of a policy, a list
  /// of entitlements. They are written before the next chunk.
  ///
  /// @param keyLane lane whose key they belong to, 255 for none
  public Bytes attach(int keyLane, byte[] content) {
    attachments.add(new Attached(keyLane, content.clone()));
    return Bytes.of(Sha256.of(content));
  }

  /// Key of the HMAC that stands for rows that are left out: whoever holds the recorder's own key
  /// can check later which they were. 32 bytes.
  public byte[] elidedRowsKey() {
    return settings.hostKey().secretFor("nestor elided rows/" + archive());
  }

  /// Why the recorder is dead; empty while it lives.
  public Optional<RecorderFailure> failure() {
    return Optional.ofNullable(failure);
  }

  /// Called once, on the thread that finds the recorder dead; at once if it is dead already.
  public void onFailure(Consumer<RecorderFailure> newListener) {
    listener = newListener;
    RecorderFailure dead = failure;
    if (dead != null) {
      newListener.accept(dead);
    }
  }

  /// Records what was committed, seals the segment, removes the rings. No ring may be used any
  /// more. A dead recorder leaves its rings for the next start.
  @Override
  public void close() throws IOException {
    closing = true;
    LockSupport.unpark(thread);
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while sealing", e);
    }
    made.objects().close();
    if (failure == null) {
      made.files().delete();
    }
    lock.close();
  }

  /// Stops as a crash would: nothing is sealed, the rings stay.
  void abandon() throws IOException, InterruptedException {
    work.abandon();
    LockSupport.unpark(thread);
    thread.join();
    made.objects().close();
    lock.close();
  }

  RecorderSettings settings() {
    return settings;
  }

  boolean isClosing() {
    return closing;
  }

  long nextSession() {
    return sessions.getAndIncrement();
  }

  /// Number that the next session will get.
  long sessionsGivenOut() {
    return sessions.get();
  }

  /// Microseconds since 1970 by the archive clock.
  long archiveTime(long nanoTime) {
    return microsBase + TimeUnit.NANOSECONDS.toMicros(nanoTime - nanoBase);
  }

  void fail(String message, Throwable cause) {
    RecorderFailure dead = new RecorderFailure(message, cause);
    synchronized (this) {
      if (failure != null) {
        return;
      }
      failure = dead;
    }
    listener.accept(dead);
  }

  /// Most bytes that a ring has held so far: what was committed and is not yet on the disk, as the
  /// recorder's thread found it. Any thread.
  public long ringPeakBytes() {
    return ringPeak;
  }

  /// Called by the recorder's thread alone.
  void ringHeld(long bytes) {
    if (bytes > ringPeak) {
      ringPeak = bytes;
    }
  }

  /// Wakes the thread early.
  void wake() {
    LockSupport.unpark(thread);
  }

  void whenFreed(Runnable callback) {
    whenFreed.add(callback);
    LockSupport.unpark(thread);
  }

  @Nullable Runnable nextWhenFreed() {
    return whenFreed.poll();
  }

  boolean isRoomWanted() {
    return !whenFreed.isEmpty();
  }

  @Nullable Attached nextAttached() {
    return attachments.poll();
  }
}
