package dev.nestor.evidence.search;

import java.util.List;

/// What became of something typed.
public sealed interface ParsedQuery {
  /// Understood.
  ///
  /// @param readsAs the query spoken back, with values resolved
  /// @param sort field that hits are sorted by
  /// @param descending whether the greatest comes first
  record Ok(Query query, String readsAs, Field sort, boolean descending) implements ParsedQuery {}

  /// Not understood.
  ///
  /// @param position of what is wrong, from 0
  /// @param length of it, at least 1
  /// @param message one sentence
  /// @param fixes whole queries that would be understood, the best first
  record Wrong(int position, int length, String message, List<String> fixes)
      implements ParsedQuery {
    public Wrong {
      fixes = List.copyOf(fixes);
    }
  }
}
