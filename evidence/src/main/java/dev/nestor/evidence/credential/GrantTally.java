package dev.nestor.evidence.credential;

import dev.nestor.evidence.archive.Entitlements;
import dev.nestor.evidence.archive.Entitlements.TablePrivilege;
import dev.nestor.evidence.archive.SessionCard;
import dev.nestor.evidence.archive.StatementFact;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Adds up which privileges the statements of a credential have needed. In doubt one counts as
/// used: that one was not used is what is claimed afterwards. Belongs to one thread.
final class GrantTally {
  private static final int USED_MAX = 100_000;
  private static final Map<String, List<String>> NEEDED =
      Map.of(
          "insert", List.of("INSERT", "SELECT"),
          "copy", List.of("INSERT"),
          "update", List.of("UPDATE", "SELECT"),
          "delete", List.of("DELETE", "SELECT"),
          "truncate", List.of("TRUNCATE"),
          "merge", List.of("INSERT", "UPDATE", "DELETE", "SELECT"));
  private static final List<String> ANY =
      List.of("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER");

  private final Set<String> roles = new HashSet<>();
  private final Set<TablePrivilege> used = new HashSet<>();
  private Optional<Entitlements> entitlements = Optional.empty();
  private String role = "";
  private long unknown;

  /// A session that was opened with the credential.
  void session(SessionCard session, List<Entitlements> snapshots) {
    if (roles.size() < 2) {
      roles.add(session.database() + " " + session.role());
      role = session.role();
    }
    snapshots.stream()
        .filter(each -> each.database().equals(session.database()))
        .reduce((_, later) -> later)
        .ifPresent(last -> entitlements = Optional.of(last));
  }

  /// A statement with it.
  void statement(StatementFact fact) {
    if (!fact.succeeded()) {
      return;
    }
    if (!fact.factsKnown() || used.size() >= USED_MAX) {
      unknown++;
      return;
    }
    fact.reads().forEach(relation -> used.add(new TablePrivilege(relation, "SELECT")));
    List<String> needed = NEEDED.getOrDefault(fact.verb(), ANY);
    for (String relation : fact.writes()) {
      needed.forEach(privilege -> used.add(new TablePrivilege(relation, privilege)));
      if (fact.verb().equals("insert")
          && fact.template().toLowerCase(Locale.ROOT).contains("do update")) {
        used.add(new TablePrivilege(relation, "UPDATE"));
      }
    }
  }

  GrantUse total() {
    return new GrantUse(roles.size() == 1 ? role : "", entitlements, used, unknown);
  }
}
