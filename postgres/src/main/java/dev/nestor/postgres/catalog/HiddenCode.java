package dev.nestor.postgres.catalog;

import java.util.List;

/// Functions that a statement runs without naming them, because a relation brings them in:
/// triggers, defaults, generated columns, checks, domains, index expressions, row policies.
///
/// @param onRead names with schema of those that row policies call
/// @param onWrite names with schema of those that writing its rows runs
public record HiddenCode(List<String> onRead, List<String> onWrite) {
  /// None.
  public static final HiddenCode NONE = new HiddenCode(List.of(), List.of());

  /// Copies the lists.
  public HiddenCode {
    onRead = List.copyOf(onRead);
    onWrite = List.copyOf(onWrite);
  }
}
