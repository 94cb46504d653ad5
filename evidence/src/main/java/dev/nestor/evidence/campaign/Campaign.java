package dev.nestor.evidence.campaign;

import dev.nestor.evidence.credential.HygieneRules;
import java.time.Instant;
import java.util.List;

/// What is to be reviewed: items made from archives, and what the archives were.
///
/// @param title of it
/// @param prepared when
/// @param archives that it was made from
/// @param coveredFrom first recorded moment
/// @param coveredTo last recorded moment
/// @param gapsSeconds not recorded between them
/// @param items the riskiest first
/// @param populationSha256 over all items, hex: which population was decided about
public record Campaign(
    String title,
    Instant prepared,
    List<Source> archives,
    Instant coveredFrom,
    Instant coveredTo,
    long gapsSeconds,
    List<ReviewItem> items,
    String populationSha256) {
  /// Rules that recommendations were made by.
  public static final String ADVICE = "review-advice v1, " + HygieneRules.VERSION;

  public Campaign {
    archives = List.copyOf(archives);
    items = List.copyOf(items);
  }

  /// An archive.
  ///
  /// @param sha256 of the file, hex
  /// @param state in words of JSON
  /// @param roots of its segments, in order
  public record Source(
      String name, String id, String sha256, String state, long frames, List<Root> roots) {
    public Source {
      roots = List.copyOf(roots);
    }
  }

  /// What the recorder signed last over a segment.
  ///
  /// @param segment its number, from 1
  /// @param entries of its tree
  /// @param root of the tree, base64 as in the checkpoint
  public record Root(long segment, long entries, String root) {}
}
