package dev.nestor.proxy.capture;

import dev.nestor.recorder.recording.Recorder;
import java.util.concurrent.ConcurrentHashMap;

/// Numbers of persons, services and agents: the same for the same subject of the same issuer, for
/// the life of the gateway. Thread-safe.
public final class Principals {
  private record Subject(String issuer, String subject) {}

  private final Recorder recorder;
  private final ConcurrentHashMap<Subject, Long> numbers = new ConcurrentHashMap<>();

  /// Numbers come from the recorder.
  public Principals(Recorder recorder) {
    this.recorder = recorder;
  }

  /// The number of a subject.
  public long number(String issuer, String subject) {
    return numbers.computeIfAbsent(new Subject(issuer, subject), _ -> recorder.nextPrincipal());
  }
}
