/// What evidence itself makes of what was recorded. Start at [SecondOpinion].
///
/// **Threads.** Stateless; may be shared.
///
/// **Hostile input.** Recorded texts are hostile: they are bounded before a parser sees them, and a
/// parser that gives up is a finding, never an exception.
@NullMarked
package dev.nestor.evidence.finding;

import org.jspecify.annotations.NullMarked;
