/// The archives that are open, with the state of each. Start at [LibraryViewModel].
///
/// **Threads.** Every property is read and written on the JavaFX application thread; opening and
/// verifying run on the executor that the view model was given.
@NullMarked
package dev.nestor.review.library;

import org.jspecify.annotations.NullMarked;
