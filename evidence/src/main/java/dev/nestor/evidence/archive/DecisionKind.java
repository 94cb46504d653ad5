package dev.nestor.evidence.archive;

/// The five decisions. A statement counts once, under the strongest.
public enum DecisionKind {
  ALLOW("Allowed", "allow"),
  MASK("Masked", "mask"),
  HOLD("Held", "hold"),
  BLOCK("Blocked", "block"),
  KILL("Killed", "kill");

  private final String word;
  private final String json;

  DecisionKind(String word, String json) {
    this.word = word;
    this.json = json;
  }

  /// The word on screen.
  public String word() {
    return word;
  }

  /// The word in JSON.
  public String json() {
    return json;
  }

  /// Anything that was not simply allowed.
  public boolean isException() {
    return this != ALLOW;
  }
}
