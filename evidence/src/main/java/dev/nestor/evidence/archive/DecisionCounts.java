package dev.nestor.evidence.archive;

/// Statements by decision.
public record DecisionCounts(long allowed, long masked, long held, long blocked, long killed) {
  public static final DecisionCounts NONE = new DecisionCounts(0, 0, 0, 0, 0);

  /// Of one kind.
  public long of(DecisionKind kind) {
    return switch (kind) {
      case ALLOW -> allowed;
      case MASK -> masked;
      case HOLD -> held;
      case BLOCK -> blocked;
      case KILL -> killed;
    };
  }

  /// All of them.
  public long total() {
    return allowed + masked + held + blocked + killed;
  }

  /// These and those.
  public DecisionCounts plus(DecisionCounts other) {
    return new DecisionCounts(
        allowed + other.allowed,
        masked + other.masked,
        held + other.held,
        blocked + other.blocked,
        killed + other.killed);
  }

  /// With one more of a kind.
  public DecisionCounts plusOne(DecisionKind kind) {
    return switch (kind) {
      case ALLOW -> new DecisionCounts(allowed + 1, masked, held, blocked, killed);
      case MASK -> new DecisionCounts(allowed, masked + 1, held, blocked, killed);
      case HOLD -> new DecisionCounts(allowed, masked, held + 1, blocked, killed);
      case BLOCK -> new DecisionCounts(allowed, masked, held, blocked + 1, killed);
      case KILL -> new DecisionCounts(allowed, masked, held, blocked, killed + 1);
    };
  }
}
