package dev.nestor.policy;

/// A rule that took part in a decision.
///
/// @param id as the file gives it; `default` for what no rule says
/// @param line of the file, from 1
public record RuleRef(String id, int line) {
  @Override
  public String toString() {
    return id;
  }
}
