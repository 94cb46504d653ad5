package dev.nestor.proxy.capture;

import dev.nestor.proxy.credential.HeldCredential;
import dev.nestor.recorder.recording.Recorder;
import java.util.concurrent.ConcurrentHashMap;

/// Numbers of persons, services and agents: the same for the same subject of the same issuer, for
/// the life of the gateway; and of credentials, until they expire. Thread-safe.
public final class Principals {
  private record Subject(String issuer, String subject) {}

  private final Recorder recorder;
  private final ConcurrentHashMap<Subject, Long> numbers = new ConcurrentHashMap<>();
  private final ConcurrentHashMap<HeldCredential, Long> credentials = new ConcurrentHashMap<>();

  /// Numbers come from the recorder.
  public Principals(Recorder recorder) {
    this.recorder = recorder;
  }

  /// The number of a subject.
  public long number(String issuer, String subject) {
    return numbers.computeIfAbsent(new Subject(issuer, subject), _ -> recorder.nextPrincipal());
  }

  /// The number of a credential.
  public long number(HeldCredential credential) {
    return credentials.computeIfAbsent(credential, _ -> recorder.nextCredential());
  }

  /// The number of who holds a credential.
  public long holder(HeldCredential credential) {
    return number(credential.token().issuer(), credential.token().subject());
  }

  /// Whether a credential has a number: whether the archive knows it.
  public boolean knows(HeldCredential credential) {
    return credentials.containsKey(credential);
  }

  /// Forgets a credential that can never be used again.
  public void forget(HeldCredential credential) {
    credentials.remove(credential);
  }
}
