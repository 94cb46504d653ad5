/// The place Reviews: a campaign's queue, granted beside used, decisions, and the signature. Start
/// at [CampaignViewModel] and [CampaignView].
///
/// **Threads.** State on the JavaFX application thread; files are read and written in the
/// background, but for the draft's line, which is on the disk before the screen says so.
@NullMarked
package dev.nestor.review.campaign;

import org.jspecify.annotations.NullMarked;
