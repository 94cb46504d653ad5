/// Replay: one session, statement by statement and frame by frame. Start at [ReplayViewModel];
/// [ReplayView] shows it.
///
/// **Threads.** Every property is read and written on the JavaFX application thread. What reads the
/// archive runs on the executor that the view model was given; the answer to a question that is no
/// longer asked is dropped.
@NullMarked
package dev.nestor.review.replay;

import org.jspecify.annotations.NullMarked;
