/// Proves archives, or says what is wrong with them and where. Needs the file and a public key,
/// nothing else. Start at [Verifier].
///
/// **Threads.** A verification runs on the thread that asks for it.
///
/// **Hostile input.** Damage is a [Finding]; no bytes make a verification fail with an exception.
///
/// Source: FORMAT.md, "Integrity".
@NullMarked
package dev.nestor.recorder.verify;

import org.jspecify.annotations.NullMarked;
