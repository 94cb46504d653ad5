/// Access reviews: a campaign made from archives, the decisions on its items, and the signed record
/// of both. Start at [CampaignFile], then [ReviewDraft] and [SignedReview].
///
/// A review is a draft until one signature. The signature covers the evidence, the decisions and
/// how the reviewer worked: it is a DSSE envelope over an in-toto statement.
///
/// **Threads.** A draft belongs to one thread; everything else is a value.
///
/// **Hostile input.** A campaign or review that was changed is refused with the place; sizes are
/// bounded before anything is read.
@NullMarked
package dev.nestor.evidence.campaign;

import org.jspecify.annotations.NullMarked;
