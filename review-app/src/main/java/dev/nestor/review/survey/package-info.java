/// What the open archives say together, shared by the places that show it. Start at
/// [SurveyViewModel].
///
/// **Threads.** State is read and written on the JavaFX application thread; archives are read in
/// the background.
@NullMarked
package dev.nestor.review.survey;

import org.jspecify.annotations.NullMarked;
