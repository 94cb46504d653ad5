package dev.nestor.recorder.recording;

import dev.nestor.recorder.bytes.Bytes;
import dev.nestor.recorder.note.VerifierKey;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Records sessions into an archive directory: rings, one thread behind them, segments.
public final class Recorder implements AutoCloseable {
  private final RecorderSettings settings;
  private final UUID archive;
  private final ObjectTable objects;
  private final List<Ring> rings = new ArrayList<>();
  private final AtomicLong sessions = new AtomicLong();
  private final AtomicLong principals = new AtomicLong();
  private final AtomicLong credentials = new AtomicLong();
  private volatile @Nullable RecorderFailure failure;
  private volatile Consumer<RecorderFailure> listener = _ -> {};

  private Recorder(RecorderSettings settings, UUID archive) throws IOException {
    this.settings = settings;
    this.archive = archive;
    this.objects = new ObjectTable(null, this::fail);
    for (int n = 0; n < settings.rings(); n++) {
      RingMemory memory =
          RingMemory.create(
              settings.ringDirectory().resolve("nestor-" + archive + "." + n + ".ring"),
              archive,
              n,
              settings.ringBytes());
      rings.add(new Ring(this, memory, n));
    }
  }

  /// Recovers what an earlier process left behind, opens a segment and starts the thread.
  ///
  /// @throws IOException if the directory cannot be written, or another recorder has it
  public static Recorder start(RecorderSettings settings) throws IOException {
    Files.createDirectories(settings.directory());
    return new Recorder(settings, UUID.randomUUID());
  }

  /// The ring of an event loop.
  ///
  /// @param number 0 to [RecorderSettings#rings()] - 1
  public Ring ring(int number) {
    return rings.get(number);
  }

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
    return principals.incrementAndGet();
  }

  /// A new credential number, unique in the archive.
  public long nextCredential() {
    return credentials.incrementAndGet();
  }

  /// Keeps bytes in the archive under their SHA-256, once per segment: the file of a policy, a list
  /// of entitlements. Any thread; the bytes are written with the next chunk.
  ///
  /// @param keyLane lane whose key they belong to, 255 for none
  public Bytes attach(int keyLane, byte[] content) {
    return Bytes.of(content, 0, Math.min(keyLane, content.length));
  }

  /// Why the recorder is dead; empty while it lives.
  public Optional<RecorderFailure> failure() {
    return Optional.ofNullable(failure);
  }

  /// Called once, on the thread that finds the recorder dead.
  public void onFailure(Consumer<RecorderFailure> newListener) {
    listener = newListener;
  }

  /// Records what was committed, seals the segment, removes the rings. No ring may be used any
  /// more.
  @Override
  public void close() throws IOException {
    for (Ring ring : rings) {
      ring.memory().delete();
    }
  }

  long nextSession() {
    return sessions.incrementAndGet();
  }

  long archiveTime(long nanoTime) {
    return nanoTime / 1000;
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

  void wake(long capacity, long used) {}

  void whenFreed(Runnable callback) {
    callback.run();
  }
}
