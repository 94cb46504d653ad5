/// What is wrong with an archive, what that means, what can be done: one text for each state. Start
/// at [IntegrityAdvice].
@NullMarked
package dev.nestor.review.integrity;

import org.jspecify.annotations.NullMarked;
