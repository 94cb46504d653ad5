/// Questions about statements, in one language: `verb:delete table:customers time:02:00..03:00`.
/// Start at [QueryParser], then [Search].
///
/// **Threads.** Queries are values; a search runs on the thread that calls it.
///
/// **Hostile input.** A query is typed by the user; texts that it meets are recorded ones and are
/// only compared. Regular expressions are not offered, so none can run away.
@NullMarked
package dev.nestor.evidence.search;

import org.jspecify.annotations.NullMarked;
