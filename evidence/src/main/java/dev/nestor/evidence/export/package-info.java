/// What leaves the archive as text: results as people paste them elsewhere. Start at [ResultText].
///
/// **Threads.** Stateless; may be shared.
///
/// **Hostile input.** Recorded values are hostile to whatever opens them next. A CSV cell that a
/// spreadsheet would take for a formula gets an apostrophe before it, a Markdown cell cannot end
/// its table, an SQL literal cannot end its quotes; JSON keeps every value exactly.
@NullMarked
package dev.nestor.evidence.export;

import org.jspecify.annotations.NullMarked;
