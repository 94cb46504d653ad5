package dev.nestor.recorder.chunk;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Positions of a chunk's sessions in its table, by their numbers.
final class LocalSessions {
  /// Numbers of sessions that live at the same time lie near each other.
  private static final int SPAN_MAX = 1 << 16;

  private final long first;
  private final int[] near;
  private final Map<Long, Integer> far = new HashMap<>();

  LocalSessions(List<ChunkSession> sessions) {
    long least = Long.MAX_VALUE;
    long most = 0;
    for (ChunkSession session : sessions) {
      if (session.no() != 0) {
        least = Math.min(least, session.no());
        most = Math.max(most, session.no());
      }
    }
    first = least;
    near = new int[(int) Math.max(0, Math.min(most - least + 1, SPAN_MAX))];
    Arrays.fill(near, -1);
    for (int i = 0; i < sessions.size(); i++) {
      long at = sessions.get(i).no() - first;
      if (at >= 0 && at < near.length) {
        near[(int) at] = i;
      } else {
        far.put(sessions.get(i).no(), i);
      }
    }
  }

  /// @throws IllegalStateException if the chunk has no such session
  int indexOf(long session) {
    long at = session - first;
    int index = at >= 0 && at < near.length ? near[(int) at] : far.getOrDefault(session, -1);
    if (index < 0) {
      throw new IllegalStateException("session " + session + " is not in the chunk's table");
    }
    return index;
  }
}
