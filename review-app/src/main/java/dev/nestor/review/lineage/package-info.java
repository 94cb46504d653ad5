/// The place Lineage: who acted for whom, how long, and what was reached. Start at
/// [LineageViewModel] and [LineageView].
///
/// **Threads.** Everything on the JavaFX application thread.
@NullMarked
package dev.nestor.review.lineage;

import org.jspecify.annotations.NullMarked;
