package dev.nestor.evidence.archive;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/// Who might do what with the tables of a database, as the gateway read it at one moment.
///
/// @param frame with the event
/// @param taken when it was read
/// @param superusers roles that may do everything
/// @param memberOf by role, the roles whose privileges it has through membership
/// @param granted privileges on tables by role; `public` is everybody
/// @param whole false where lines of the snapshot could not be read, so that it says less than was
///   granted
public record Entitlements(
    long frame,
    Instant taken,
    String database,
    Set<String> superusers,
    Map<String, Set<String>> memberOf,
    Map<String, Set<TablePrivilege>> granted,
    boolean whole) {
  private static final String EVERYBODY = "public";
  private static final int ROLES_MAX = 10_000;

  /// What may be done with one table.
  ///
  /// @param relation `schema.name`
  /// @param privilege PostgreSQL's word, such as `SELECT`
  public record TablePrivilege(String relation, String privilege)
      implements Comparable<TablePrivilege> {
    @Override
    public int compareTo(TablePrivilege other) {
      int byRelation = relation.compareTo(other.relation);
      return byRelation != 0 ? byRelation : privilege.compareTo(other.privilege);
    }
  }

  public Entitlements {
    superusers = Set.copyOf(superusers);
    memberOf = Map.copyOf(memberOf);
    granted = Map.copyOf(granted);
  }

  /// Whether a role may do everything, itself or through a membership.
  public boolean isSuperuser(String role) {
    return rolesOf(role).stream().anyMatch(superusers::contains);
  }

  /// What a role may do with tables: by grants to itself, to roles that it belongs to, and to
  /// everybody.
  public SortedSet<TablePrivilege> of(String role) {
    SortedSet<TablePrivilege> all = new TreeSet<>(granted.getOrDefault(EVERYBODY, Set.of()));
    rolesOf(role).forEach(each -> all.addAll(granted.getOrDefault(each, Set.of())));
    return all;
  }

  /// The role and all that it belongs to; a circle, which only a forged snapshot has, ends.
  private Set<String> rolesOf(String role) {
    Set<String> all = new HashSet<>();
    Deque<String> next = new ArrayDeque<>();
    next.add(role);
    while (!next.isEmpty() && all.size() < ROLES_MAX) {
      String at = next.remove();
      if (all.add(at)) {
        next.addAll(memberOf.getOrDefault(at, Set.of()));
      }
    }
    return all;
  }
}
