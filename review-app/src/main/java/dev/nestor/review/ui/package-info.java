/// What screens are made of: theme, fonts, icons, the one clock, chips and badges, and the list of
/// rows ([FrameList]). Knows no feature. Start at [Theme] and [FrameList].
///
/// **Threads.** Nodes belong to the JavaFX application thread; [TimeText] and [Words] are values.
///
/// **Colours** stand in `tokens.css` alone; everything else looks them up.
@NullMarked
package dev.nestor.review.ui;

import org.jspecify.annotations.NullMarked;
