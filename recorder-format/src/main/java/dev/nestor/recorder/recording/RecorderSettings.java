package dev.nestor.recorder.recording;

import dev.nestor.recorder.note.HostKey;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.function.LongSupplier;

/// How a recorder works. Everything that differs between two runs (time, randomness, places) is a
/// parameter.
///
/// @param directory the archive: one file per segment; made if absent
/// @param hostKey certifies the key of each segment
/// @param ringDirectory where rings lie; if it cannot take them, the archive directory does
/// @param ringBytes capacity of each ring, 1 MiB to 1 GiB; every page is written at start
/// @param rings how many, one per event loop
/// @param host name of the machine, for the segment header
/// @param software name and version, for the segment header
/// @param sealAfter longest time that a frame waits for its chunk while others may still join it;
///   250 ms where a viewer follows
/// @param segmentBytes a segment ends when it is larger
/// @param segmentAge a segment ends when it is older
/// @param clock wall time
/// @param nanoTime monotonic time
/// @param random keys and identifiers
public record RecorderSettings(
    Path directory,
    HostKey hostKey,
    Path ringDirectory,
    int ringBytes,
    int rings,
    String host,
    String software,
    Duration sealAfter,
    long segmentBytes,
    Duration segmentAge,
    Clock clock,
    LongSupplier nanoTime,
    SecureRandom random) {
  static final int RING_BYTES_MIN = 1 << 20;
  static final int RING_BYTES_MAX = 1 << 30;

  public RecorderSettings {
    if (ringBytes < RING_BYTES_MIN || ringBytes > RING_BYTES_MAX || ringBytes % 4096 != 0) {
      throw new IllegalArgumentException(
          "ring: " + ringBytes + " bytes (expected: 1 MiB to 1 GiB, a multiple of 4096)");
    }
    if (rings < 1 || rings > 1024) {
      throw new IllegalArgumentException("rings: " + rings + " (expected: 1..1024)");
    }
  }

  /// The usual: one ring of 64 MiB in `/dev/shm`, chunks sealed after 1 s, segments of 1 GiB or 1
  /// h.
  public static RecorderSettings of(Path directory, HostKey hostKey) {
    return new RecorderSettings(
        directory,
        hostKey,
        Path.of("/dev/shm"),
        64 << 20,
        1,
        "",
        "nestor",
        Duration.ofSeconds(1),
        1L << 30,
        Duration.ofHours(1),
        Clock.systemUTC(),
        System::nanoTime,
        new SecureRandom());
  }

  public RecorderSettings withRings(int count) {
    return with(
        ringDirectory, ringBytes, count, host, software, sealAfter, clock, nanoTime, random);
  }

  public RecorderSettings withRingBytes(int bytes) {
    return with(ringDirectory, bytes, rings, host, software, sealAfter, clock, nanoTime, random);
  }

  public RecorderSettings withRingDirectory(Path place) {
    return with(place, ringBytes, rings, host, software, sealAfter, clock, nanoTime, random);
  }

  public RecorderSettings withNames(String hostName, String softwareName) {
    return with(
        ringDirectory,
        ringBytes,
        rings,
        hostName,
        softwareName,
        sealAfter,
        clock,
        nanoTime,
        random);
  }

  public RecorderSettings withSealAfter(Duration time) {
    return with(ringDirectory, ringBytes, rings, host, software, time, clock, nanoTime, random);
  }

  public RecorderSettings withTime(Clock wall, LongSupplier monotonicNanos) {
    return with(
        ringDirectory, ringBytes, rings, host, software, sealAfter, wall, monotonicNanos, random);
  }

  public RecorderSettings withRandom(SecureRandom source) {
    return with(
        ringDirectory, ringBytes, rings, host, software, sealAfter, clock, nanoTime, source);
  }

  public RecorderSettings withSegments(long bytes, Duration age) {
    return new RecorderSettings(
        directory,
        hostKey,
        ringDirectory,
        ringBytes,
        rings,
        host,
        software,
        sealAfter,
        bytes,
        age,
        clock,
        nanoTime,
        random);
  }

  private RecorderSettings with(
      Path newRingDirectory,
      int newRingBytes,
      int newRings,
      String newHost,
      String newSoftware,
      Duration newSealAfter,
      Clock newClock,
      LongSupplier newNanoTime,
      SecureRandom newRandom) {
    return new RecorderSettings(
        directory,
        hostKey,
        newRingDirectory,
        newRingBytes,
        newRings,
        newHost,
        newSoftware,
        newSealAfter,
        segmentBytes,
        segmentAge,
        newClock,
        newNanoTime,
        newRandom);
  }
}
