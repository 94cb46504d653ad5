package dev.nestor.postgres.sql;

import dev.nestor.postgres.catalog.CatalogSnapshot;
import dev.nestor.postgres.catalog.Function;
import dev.nestor.postgres.catalog.Relation;
import dev.nestor.postgres.catalog.RelationName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Finds what names stand for, as a session's search path says.
final class NameLookup {
  private static final String SYSTEM_SCHEMA = "pg_catalog";
  private static final String TEMPORARY_SCHEMA = "pg_temp";

  private final CatalogSnapshot catalog;
  private final SessionNames session;
  private final List<String> path;

  NameLookup(CatalogSnapshot catalog, SessionNames session) {
    this.catalog = catalog;
    this.session = session;
    this.path = new ArrayList<>(session.searchPath().size() + 1);
    if (!session.searchPath().contains(SYSTEM_SCHEMA)) {
      path.add(SYSTEM_SCHEMA);
    }
    for (String schema : session.searchPath()) {
      path.add(schema.equals("$user") ? session.role() : schema);
    }
  }

  CatalogSnapshot catalog() {
    return catalog;
  }

  SessionNames session() {
    return session;
  }

  /// The relation that a name without a schema means.
  Optional<Relation> relation(String name) {
    if (!certain()) {
      return Optional.empty();
    }
    for (Relation temporary : session.temporary()) {
      if (temporary.name().name().equals(name)) {
        return Optional.of(temporary);
      }
    }
    for (String schema : path) {
      Optional<Relation> found = catalog.relation(schema, name);
      if (found.isPresent()) {
        return found;
      }
    }
    return Optional.empty();
  }

  Optional<Relation> relation(String schema, String name) {
    if (schema.equals(TEMPORARY_SCHEMA)) {
      return session.temporary().stream().filter(t -> t.name().name().equals(name)).findFirst();
    }
    return catalog.relation(schema, name);
  }

  /// The same lookup for a session in which one more statement or cursor has a name.
  NameLookup with(Facts facts) {
    Map<String, Facts> named = new HashMap<>();
    facts.names().forEach(name -> named.put(name, facts));
    return switch (facts.verb()) {
      case PREPARE -> new NameLookup(catalog, session.withNamed(named, Map.of()));
      case DECLARE -> new NameLookup(catalog, session.withNamed(Map.of(), named));
      default -> this;
    };
  }

  /// A relation in the session's temporary schema.
  static RelationName temporary(String name) {
    return new RelationName(TEMPORARY_SCHEMA, name);
  }

  static boolean isTemporary(String schema) {
    return schema.equals(TEMPORARY_SCHEMA);
  }

  /// Where a relation without a schema would be created.
  RelationName created(String name) {
    for (String schema : path) {
      if (!schema.equals(SYSTEM_SCHEMA) && catalog.hasSchema(schema)) {
        return new RelationName(schema, name);
      }
    }
    return new RelationName("", name);
  }

  /// Every function that a call could mean: which one it is depends on the types of its arguments.
  List<Function> functions(Optional<String> schema, String name) {
    List<Function> found = new ArrayList<>(2);
    for (Function function : catalog.functions(name)) {
      boolean reachable =
          schema.isPresent()
              ? function.schema().equals(schema.get())
              : path.contains(function.schema());
      if (reachable) {
        found.add(function);
      }
    }
    return found;
  }

  boolean certain() {
    return session.certainty() == SessionNames.Certainty.CERTAIN;
  }
}
