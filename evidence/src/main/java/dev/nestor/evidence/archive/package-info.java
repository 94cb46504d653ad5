/// Archives as people ask about them: sessions, statements in order, what was asked, decided, done
/// and seen. Start at [EvidenceArchive].
///
/// Opening reads the summary; rows and details are read when they are asked for and are not kept.
///
/// **Threads.** An [EvidenceArchive] may be used by several threads; every call may block on the
/// disk, so none belongs on a screen's thread. Records may be shared.
///
/// **Hostile input.** A file that cannot be read as an archive is an [EvidenceArchive] with a state
/// that says so and no sessions. An [java.io.IOException] means that the machine failed, not the
/// archive.
@NullMarked
package dev.nestor.evidence.archive;

import org.jspecify.annotations.NullMarked;
