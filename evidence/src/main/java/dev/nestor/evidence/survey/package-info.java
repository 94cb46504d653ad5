/// Everything that can be said about a set of archives in one reading: credentials, findings,
/// coverage. Start at [Survey].
///
/// **Threads.** A survey is made on one thread and is a value afterwards.
///
/// **Hostile input.** An archive that cannot be read to its end counts as incomplete and says so.
@NullMarked
package dev.nestor.evidence.survey;

import org.jspecify.annotations.NullMarked;
