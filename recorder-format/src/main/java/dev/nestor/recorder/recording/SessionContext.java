package dev.nestor.recorder.recording;

import dev.nestor.recorder.event.DecisionCode;
import dev.nestor.recorder.event.RecordedEvent;
import dev.nestor.recorder.event.SessionState;
import dev.nestor.recorder.event.TransactionStatus;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What outlives a chunk about one session.
final class SessionContext {
  private static final int ANCHORS_KEPT = 4096;

  /// A statement without an end.
  record OpenStatement(long anchorSequence, long resultBytesAtAnchor, DecisionCode planned) {}

  final long no;
  long frames;
  long statements;
  long resultBytes;
  long fullStateChunk = -1;
  boolean ended;

  /// The session in the chunk that is open, or in one before.
  OpenChunk.@Nullable Local local;

  RecordedEvent.@Nullable Session head;
  final List<RecordedEvent.State> states = new ArrayList<>();
  final Map<Long, OpenStatement> open = new LinkedHashMap<>();
  @Nullable TransactionStatus transaction;

  /// Messages of earlier chunks that may still be decided, the last of them, in a circle: their
  /// sequences, and the session's RES bytes when they came.
  private long[] anchorSequences = new long[16];

  private long[] anchorBytes = new long[16];
  private long anchors;

  SessionContext(long no) {
    this.no = no;
  }

  void rememberAnchor(long sequence, long bytes) {
    int at = (int) (anchors++ % ANCHORS_KEPT);
    if (at == anchorSequences.length) {
      anchorSequences = Arrays.copyOf(anchorSequences, at * 2);
      anchorBytes = Arrays.copyOf(anchorBytes, at * 2);
    }
    anchorSequences[at] = sequence;
    anchorBytes[at] = bytes;
  }

  /// All that the session has, as the next segment repeats it. Of the transaction the last
  /// statement says more than the last STATE does.
  RecordedEvent.State state() {
    RecordedEvent.State.Builder merged = SessionState.merged(states).toBuilder().ofSession(no);
    TransactionStatus last = transaction;
    return last == null
        ? merged.build()
        : merged
            .transactionStatus(
                switch (last) {
                  case IDLE -> "I";
                  case IN_TRANSACTION -> "T";
                  case FAILED -> "E";
                })
            .build();
  }

  /// The session's RES bytes when a message of an earlier chunk came; those of now if it is too
  /// long ago.
  long resultBytesAt(long sequence) {
    for (long each = anchors - 1; each >= Math.max(0, anchors - ANCHORS_KEPT); each--) {
      int at = (int) (each % ANCHORS_KEPT);
      if (anchorSequences[at] == sequence) {
        return anchorBytes[at];
      }
    }
    return resultBytes;
  }
}
