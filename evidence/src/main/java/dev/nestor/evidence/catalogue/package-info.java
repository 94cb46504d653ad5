/// What is remembered of archives from one start of a program to the next: cards, verifications,
/// surveys; in SQLite in the user's cache folder and never beside the evidence. Start at
/// [Catalogue].
///
/// The catalogue is nobody's evidence. An entry counts only while its file is what it was, and one
/// that is lost or damaged is made again.
@NullMarked
package dev.nestor.evidence.catalogue;

import org.jspecify.annotations.NullMarked;
