/// `nestor archive`: verifies and shows recordings. Start at [ArchiveCommand]. Reads only;
/// everything it says comes from `dev.nestor.evidence`.
@NullMarked
package dev.nestor.cli.archive;

import org.jspecify.annotations.NullMarked;
