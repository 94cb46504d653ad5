package dev.nestor.evidence.archive;

import dev.nestor.recorder.event.DecisionCode;

/// Decision codes of archives as the five kinds and in words.
final class Decisions {
  private Decisions() {}

  static DecisionKind kind(DecisionCode code) {
    return switch (code.counted()) {
      case MASK -> DecisionKind.MASK;
      case HOLD -> DecisionKind.HOLD;
      case BLOCK -> DecisionKind.BLOCK;
      case KILL -> DecisionKind.KILL;
      default -> DecisionKind.ALLOW;
    };
  }

  /// How it came to that, where the kind alone does not say it.
  static String how(DecisionCode code) {
    return switch (code) {
      case AS_PLANNED, ALLOW, MASK, BLOCK, KILL -> "";
      case HOLD -> "held";
      case HELD_GRANTED -> "held, approved";
      case HELD_GRANTED_MASKED -> "held, approved, masked";
      case HELD_REFUSED -> "held, refused";
      case HELD_TIMED_OUT -> "held, timed out";
      case HELD_CANCELLED -> "held, cancelled";
      case KILLED -> "killed";
      case CUT -> "cut after it had begun";
    };
  }
}
