/// What a segment says of itself: its header, the index of its chunks, its summary and its trailer.
/// Start at [SegmentHeader].
///
/// **Threads.** Values; a [SummaryBuilder] belongs to one thread.
///
/// **Hostile input.** Nothing here is believed: a verifier compares it with the chunks. What breaks
/// a rule is a [dev.nestor.recorder.bytes.DamageException].
///
/// Source: FORMAT.md, "Segment header", "INDEX, SUMMARY, TRAILER".
@NullMarked
package dev.nestor.recorder.index;

import org.jspecify.annotations.NullMarked;
