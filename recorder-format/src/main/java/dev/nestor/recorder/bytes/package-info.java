/// Bytes as every part of the archive reads and writes them: little-endian numbers, LEB128 varints,
/// zigzag. Depends on the JDK alone. Start at [ByteSource] to read and [ByteSink] to write.
///
/// **Threads.** [Bytes] is immutable; sinks and sources belong to one thread.
///
/// **Hostile input.** A [ByteSource] checks every length against what is left and every varint for
/// being minimal; what does not fit is a [DamageException], which no reader lets out of this
/// module: there it becomes a finding.
@NullMarked
package dev.nestor.recorder.bytes;

import org.jspecify.annotations.NullMarked;
