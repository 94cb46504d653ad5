package dev.nestor.recorder.index;

import dev.nestor.recorder.event.RecordedEvent;

/// An event that a summary repeats.
///
/// @param session 0 for none
/// @param frame number of the frame where it stands
public record SummaryEvent(long session, long frame, RecordedEvent event) {}
