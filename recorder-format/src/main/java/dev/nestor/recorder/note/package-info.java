/// Keys and signed notes: who signed which root. Ed25519 and SHA-256 from the JDK, text formats by
/// C2SP. Start at [HostKey] to write and [VerifierKey] to check.
///
/// **Threads.** Values.
///
/// **Hostile input.** A note or key that does not parse is a [java.util.Optional] without a value;
/// a signature of an unknown key is skipped, one of a known key that does not hold is reported.
///
/// Source: [signed-note](https://github.com/C2SP/C2SP/blob/main/signed-note.md),
/// [tlog-checkpoint](https://github.com/C2SP/C2SP/blob/main/tlog-checkpoint.md).
@NullMarked
package dev.nestor.recorder.note;

import org.jspecify.annotations.NullMarked;
