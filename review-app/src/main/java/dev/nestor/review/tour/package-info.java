/// The tour: pictures of the workstation over real archives, with a list of everything that can be
/// seen in each. Start at [Tour].
@NullMarked
package dev.nestor.review.tour;

import org.jspecify.annotations.NullMarked;
