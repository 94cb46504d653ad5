package dev.nestor.policy;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Who asks.
///
/// @param kind whether a person or a script acts
/// @param issuer of the token, empty where there is none
/// @param subject stable identifier from the identity provider (the `sub` claim)
/// @param name for people to read
/// @param groups from the token
/// @param scopes from the token
/// @param actors subjects of those that act on each other's behalf, the outermost first, without
///   this caller
/// @param database that the client asked for
/// @param application as the client calls itself; decides nothing by itself
public record Caller(
    CallerKind kind,
    String issuer,
    String subject,
    String name,
    Set<String> groups,
    Set<String> scopes,
    List<String> actors,
    String database,
    String application) {
  /// Copies the collections.
  public Caller {
    groups = Set.copyOf(groups);
    scopes = Set.copyOf(scopes);
    actors = List.copyOf(actors);
  }

  /// The same caller with one more scope.
  public Caller withScope(String scope) {
    Set<String> more = new HashSet<>(scopes);
    more.add(scope);
    return new Caller(kind, issuer, subject, name, groups, more, actors, database, application);
  }

  /// A caller of whom only what rules mostly ask is known; for tests and `policy explain`.
  public static Caller of(CallerKind kind, String name, Set<String> groups, Set<String> scopes) {
    return new Caller(kind, "", name, name, groups, scopes, List.of(), "", "");
  }
}
