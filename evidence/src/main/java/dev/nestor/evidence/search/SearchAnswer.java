package dev.nestor.evidence.search;

import dev.nestor.evidence.archive.DecisionCounts;
import java.util.Map;

/// The answer first, then the hits.
///
/// @param readsAs the query spoken back
/// @param answer how many, what ran, what was stopped
/// @param who through which callers and chains
/// @param completeness what could not be searched, or that nothing is missing
/// @param statements that match
/// @param ran how many of them ran
/// @param rows affected or returned by those that ran
/// @param searched statements that were looked at
/// @param unparsed of those looked at, how many have no facts and contain a word of the query
/// @param hits in the order asked for, at most [#HITS_MAX]
/// @param facets how often each value occurs among the matches, by field
/// @param complete false if it was stopped, or an archive could not be read to its end
public record SearchAnswer(
    String readsAs,
    String answer,
    String who,
    String completeness,
    long statements,
    long ran,
    long rows,
    DecisionCounts decisions,
    long searched,
    long unparsed,
    SearchHits hits,
    Map<Field, Map<String, Long>> facets,
    boolean complete) {
  /// More are counted and not listed.
  public static final int HITS_MAX = 2_000_000;

  public SearchAnswer {
    facets = Map.copyOf(facets);
  }
}
