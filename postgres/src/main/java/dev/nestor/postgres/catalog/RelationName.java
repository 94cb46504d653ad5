package dev.nestor.postgres.catalog;

/// Name of a relation with its schema, as the catalog spells it.
///
/// @param schema never empty in a catalog; empty where a statement left it out and it is not known
public record RelationName(String schema, String name) implements Comparable<RelationName> {

  /// Whether it lies in a schema that belongs to PostgreSQL itself.
  public boolean isSystem() {
    return schema.equals("pg_catalog")
        || schema.equals("information_schema")
        || schema.equals("pg_toast");
  }

  @Override
  public int compareTo(RelationName other) {
    int bySchema = schema.compareTo(other.schema);
    return bySchema != 0 ? bySchema : name.compareTo(other.name);
  }

  /// As policies write it: `schema.name`, or `name` alone where the schema is not known.
  @Override
  public String toString() {
    return schema.isEmpty() ? name : schema + "." + name;
  }
}
