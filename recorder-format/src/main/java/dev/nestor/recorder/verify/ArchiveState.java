package dev.nestor.recorder.verify;

/// What verification makes of an archive: of several that apply, the first in this order.
public enum ArchiveState {
  NEWER_FORMAT("newerFormat", "Newer format"),
  DAMAGED("damaged", "Damaged"),
  UNSIGNED("unsigned", "Unsigned"),
  UNKNOWN_SIGNER("unknownSigner", "Unknown signer"),
  LOCKED("locked", "Locked"),
  /// It has no end yet, and a recorder is writing it.
  GROWING("growing", "Growing"),
  /// It has no end, or segments are missing; frames behind the last checkpoint are unsigned.
  INCOMPLETE("incomplete", "Incomplete"),
  REDACTED("redacted", "Redacted"),
  VERIFIED("verified", "Verified");

  private final String json;
  private final String title;

  ArchiveState(String json, String title) {
    this.json = json;
    this.title = title;
  }

  /// The word in JSON.
  public String json() {
    return json;
  }

  /// The word on screen.
  public String title() {
    return title;
  }

  /// The one that comes first.
  public ArchiveState or(ArchiveState other) {
    return compareTo(other) <= 0 ? this : other;
  }
}
