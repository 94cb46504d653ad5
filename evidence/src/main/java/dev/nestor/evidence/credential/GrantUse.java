package dev.nestor.evidence.credential;

import dev.nestor.evidence.archive.Entitlements;
import dev.nestor.evidence.archive.Entitlements.TablePrivilege;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/// What the database let a credential's sessions do, and what statements that ran have used of it.
///
/// @param role that its sessions had on the server; empty where it had several or none is known
/// @param entitlements of the database, the last that were read; absent if none are recorded
/// @param used privileges that statements which ran needed, or may have needed
/// @param unknown statements that ran and of which is not known what they touched
public record GrantUse(
    String role, Optional<Entitlements> entitlements, Set<TablePrivilege> used, long unknown) {
  public GrantUse {
    used = Set.copyOf(used);
  }

  /// What the role may do; nothing where that is not recorded.
  public SortedSet<TablePrivilege> granted() {
    return entitlements.map(each -> each.of(role)).orElseGet(TreeSet::new);
  }

  /// What it may do and did not.
  public SortedSet<TablePrivilege> unused() {
    SortedSet<TablePrivilege> rest = granted();
    rest.removeAll(used);
    return rest;
  }

  /// Whether it can be said which grants were not used.
  public boolean isKnown() {
    return !role.isEmpty() && unknown == 0 && entitlements.filter(Entitlements::whole).isPresent();
  }
}
