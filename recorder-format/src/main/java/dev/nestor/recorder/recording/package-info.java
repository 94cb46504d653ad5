/// Writes archives: event loops append to rings, one thread turns rings into segments. Implements
/// FORMAT.md and repeats none of it. Start at [Recorder].
///
/// **Threads.** A [Ring] and its [SessionHandle]s belong to one thread (an event loop);
/// [ObjectTable] and [Recorder] may be shared.
///
/// **Failure.** An error of disk or memory makes the recorder dead, once and for good:
/// [Recorder#failure()] says why, [Ring#commit()] answers false, and nothing more may be forwarded.
@NullMarked
package dev.nestor.recorder.recording;

import org.jspecify.annotations.NullMarked;
