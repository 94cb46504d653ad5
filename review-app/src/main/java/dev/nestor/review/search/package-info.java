/// The place Search: the answer first, then the statements. Start at [SearchViewModel] and
/// [SearchView].
///
/// **Threads.** State on the JavaFX application thread; archives are read in the background.
@NullMarked
package dev.nestor.review.search;

import org.jspecify.annotations.NullMarked;
