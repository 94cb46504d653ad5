package dev.nestor.recorder.chunk;

import java.util.HashMap;
import java.util.Map;

/// Guesses a session's next plan: the one that last followed, in any session, on this session's
/// previous plan.
final class PlanPredictor {
  private final Map<Integer, Integer> next = new HashMap<>();
  private final Map<Long, Integer> previous = new HashMap<>();

  /// 0 for no guess.
  int predict(long session) {
    return next.getOrDefault(previous.getOrDefault(session, 0), 0);
  }

  void train(long session, int plan) {
    next.put(previous.getOrDefault(session, 0), plan);
    previous.put(session, plan);
  }
}
