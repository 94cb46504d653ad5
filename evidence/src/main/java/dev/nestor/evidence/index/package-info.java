/// What is known of the statements of an archive without reading it again: columns of numbers, a
/// block for each chunk, kept in SQLite in the user's cache folder and never beside the evidence.
/// Start at [StatementIndex].
///
/// The cache is nobody's evidence: texts, rows and proofs are read from the archive itself, a cache
/// that is lost or damaged is made again, and one that belongs to other bytes is not used.
@NullMarked
package dev.nestor.evidence.index;

import org.jspecify.annotations.NullMarked;
