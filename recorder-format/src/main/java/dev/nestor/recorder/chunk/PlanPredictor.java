package dev.nestor.recorder.chunk;

import java.util.Arrays;

/// Guesses a session's next plan: the one that last followed, in any session, on this session's
/// previous plan.
final class PlanPredictor {
  private final int[] previous;
  private int[] next = new int[64];

  /// @param sessions of the chunk; they are told apart by their index in its table
  PlanPredictor(int sessions) {
    previous = new int[sessions];
  }

  /// 0 for no guess.
  int predict(int session) {
    int plan = previous[session];
    return plan < next.length ? next[plan] : 0;
  }

  /// @param plan at most 65,535
  void train(int session, int plan) {
    int before = previous[session];
    if (before >= next.length) {
      next = Arrays.copyOf(next, Math.max(before + 1, next.length * 2));
    }
    next[before] = plan;
    previous[session] = plan;
  }
}
