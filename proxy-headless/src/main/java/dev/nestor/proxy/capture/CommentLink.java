package dev.nestor.proxy.capture;

import dev.nestor.recorder.event.RecordedEvent;

/// Lets a vote name the frame with the comment that was recorded directly before it. Not
/// thread-safe: belongs to the session's event loop.
final class CommentLink {
  private long comment;

  /// The event as it is to be recorded.
  RecordedEvent linked(RecordedEvent event) {
    if (comment == 0 || !(event instanceof RecordedEvent.ApprovalVote vote)) {
      return event;
    }
    return new RecordedEvent.ApprovalVote(
        vote.statement(),
        vote.digest(),
        vote.principal(),
        vote.vote(),
        vote.channel(),
        vote.clientFrame(),
        comment,
        vote.ticket());
  }

  /// An event was recorded.
  ///
  /// @param sequence of its frame in the session
  void recorded(RecordedEvent event, long sequence) {
    comment = event instanceof RecordedEvent.Comment ? sequence : 0;
  }
}
