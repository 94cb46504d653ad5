/// The vocabulary that writer and readers of an archive share: what can happen ([RecordedEvent]),
/// what statements have in common ([ArchiveObject]), and their encoding. Start at [RecordedEvent].
///
/// Every record's components are the fields of its body, numbered from 1 in the order in which they
/// stand; an absent field is 0, the empty text, the empty list, `UNSET` or `null`. Adding a
/// component at the end is a compatible change, anything else is not.
///
/// **Threads.** Values; lists are copied on the way in.
///
/// **Hostile input.** [BodyCodec] checks every length and number; damage is a
/// [dev.nestor.recorder.bytes.DamageException].
///
/// Source: FORMAT.md, "Objects" and "Events".
@NullMarked
package dev.nestor.recorder.event;

import org.jspecify.annotations.NullMarked;
