package dev.nestor.evidence.finding;

/// How much a finding matters, in rising order.
public enum Severity {
  LOW("Low"),
  MEDIUM("Medium"),
  HIGH("High"),
  CRITICAL("Critical");

  private final String word;

  Severity(String word) {
    this.word = word;
  }

  /// On screen.
  public String word() {
    return word;
  }

  /// In JSON.
  public String json() {
    return word.toLowerCase(java.util.Locale.ROOT);
  }
}
