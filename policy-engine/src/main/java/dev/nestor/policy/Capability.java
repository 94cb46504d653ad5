package dev.nestor.policy;

/// What the place that enforces a decision can do besides allowing, blocking and killing.
public enum Capability {
  /// Replace values in results.
  MASK("masks"),
  /// Let a statement wait for approval.
  HOLD("holds"),
  /// Count rows, bytes and time.
  LIMIT("limits");

  private final String plural;

  Capability(String plural) {
    this.plural = plural;
  }

  /// For sentences: "masks".
  public String plural() {
    return plural;
  }
}
