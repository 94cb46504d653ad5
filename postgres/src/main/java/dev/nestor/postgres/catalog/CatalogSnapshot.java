package dev.nestor.postgres.catalog;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What a database held at one moment.
public final class CatalogSnapshot {
  /// Holds PostgreSQL's own schemas, as of version 18, and no other.
  public static final CatalogSnapshot SYSTEM = builder().build();

  private final long epoch;
  private final Set<String> schemas;
  private final Map<String, Map<String, Relation>> relations;
  private final Map<Integer, Relation> byOid;
  private final Map<RelationName, List<Relation>> children;
  private final Map<String, List<Function>> functions;
  private final Map<Integer, Function> functionsByOid;
  private final Set<String> operators;

  private CatalogSnapshot(Builder builder) {
    this.epoch = builder.epoch;
    this.schemas = Set.copyOf(builder.schemas);
    this.relations = builder.relations;
    this.byOid = new HashMap<>();
    this.children = new HashMap<>();
    for (Map<String, Relation> schema : relations.values()) {
      for (Relation relation : schema.values()) {
        byOid.put(relation.oid(), relation);
        for (RelationName parent : relation.parents()) {
          children.computeIfAbsent(parent, _ -> new ArrayList<>()).add(relation);
        }
      }
    }
    this.functions = builder.functions;
    this.functionsByOid = new HashMap<>();
    functions.values().forEach(same -> same.forEach(f -> functionsByOid.put(f.oid(), f)));
    this.operators = Set.copyOf(builder.operators);
  }

  /// A builder that already holds PostgreSQL's own schemas, as of version 18.
  public static Builder builder() {
    Builder builder = new Builder();
    SystemCatalog.addTo(builder);
    return builder;
  }

  /// Which state of the catalog this is; 0 where nobody counts.
  public long epoch() {
    return epoch;
  }

  /// Whether there is such a schema.
  public boolean hasSchema(String schema) {
    return schemas.contains(schema);
  }

  /// The schemas, in no order.
  public Set<String> schemas() {
    return schemas;
  }

  /// The relation with this name.
  public Optional<Relation> relation(String schema, String name) {
    Map<String, Relation> inSchema = relations.get(schema);
    return inSchema == null ? Optional.empty() : Optional.ofNullable(inSchema.get(name));
  }

  /// The relation with this name.
  public Optional<Relation> relation(RelationName name) {
    return relation(name.schema(), name.name());
  }

  /// The relation with this object id.
  public Optional<Relation> relation(int oid) {
    return Optional.ofNullable(byOid.get(oid));
  }

  /// Every relation, schema by schema.
  public List<Relation> relations() {
    List<Relation> all = new ArrayList<>();
    relations.values().forEach(schema -> all.addAll(schema.values()));
    return all;
  }

  /// What inherits from a relation or is a partition of it, at any depth.
  public List<Relation> descendants(RelationName name) {
    List<Relation> direct = children.get(name);
    if (direct == null) {
      return List.of();
    }
    List<Relation> found = new ArrayList<>();
    Set<RelationName> seen = new HashSet<>(Set.of(name));
    Deque<Relation> todo = new ArrayDeque<>(direct);
    while (!todo.isEmpty()) {
      Relation next = todo.removeFirst();
      if (seen.add(next.name())) {
        found.add(next);
        todo.addAll(children.getOrDefault(next.name(), List.of()));
      }
    }
    return found;
  }

  /// What a relation inherits from or is a partition of, at any depth.
  public List<Relation> ancestors(Relation relation) {
    if (relation.parents().isEmpty()) {
      return List.of();
    }
    List<Relation> found = new ArrayList<>();
    Set<RelationName> seen = new HashSet<>(Set.of(relation.name()));
    Deque<RelationName> todo = new ArrayDeque<>(relation.parents());
    while (!todo.isEmpty()) {
      RelationName next = todo.removeFirst();
      if (seen.add(next)) {
        relation(next)
            .ifPresent(parent -> {
              found.add(parent);
              todo.addAll(parent.parents());
            });
      }
    }
    return found;
  }

  /// The functions of this name in every schema.
  public List<Function> functions(String name) {
    return functions.getOrDefault(name, List.of());
  }

  /// Every function.
  public List<Function> functions() {
    return functions.values().stream().flatMap(List::stream).toList();
  }

  /// The function with this object id, as a `FunctionCall` names it.
  public Optional<Function> function(int oid) {
    return Optional.ofNullable(functionsByOid.get(oid));
  }

  /// Whether an operator of this name was defined by anybody but PostgreSQL.
  public boolean hasUserOperator(String operator) {
    return operators.contains(operator);
  }

  /// The names of operators that somebody but PostgreSQL defined.
  public Set<String> userOperators() {
    return operators;
  }

  /// Collects what a catalog holds. Later relations take the place of earlier ones of the same
  /// name, so that what was read from a server wins over what version 18 would have.
  public static final class Builder {
    private long epoch;
    private final Set<String> schemas = new HashSet<>();
    private final Map<String, Map<String, Relation>> relations = new HashMap<>();
    private final Map<String, List<Function>> functions = new HashMap<>();
    private final Set<String> operators = new HashSet<>();

    private Builder() {}

    /// Which state of the catalog this is.
    public Builder epoch(long value) {
      this.epoch = value;
      return this;
    }

    /// Adds a schema.
    public Builder schema(String schema) {
      schemas.add(schema);
      return this;
    }

    /// Adds a relation, and its schema.
    public Builder relation(Relation relation) {
      schema(relation.name().schema());
      relations
          .computeIfAbsent(relation.name().schema(), _ -> new LinkedHashMap<>())
          .put(relation.name().name(), relation);
      return this;
    }

    /// Adds relations, and their schemas.
    public Builder relations(Collection<Relation> all) {
      all.forEach(this::relation);
      return this;
    }

    /// Adds a table whose columns are numbered from 1 and of type text; for tests and examples.
    public Builder table(String schema, String name, String... columns) {
      List<Column> list = new ArrayList<>();
      for (String column : columns) {
        list.add(new Column(list.size() + 1, column, 25));
      }
      return relation(Relation.table(new RelationName(schema, name), nextOid(), list));
    }

    /// Adds a view whose columns are numbered from 1 and of type text; for tests and examples.
    ///
    /// @param definition its query, with every name qualified
    public Builder view(String schema, String name, String definition, String... columns) {
      List<Column> list = new ArrayList<>();
      for (String column : columns) {
        list.add(new Column(list.size() + 1, column, 25));
      }
      return relation(
          new Relation(
              new RelationName(schema, name),
              nextOid(),
              RelationKind.VIEW,
              list,
              Optional.of(definition),
              List.of(),
              false));
    }

    private int nextOid() {
      int count = 0;
      for (Map<String, Relation> schema : relations.values()) {
        count += schema.size();
      }
      return 16384 + count;
    }

    /// Adds a function.
    public Builder function(Function function) {
      schema(function.schema());
      functions.computeIfAbsent(function.name(), _ -> new ArrayList<>()).add(function);
      return this;
    }

    /// Forgets functions of PostgreSQL's own, before those of a server are added.
    public Builder withoutSystemFunctions() {
      functions.values().forEach(same -> same.removeIf(f -> f.schema().equals("pg_catalog")));
      return this;
    }

    /// Adds the name of an operator that somebody but PostgreSQL defined.
    public Builder userOperator(String operator) {
      operators.add(operator);
      return this;
    }

    /// The snapshot; the builder must not be used any further.
    public CatalogSnapshot build() {
      return new CatalogSnapshot(this);
    }
  }
}
