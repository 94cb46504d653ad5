/// Whether an archive is genuine and complete, in nine words that are the same everywhere. Start at
/// [IntegrityReport]; an answer comes from `dev.nestor.evidence.archive.EvidenceArchive`.
///
/// **Threads.** Values; may be shared. [VerificationProgress] is called on the verifying thread.
///
/// **Hostile input.** Damage is an answer of this package, never an exception.
@NullMarked
package dev.nestor.evidence.integrity;

import org.jspecify.annotations.NullMarked;
