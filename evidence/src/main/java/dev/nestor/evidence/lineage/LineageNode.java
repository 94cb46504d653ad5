package dev.nestor.evidence.lineage;

import dev.nestor.evidence.archive.DecisionCounts;
import dev.nestor.evidence.archive.Party;
import dev.nestor.evidence.credential.CredentialUse;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// A place in the tree: a subject, a credential, several credentials that are alike, or a client
/// that nobody issued anything to.
///
/// @param key the same in every tree over the same evidence
/// @param name of who it is
/// @param detail the credential's label, or what else tells it apart
/// @param edge how its place under its parent is known
/// @param depth below the subject
/// @param uses its credentials: none for a subject, several where alike ones are folded
/// @param note what one must know of it, such as that it outlives its parent; empty
public record LineageNode(
    String key,
    String name,
    Party.Kind kind,
    String detail,
    Edge edge,
    int depth,
    List<CredentialUse> uses,
    List<LineageNode> children,
    String note) {
  /// How a place is known.
  public enum Edge {
    LOGIN("Login"),
    VERIFIED("Verified"),
    DECLARED("Declared"),
    INFERRED("Inferred");

    private final String word;

    Edge(String word) {
      this.word = word;
    }

    /// On screen.
    public String word() {
      return word;
    }
  }

  public LineageNode {
    uses = List.copyOf(uses);
    children = List.copyOf(children);
  }

  /// Statements of this place alone.
  public long statements() {
    return uses.stream().mapToLong(CredentialUse::statements).sum();
  }

  /// Decisions on them.
  public DecisionCounts decisions() {
    return uses.stream()
        .map(CredentialUse::decisions)
        .reduce(DecisionCounts.NONE, DecisionCounts::plus);
  }

  /// From when it was good.
  public Optional<Instant> from() {
    return uses.stream()
        .flatMap(each -> each.credential().issued().or(each::firstUse).stream())
        .min(java.util.Comparator.naturalOrder());
  }

  /// Until when; empty if nothing ends it.
  public Optional<Instant> to() {
    if (uses.stream().anyMatch(each -> each.credential().ended().isEmpty())) {
      return Optional.empty();
    }
    return uses.stream()
        .flatMap(each -> each.credential().ended().stream())
        .max(java.util.Comparator.naturalOrder());
  }

  /// This place and everything below it, parents first.
  public List<LineageNode> all() {
    List<LineageNode> all = new java.util.ArrayList<>();
    collect(all);
    return all;
  }

  private void collect(List<LineageNode> into) {
    into.add(this);
    children.forEach(each -> each.collect(into));
  }
}
