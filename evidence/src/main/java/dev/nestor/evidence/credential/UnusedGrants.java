package dev.nestor.evidence.credential;

import dev.nestor.evidence.archive.Entitlements;
import dev.nestor.evidence.archive.Entitlements.TablePrivilege;
import dev.nestor.evidence.finding.Finding;
import dev.nestor.evidence.finding.Severity;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// Compares what a credential's role may do in the database with what its statements needed, and
/// names each grant that none of them used.
final class UnusedGrants {
  private static final int TABLES_NAMED = 12;

  private UnusedGrants() {}

  /// @param use a credential whose grants are known
  static Optional<Finding> of(CredentialUse use) {
    GrantUse grants = use.grants();
    Entitlements entitlements = grants.entitlements().orElseThrow();
    boolean everything = entitlements.isSuperuser(grants.role());
    SortedSet<TablePrivilege> granted = grants.granted();
    SortedSet<TablePrivilege> unused = grants.unused();
    if (unused.isEmpty() && !everything) {
      return Optional.empty();
    }
    List<String> why = new ArrayList<>();
    why.add(
        "Granted to its role %s as read at %s: %,d privileges on tables."
            .formatted(grants.role(), StaleCredentials.time(entitlements.taken()), granted.size()));
    if (everything) {
      why.add("The role is a superuser: grants do not limit it.");
    }
    Map<String, String> byTable =
        unused.stream()
            .collect(
                Collectors.groupingBy(
                    TablePrivilege::relation,
                    TreeMap::new,
                    Collectors.mapping(TablePrivilege::privilege, Collectors.joining(", "))));
    byTable.entrySet().stream()
        .limit(TABLES_NAMED)
        .forEach(each -> why.add("Not used: %s on %s.".formatted(each.getValue(), each.getKey())));
    if (byTable.size() > TABLES_NAMED) {
      why.add("And grants on %,d more tables.".formatted(byTable.size() - TABLES_NAMED));
    }
    return Optional.of(
        StaleCredentials.finding(
            use,
            "over-privileged",
            everything ? Severity.MEDIUM : Severity.LOW,
            everything
                ? "Its role %s is a superuser".formatted(grants.role())
                : "Wider than use: %,d of %,d grants used"
                    .formatted(granted.size() - unused.size(), granted.size()),
            why,
            use.lastSuccess().orElseThrow(),
            use.recent(),
            use.statements(),
            true));
  }
}
