/// Who acted for whom: subjects, the credentials that they and their agents hold, and what each
/// reached. Start at [LineageTree].
///
/// Three kinds of parentage never mix: *verified* (the gateway issued the child), *declared* (only
/// a token says so), *inferred* (a second client on one credential).
///
/// **Threads.** Values.
///
/// **Hostile input.** A chain that leads back to itself is cut; depth is bounded.
@NullMarked
package dev.nestor.evidence.lineage;

import org.jspecify.annotations.NullMarked;
