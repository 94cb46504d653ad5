package dev.nestor.recorder.verify;

import java.nio.file.Path;

/// Something that is wrong.
///
/// @param what one sentence
/// @param file where
/// @param offset in the file, bytes
/// @param frame number of the first frame that it concerns, 0 if of none
public record Finding(String what, Path file, long offset, long frame) {}
