/// Reads archives: a file or a directory, closed or cut, whole or damaged. Positional reads only;
/// nothing is ever written beside or into an archive. Start at [Archive].
///
/// **Threads.** An [Archive] may be shared; what it returns is immutable.
///
/// **Hostile input.** Whatever the bytes are, opening and reading return what can be read, and say
/// what cannot: damage is a result. An [java.io.IOException] means that the disk would not answer.
///
/// Source: FORMAT.md, "Recovery" and "INDEX, SUMMARY, TRAILER".
@NullMarked
package dev.nestor.recorder.archive;

import org.jspecify.annotations.NullMarked;
