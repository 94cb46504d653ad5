package dev.nestor.recorder.recording;

/// Why a recorder is dead.
///
/// @param message one sentence for an operator
public record RecorderFailure(String message, Throwable cause) {}
