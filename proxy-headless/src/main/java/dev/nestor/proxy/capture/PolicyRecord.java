package dev.nestor.proxy.capture;

import dev.nestor.policy.Policy;
import dev.nestor.recorder.bytes.Bytes;
import dev.nestor.recorder.event.ArchiveObject;
import dev.nestor.recorder.event.RecordedEvent;
import dev.nestor.recorder.recording.Recorder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// A policy in the archive: its file as an attachment, the event that it came into force, and the
/// object that decisions refer to.
///
/// @param object what decisions refer to
/// @param load the event
public record PolicyRecord(ArchiveObject.Policy object, RecordedEvent load) {
  private static final int EVENT_LANE = 3;

  /// Attaches the file's bytes to the archive.
  ///
  /// @throws IOException if the file can no longer be read
  public static PolicyRecord of(Path file, Policy policy, Recorder recorder) throws IOException {
    Bytes sha256 = recorder.attach(EVENT_LANE, Files.readAllBytes(file));
    String version = sha256.toHex().substring(0, 12);
    return new PolicyRecord(
        new ArchiveObject.Policy(sha256, policy.name(), version, policy.state().word()),
        new RecordedEvent.PolicyLoad(
            sha256,
            policy.name(),
            version,
            policy.state().word(),
            0,
            Bytes.EMPTY,
            0,
            List.of((long) policy.rules().size())));
  }
}
